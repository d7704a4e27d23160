/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The shortest way. What a usual segment does to a connection depends on the posture and on a few comparisons of
 * numbers. Each time that a usual way (usual.h) was taken, its result is kept as a step from the one posture to the
 * other; when the same kind of segment meets the same posture again and the numbers compare as they did, the step is
 * taken, on the record as it lies. Nothing is decided here: what has not been seen is not known. */
#ifndef TS_USUAL_STEP_H
#define TS_USUAL_STEP_H

#include "usual.h"

enum step_flag {
  STEP_FIN_BIT = 0x01,    /* takes a sequence number */
  STEP_LAGS = 0x02,       /* may acknowledge less than what has passed */
  STEP_MOVES = 0x04,      /* moves the receiver, even without data */
  STEP_FIRST_ACK = 0x08,  /* the first acknowledgement of its sender */
  STEP_STAMPED = 0x10,    /* may have a time stamp: the sender's last one is known */
  STEP_ANY_WINDOW = 0x20, /* the window is not known */
  STEP_ASKS = 0x40,       /* whether its sender is sure to be in that state the numbers say */
  STEP_FURTHER = 0x80,    /* there is more to look at: by its way */
  STEP_JUDGES = 0x100     /* the vantage point may be told from it */
};

/* Where the posture of what is likely lies: it is needed next. */
static ALWAYS_INLINE void usual_step_prefetch(const struct postures *postures, const struct lookup *lookup)
{
  unsigned posture = lookup->likely ? lookup->likely->posture : POSTURE_NONE;
  PREFETCH(&postures->at[posture]);
}

/* Takes the segments one after the other as long as what was fetched ahead is their flow and a step is known, and
 * returns how many it has taken. Of the next one, `likely` is the flow then, or NULL. */
HOT size_t usual_steps(const struct tcpstate_tracker *tracker, const tcpstate_segment *segments, struct lookup *lookups,
                       size_t count, tcpstate_annotation *annotations);

/* The same where nothing is to be said of them. */
HOT size_t usual_steps_unsaid(const struct tcpstate_tracker *tracker, const tcpstate_segment *segments,
                              struct lookup *lookups, size_t count);

/* One of them, of the flow at `place`. */
bool usual_step(const struct tcpstate_tracker *tracker, const tcpstate_segment *segment, uint32_t place, unsigned x,
                tcpstate_annotation *annotation);

/* The first segment of a connection: the record is new. */
bool usual_step_open(struct tcpstate_tracker *tracker, const tcpstate_segment *segment, uint32_t place, unsigned x,
                     tcpstate_annotation *annotation);

/* A step that was seen. */
struct sight {
  struct step step;
  unsigned from;
  enum step_kind kind; /* STEP_NO_KIND: nothing to be learned from it */
};

/* Before the flow is stored: `way` has been taken from the record as it lies, and this was said. */
void usual_step_see(const struct usual *usual, enum usual_way way, const tcpstate_annotation *annotation,
                    struct sight *sight);

/* After it was stored. */
void usual_step_learn(const struct usual *usual, struct sight *sight);

#endif
