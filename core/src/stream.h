/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sequence space of one direction: how far it was sent, how far it passed without a hole, what was acknowledged. */
#ifndef TS_STREAM_H
#define TS_STREAM_H

#include "flow.h"
#include "slab.h"

enum { HOLE_BLOCKS = 4 };

/* Blocks that passed behind a hole, by endpoint; start == end where unused. When a fifth is needed, the farthest is
 * forgotten: then only the peer's acknowledgement can tell that the stream is whole again. */
struct holes {
  struct {
    uint32_t start;
    uint32_t end;
  } block[2][HOLE_BLOCKS];
  uint32_t since[2]; /* of a tangle, see tangle.c */
  uint32_t since_us[2];
  uint16_t doubts;
};

/* The record of the flow, made if there is none; NULL if there is no memory. */
struct holes *stream_record(struct flow *flow, struct slab *holes);

/* Gives the record back if nothing is in it. */
void stream_settle(struct flow *flow, struct slab *holes);

/* Takes [start, end) as sent by endpoint x: moves nxt and rcvd. Without memory for a hole record the hole stays until
 * it is acknowledged. */
void stream_take(struct flow *flow, struct slab *holes, unsigned x, uint32_t start, uint32_t end);

/* The peer has acknowledged x's stream up to `ack` (not beyond nxt). */
void stream_acknowledge(struct flow *flow, struct slab *holes, unsigned x, uint32_t ack);

/* Did a block of x's stream that ends at `end` pass behind a hole? */
bool stream_has_block(const struct flow *flow, const struct slab *holes, unsigned x, uint32_t end);

/* What passed behind holes counts no more. */
void stream_forget_blocks(struct flow *flow, struct slab *holes);

/* Gives the hole record back. */
void stream_forget_holes(struct flow *flow, struct slab *holes);

#endif
