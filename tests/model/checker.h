/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Feeds the engine with what passes the capture point and holds what it says against the simulated endpoints. */
#ifndef MODEL_CHECKER_H
#define MODEL_CHECKER_H

#include "sim.h"

enum { STREAMS_MAX = 64 };

enum violation_kind {
  VIOLATION_NONE = 0,
  VIOLATION_UNSOUND,   /* an endpoint is in a state that `possible` does not name */
  VIOLATION_OBSERVED,  /* certainty is observed, and the endpoint was not in the state displayed */
  VIOLATION_RULE,      /* a transition that no rule names, or a rule that names another */
  VIOLATION_PREVIOUS,  /* previous is not what was last said of the stream */
  VIOLATION_DISPLAYED, /* the state displayed is not possible, or the set is empty */
  VIOLATION_RANGE,     /* a value that the header does not know */
  VIOLATION_ERROR,     /* feed failed */
  VIOLATION_COUNTS,    /* connection and statistics do not add up */
  VIOLATION_BATCH,     /* feed_batch says something else */
  VIOLATION_KINDS
};

struct violation {
  unsigned kind;
  unsigned side;
  char text[256]; /* the same for the same fault, as far as can be told */
};

struct checker {
  tcpstate_tracker *tracker;
  tcpstate_annotation last;
  bool any;
  uint8_t role[SIDES];
  struct {
    uint32_t stream;
    uint32_t segments;
    uint8_t state[SIDES];
  } said[STREAMS_MAX];
  bool observed_due[SIDES]; /* the displayed state was called observed and has not been met yet */
  uint32_t fed;
  uint64_t set_size;
  uint64_t sets;
  uint64_t observed;
  struct violation violation;
};

bool checker_init(struct checker *checker);
void checker_free(struct checker *checker);
void checker_describe(tcpstate_segment *out, const struct segment *segment, int64_t now_ms);

/* A segment has passed the capture point: feeds it, checks the annotation. */
void checker_segment(struct checker *checker, const struct sim *sim, const struct segment *segment);

/* After every step: the endpoints as they are now against what was last said. */
void checker_point(struct checker *checker, const struct sim *sim);

/* At the end of a run. */
void checker_end(struct checker *checker);

bool annotations_agree(const tcpstate_annotation *a, const tcpstate_annotation *b);
void annotation_print(FILE *file, const tcpstate_annotation *annotation);
size_t set_text(unsigned set, char *buffer, size_t size);
const char *violation_name(unsigned kind);

#endif
