/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Postures: what connections have in common. Everything that is kept of a connection but its own numbers, addresses and
 * times (where both ends stand, what was seen, what may be under way) takes a few hundred different values in a
 * capture. Each is kept once, and the connection keeps its number; and with each what usual segments make of it, as far
 * as that has been seen, see usual_step.h. */
#ifndef TS_POSTURE_H
#define TS_POSTURE_H

#include "compiler.h"
#include "memory.h"
#include "standing.h"

/* Numbers of no posture. */
enum {
  POSTURE_NONE = 0,     /* of a record that is free */
  POSTURE_WHOLE = 1,    /* the connection has an overflow record, with what a posture would hold */
  POSTURE_OVERFLOW = 2, /* of that record */
  POSTURE_FIRST = 3,
  POSTURE_MOST = 1 << 14 /* whoever has more of them keeps whole connections */
};

/* All that can be different, in words that are put together in registers. */
struct stance {
  uint64_t end[2];  /* standings; in the place of the windows: */
  uint64_t history; /* flow.history, and above it two bits for each flow.rst: enum stance_rst */
  uint64_t rest;    /* flow.bits without holes, and above it the domains of endpoint 0 and 1, 16 bits each */
};

/* In the place of the first window: scale, and above it conn. Of the second one: control_segments, and: */
enum {
  STANCE_RCVD_BITS = 2, /* each endpoint's rcvd, the first one's lowest: enum stance_rcvd */
  STANCE_RCVD = 0x0f,
  STANCE_HISTORY = 0x10, /* the record's extra is the place of the long history */
  STANCE_DOMAINS = 0x20  /* the record's extra is the domains */
};

/* What the record need not keep, since it is one of these. */
enum stance_rcvd { RCVD_ALL, RCVD_AS_PEER, RCVD_AS_PEER_BEFORE_FIN, RCVD_EXTRA };
enum stance_rst { RST_ZERO, RST_NXT_0, RST_NXT_1, RST_EXTRA };

/* Segments, as far as a posture tells them apart. Those without a control flag by the holes that they leave behind too:
 * a bit for each endpoint. */
enum step_kind { STEP_ACK = 0, STEP_DATA = 4, STEP_FIN = 8, STEP_SYN_ACK, STEP_SYN, STEP_NO_KIND, STEP_KINDS };

enum { TOLD_CLIENT_1 = 0x01 /* endpoint 1 is the client */, TOLD = 0x02 };

/* What is said of connections that end in this posture, worked out when it is first asked for: see connection.c. */
struct posture_told {
  uint32_t domain;   /* name */
  int8_t control[2]; /* of endpoint 0 and 1: SYN and FIN, as far as they count among the numbers it has used; -1: it has
                        sent nothing */
  uint8_t wraps[2];  /* of its numbers */
  uint8_t handshake_segments;
  uint8_t teardown_segments;
  uint8_t vantage_grounds;
  uint8_t flags;      /* 0: nothing is said yet */
  uint8_t said[2][8]; /* bytes of the record from ip_version to conn_state: with payload, and without */
  uint8_t rest[16];   /* those behind them: vantage and history, which has nine letters at most, see history.h */
};

struct posture {
  uint16_t step[2][STEP_KINDS]; /* by sender and kind of segment; 0 = none is known */
  uint8_t holes;                /* bit e: EP_HOLE */
  bool exchanges;               /* both endpoints are in ESTABLISHED */
  uint8_t unused[2];
  struct posture_told told;
  struct stance stance;
};

_Static_assert(sizeof(struct posture) == 128, "a posture takes two cache lines");

/* What a usual segment makes of a posture, and what is said of it. */
struct step {
  tcpstate_annotation said; /* but for stream, slot and how sure its sender is */
  uint32_t sign;            /* what the posture that follows depends on beside this one, see usual_step.c */
  uint16_t next;            /* the posture that follows */
  uint16_t flags;           /* enum step_flag */
  uint8_t way;              /* enum usual_way: what has to be looked at further */
  uint8_t shift;            /* flow_scale() of the receiver */
  uint16_t other;           /* number of a step of the same kind with another sign; 0 = none */
  uint8_t unused[64 - 12 - sizeof(tcpstate_annotation)];
};

_Static_assert(sizeof(struct step) == 64, "a step takes a cache line");

enum { STEP_MOST = UINT16_MAX, STEP_OTHERS = 8 /* of the same kind from the same posture */ };

struct postures {
  struct memory *memory;
  struct posture *at; /* each in cache lines of its own, and so are the steps */
  uint16_t *index;    /* of numbers, by hash of the stance: twice as many as there is room; 0 = empty */
  uint32_t room;      /* a power of two */
  uint32_t count;
  struct step *steps; /* the first one is none */
  uint32_t step_room;
  uint32_t step_count;
  uint64_t factor; /* odd and secret */
};

int postures_init(struct postures *postures, struct memory *memory, uint64_t secret);
void postures_clear(struct postures *postures);

/* The number of the stance, given to it if it has none; POSTURE_NONE if there are too many or no memory. */
uint16_t postures_find(struct postures *postures, const struct stance *stance);

/* Keeps a step of posture `from`, if there is room: in the place of one with the same sign, else beside the others of
 * its kind, or where these are many in the place of one. */
void postures_learn(struct postures *postures, unsigned from, unsigned x, enum step_kind kind, const struct step *step);

static ALWAYS_INLINE bool stance_equal(const struct stance *left, const struct stance *right)
{
  return ((left->end[0] ^ right->end[0]) | (left->end[1] ^ right->end[1]) | (left->history ^ right->history) |
          (left->rest ^ right->rest)) == 0;
}

static inline unsigned stance_state(const struct stance *stance, unsigned e)
{
  return (unsigned)(stance->end[e] >> STANDING_STATE) & 0xffu;
}

static inline unsigned stance_facts(const struct stance *stance, unsigned e)
{
  return (unsigned)(stance->end[e] >> STANDING_FACTS) & 0xffffu;
}

static inline unsigned stance_scale(const struct stance *stance)
{
  return (unsigned)(stance->end[0] >> STANDING_WIN) & 0xffu;
}

static inline unsigned stance_conn(const struct stance *stance)
{
  return (unsigned)(stance->end[0] >> (STANDING_WIN + 8)) & 0xffu;
}

static inline unsigned stance_control_segments(const struct stance *stance)
{
  return (unsigned)(stance->end[1] >> STANDING_WIN) & 0xffu;
}

static inline unsigned stance_extra(const struct stance *stance)
{
  return (unsigned)(stance->end[1] >> (STANDING_WIN + 8)) & 0xffu;
}

static inline uint32_t stance_domains(const struct stance *stance)
{
  return (uint32_t)(stance->rest >> 32);
}

#endif
