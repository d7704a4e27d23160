/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two endpoints, the network between them with its capture point, and the steps that drive them. Everything that
 * happens is a step, and a step means the same whenever the steps before it were the same: a list of steps is a run. */
#ifndef MODEL_SIM_H
#define MODEL_SIM_H

#include "tcb.h"
#include <stdio.h>

enum { SIDES = 2, LEGS = 2, LEG_MAX = 24, GHOST_MAX = 4, HISTORY_MAX = 64 };

enum op {
  OP_OPEN = 0, /* active OPEN */
  OP_LISTEN,   /* passive OPEN */
  OP_SEND,     /* argument: bytes */
  OP_RECEIVE,  /* argument: bytes */
  OP_CLOSE,    /* and reads no more */
  OP_SHUTDOWN, /* CLOSE of RFC 9293: still reads */
  OP_ABORT,
  OP_CRASH,      /* forgets everything, says nothing */
  OP_GIVE_UP,    /* user timeout */
  OP_RETRANSMIT, /* argument: bytes, 0 = a segment's worth */
  OP_PROBE,      /* keep-alive or window probe; argument: bytes of a keep-alive */
  OP_ACK,        /* the delayed acknowledgment is due */
  OP_PASS,       /* argument: place in the queue; a segment passes the capture point */
  OP_LOSE,       /* ... is lost before it */
  OP_DOUBLE,     /* ... is doubled before it */
  OP_DELIVER,    /* a segment arrives */
  OP_LOSE_LATE,  /* ... is lost behind the capture point */
  OP_DOUBLE_LATE,
  OP_REPLAY, /* argument: how many segments back; an old duplicate turns up before the capture point */
  OP_BUFFER, /* options, for the connections to come */
  OP_MSS,
  OP_ISN,
  OP_TIMESTAMPS,
  OP_SCALE, /* 0 = no scaling, else shift + 1 */
  OP_VARIANTS,
  OP_WAIT,     /* argument: milliseconds; side is nothing */
  OP_CAPTURE,  /* argument: 1 on, 0 off; side is nothing */
  OP_LIFETIME, /* argument: milliseconds that a segment lasts at most; side is nothing */
  OP_COUNT
};

struct step {
  uint8_t op;
  uint8_t side;
  uint32_t argument;
};

/* An endpoint as it is, and as it would be had it not done what no segment has shown yet: ghost[0] lacks all of that,
 * ghost[1] lacks all but the first unseen doing, and so on. All of them hear what arrives; only `now` speaks. */
struct endpoint {
  struct tcb now;
  struct tcb ghost[GHOST_MAX];
  uint32_t ghost_epoch[GHOST_MAX];
  uint32_t epoch;
  uint32_t closed_epoch; /* the one that began with the last local deletion of the TCB */
  unsigned ghosts;
  struct options options;
};

struct leg {
  struct segment segment[LEG_MAX];
  unsigned count;
};

struct sim {
  struct endpoint end[SIDES];
  struct leg leg[SIDES][LEGS]; /* by sender; before and behind the capture point */
  int64_t now_ms;
  int64_t lifetime_ms;
  int64_t tick_ms; /* how long a segment keeps the capture point busy */
  uint32_t sent;   /* segments */
  uint32_t passed;
  uint32_t arrived;
  uint32_t lost;
  bool capturing;
  bool unwatched; /* a segment has passed the capture point while nobody watched */
  bool watched;   /* ... while it was watched */
  bool something_passed;
};

/* What a step did, for those who watch. */
struct outcome {
  bool done;     /* false: it was not possible, nothing has changed */
  bool captured; /* `segment` passed the capture point while it was watched */
  const struct segment *segment;
};

/* Segments that were sent, for OP_REPLAY. Kept apart so that struct sim stays small. */
struct history {
  struct segment segment[HISTORY_MAX];
  uint32_t count;
};

void sim_init(struct sim *sim);

/* `history` may be NULL: then nothing can be replayed. `passed` receives the segment that passed. */
struct outcome sim_step(struct sim *sim, struct history *history, const struct step *step, struct segment *passed);

/* endpoint.c */
void endpoint_init(struct endpoint *end);
bool endpoint_call(struct endpoint *end, const struct context *context, const struct step *step, bool virgin);
void endpoint_arrives(struct endpoint *end, const struct context *context, const struct segment *segment);
void endpoint_clock(struct endpoint *end, int64_t now_ms);
void endpoint_shows(struct endpoint *end, const struct segment *segment);
unsigned endpoint_true(const struct endpoint *end);
/* The state as it would be without what no segment has shown. */
unsigned endpoint_shown(const struct endpoint *end);
/* Every state that may rightly be said of the endpoint: a set, see TCPSTATE_MASK. */
unsigned endpoint_fair(const struct endpoint *end);
/* How far into its own doings a segment that the endpoint sends now lets one see. */
uint32_t endpoint_epoch(const struct endpoint *end, const struct segment *segment);

/* script.c */
void step_print(FILE *file, const struct step *step);
bool step_parse(const char *line, struct step *step);
void segment_print(FILE *file, const struct segment *segment);

#endif
