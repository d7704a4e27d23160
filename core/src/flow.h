/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is known of one connection, as the judges see it; record.h says how it is kept.
 *
 * The two endpoints are numbered 0 and 1 by the order of the flow key, not by role: which one is the client is
 * one bit that better evidence may flip. Everything about a direction is written once, for (sender, receiver). */
#ifndef TS_FLOW_H
#define TS_FLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <tcpstate/tcpstate.h>

/* What the wire has shown of one endpoint. */
enum endpoint_fact {
  EP_SEEN = 0x0001,       /* it has sent something: nxt is valid */
  EP_SYN = 0x0002,        /* its SYN was seen or is known from the peer's acknowledgement: isn is valid */
  EP_UNA = 0x0004,        /* the peer has acknowledged something of it: una is valid */
  EP_FIN = 0x0008,        /* its FIN was seen; nxt is the number after it and moves no more */
  EP_FIN_ACKED = 0x0010,  /* an acknowledgement of its FIN has passed */
  EP_SYNCED = 0x0020,     /* it has proven to be past SYN-SENT and SYN-RECEIVED */
  EP_GOT_FIN = 0x0040,    /* it has acknowledged the peer's FIN */
  EP_RST = 0x0080,        /* it has sent a RST that was taken for its own */
  EP_GOT_RST = 0x0100,    /* a RST that it would accept has passed on to it */
  EP_HOLE = 0x0200,       /* its peer shows that una has not arrived, though it passed: what follows waits */
  EP_JUMP = 0x0400,       /* its last segment was far ahead of everything known */
  EP_STRAY_SYN = 0x0800,  /* it sent a SYN into a synchronized connection: see shadow states */
  EP_TS = 0x1000,         /* ts is valid */
  EP_GAP = 0x2000,        /* something of it was acknowledged that the capture lacks */
  EP_CHALLENGED = 0x4000, /* it was sent an acknowledgement that it must refuse (half-open discovery) */
  EP_FIN_UNSURE = 0x8000  /* its FIN came ahead of a hole and nothing has confirmed it yet */
};

/* What every segment is measured by. */
struct numbers {
  uint32_t nxt;      /* SND.NXT as far as seen: one past the highest sequence number sent */
  uint32_t una;      /* SND.UNA: highest acknowledgement that the peer has sent */
  uint32_t ts;       /* highest in-order time stamp value: the peer's TS.Recent, RFC 7323 4.3 */
  uint32_t moved_us; /* when something that moves the endpoint passed on to it, microseconds modulo 2^32 */
};

struct endpoint {
  union {
    struct numbers numbers;
    struct {
      uint32_t nxt, una, ts, moved_us; /* the same */
    };
  };
  uint32_t rcvd; /* how far its stream passed the capture point without a hole; after its FIN was acknowledged:
                    the peer's nxt at that moment, see possible.c */
  uint32_t isn;
  uint32_t segments; /* that it has sent */
  uint16_t facts;    /* enum endpoint_fact */
  uint16_t possible; /* set of states */
  uint8_t state;
  uint8_t pending; /* enum flow_pending */
  uint16_t win;    /* last window that it offered, unscaled */
};

/* Connection-wide facts. */
enum flow_fact {
  FLOW_CLIENT_1 = 0x01,     /* endpoint 1 is the client */
  FLOW_INFERRED = 0x02,     /* the roles are inferred */
  FLOW_MID_STREAM = 0x04,   /* the start was not captured */
  FLOW_FAST_OPEN = 0x08,    /* data on the SYN was accepted */
  FLOW_SIMULTANEOUS = 0x10, /* simultaneous close */
  FLOW_FIRST_FIN_1 = 0x20,  /* endpoint 1 sent the first FIN */
  FLOW_REFUSED = 0x40,      /* the SYN was refused */
  FLOW_IPV6 = 0x80
};

/* Segments on their way to an endpoint, of which nothing shows yet whether they arrived. */
enum flow_pending {
  PENDING_SYN = 0x01,
  PENDING_SYN_ACK = 0x02,
  PENDING_ACK_OF_SYN = 0x04,
  PENDING_FIN = 0x08, /* a FIN that does not acknowledge the endpoint's FIN */
  PENDING_ACK_OF_FIN = 0x10,
  PENDING_FIN_AND_ACK = 0x20, /* a FIN that does */
  PENDING_RST = 0x40,
  PENDING_ALL = 0x7f,
  PENDING_PROBE = 0x80 /* a keep-alive probe, for the events only */
};

/* IPv4: both addresses. IPv6: place of the addresses in the table's pool, and 0. */
struct flow_ends {
  uint32_t address[2];
  uint16_t port[2];
};

_Static_assert(sizeof(struct flow_ends) == 12, "compared in two words that overlap");

struct flow_key {
  struct flow_ends ends;
  uint16_t domain[2]; /* of the segments that endpoint 0 and 1 send; 0 = not seen yet */
};

struct flow {
  struct flow_key key;
  struct endpoint ep[2];
  uint64_t history; /* Zeek's letters, see history.c */
  uint32_t
      rst[2]; /* of the responder and of the originator: the number of the last RST, 0 if there is a long history */
  int64_t first_ns;
  int64_t last_ns;
  uint32_t stream;
  union {
    struct {
      uint32_t holes : 19;        /* 1 + place of the hole records, 0 = no holes */
      uint32_t tangled : 2;       /* bit e: segments of two lives of endpoint e may be under way, see tangle.h */
      uint32_t syn_ack_timed : 1; /* its SYN-ACK answers the only SYN seen; then: vantage is from headers */
      uint32_t vantage : 2;       /* enum tcpstate_vantage; until the SYN-ACK: see vantage.c */
      uint32_t wraps : 8;         /* how often nxt came round to the ISN: 4 bits each, saturating */
    };
    uint32_t bits; /* all of them */
  };
  uint16_t rtt[2];          /* from the capture point to the endpoint and back, see clock.h */
  uint8_t scale;            /* window shifts, 4 bits each; 15 = no option */
  uint8_t conn;             /* enum flow_fact */
  uint8_t control_segments; /* of the handshake (bits 0-2) and the teardown (bits 3-5), saturating at 7;
                               bit 6 + e: e sent data after it had acknowledged the peer's FIN */
  uint8_t duplicates;       /* bit e: the last segment of endpoint e was a bare duplicate acknowledgement;
                               bit 2 + e: its last data may have filled a segment; bit 4 + e: it has repeated its FIN;
                               bit 6 + e: it opened actively although it is called the server */
};

_Static_assert(sizeof(struct flow) == 136, "nothing of it is padding");

static inline unsigned flow_client(const struct flow *flow)
{
  return (flow->conn & FLOW_CLIENT_1) ? 1u : 0u;
}

/* Did `endpoint` open actively? (Both do in a simultaneous open.) */
static inline bool flow_is_opener(const struct flow *flow, unsigned endpoint)
{
  return endpoint == flow_client(flow) || (flow->duplicates & (64u << endpoint));
}

static inline unsigned flow_handshake_segments(const struct flow *flow)
{
  return flow->control_segments & 7u;
}

static inline unsigned flow_teardown_segments(const struct flow *flow)
{
  return (flow->control_segments >> 3) & 7u;
}

static inline bool endpoint_is(const struct flow *flow, unsigned endpoint, unsigned fact)
{
  return (flow->ep[endpoint].facts & fact) != 0;
}

static inline void endpoint_set(struct flow *flow, unsigned endpoint, unsigned fact)
{
  flow->ep[endpoint].facts = (uint16_t)(flow->ep[endpoint].facts | fact);
}

static inline void endpoint_clear(struct flow *flow, unsigned endpoint, unsigned fact)
{
  flow->ep[endpoint].facts = (uint16_t)(flow->ep[endpoint].facts & ~fact);
}

static inline unsigned flow_wraps(const struct flow *flow, unsigned endpoint)
{
  return (flow->wraps >> (4 * endpoint)) & 15u;
}

/* Shift of the window that `endpoint` offers, 0 unless both sides sent the option (RFC 7323 2.2). */
static inline unsigned flow_scale(const struct flow *flow, unsigned endpoint)
{
  unsigned scale = flow->scale;
  bool lacks = scale >= 0xf0u || (scale & 0x0fu) == 0x0fu;
  return lacks ? 0 : (scale >> (4 * endpoint)) & 15u;
}

static inline void flow_set_scale(struct flow *flow, unsigned endpoint, unsigned shift)
{
  unsigned keep = flow->scale & (15u << (4 * (1 - endpoint)));
  flow->scale = (uint8_t)(keep | (shift << (4 * endpoint)));
}

/* The first sequence number that `endpoint` will not take of its peer: right edge of the window it offered. */
static inline uint32_t flow_edge(const struct flow *flow, unsigned endpoint)
{
  return flow->ep[1 - endpoint].una + ((uint32_t)flow->ep[endpoint].win << flow_scale(flow, endpoint));
}

/* How far the stream of `endpoint` has passed without a hole. */
static inline uint32_t flow_contiguous(const struct flow *flow, unsigned endpoint)
{
  return endpoint_is(flow, endpoint, EP_FIN_ACKED) ? flow->ep[endpoint].nxt : flow->ep[endpoint].rcvd;
}

#endif
