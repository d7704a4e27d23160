/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include "seq.h"

#include <string.h>

static struct holes *holes_of(const struct flow *flow, const struct slab *slab)
{
  return flow->holes ? slab_at(slab, flow->holes - 1) : NULL;
}

void stream_forget_holes(struct flow *flow, struct slab *slab)
{
  if (flow->holes) {
    slab_give(slab, flow->holes - 1);
    flow->holes = 0;
  }
}

struct holes *stream_record(struct flow *flow, struct slab *slab)
{
  uint32_t place;
  if (!flow->holes && slab_take(slab, &place) == TCPSTATE_OK) {
    flow->holes = (place + 1) & 0x7ffffu;
    if (flow->holes != place + 1) { /* more than fit */
      slab_give(slab, place);
      flow->holes = 0;
    }
  }
  return holes_of(flow, slab);
}

void stream_settle(struct flow *flow, struct slab *slab)
{
  const struct holes *holes = holes_of(flow, slab);
  bool left = flow->tangled != 0;
  for (unsigned i = 0; holes && i < 2 * HOLE_BLOCKS; i++) {
    left |= holes->block[i / HOLE_BLOCKS][i % HOLE_BLOCKS].start != holes->block[i / HOLE_BLOCKS][i % HOLE_BLOCKS].end;
  }
  if (!left) {
    stream_forget_holes(flow, slab);
  }
}

void stream_forget_blocks(struct flow *flow, struct slab *slab)
{
  struct holes *holes = holes_of(flow, slab);
  if (holes) {
    memset(holes->block, 0, sizeof holes->block);
    stream_settle(flow, slab);
  }
}

/* Adds [start, end) to the blocks of x, merged with what it touches. */
static void remember_block(struct holes *holes, unsigned x, uint32_t start, uint32_t end)
{
  unsigned free = HOLE_BLOCKS;
  unsigned farthest = 0;
  for (unsigned i = 0; i < HOLE_BLOCKS; i++) {
    if (holes->block[x][i].start == holes->block[x][i].end) {
      free = i;
      continue;
    }
    if (seq_le(holes->block[x][i].start, end) && seq_ge(holes->block[x][i].end, start)) {
      start = seq_min(start, holes->block[x][i].start);
      end = seq_max(end, holes->block[x][i].end);
      holes->block[x][i].end = holes->block[x][i].start; /* swallowed; what it linked to is found on the next round */
      free = i;
      continue;
    }
    if (seq_gt(holes->block[x][i].start, holes->block[x][farthest].start)) {
      farthest = i;
    }
  }
  if (free == HOLE_BLOCKS) {
    free = farthest;
  }
  holes->block[x][free].start = start;
  holes->block[x][free].end = end;
}

/* Moves rcvd over every block it has reached. */
static void swallow_blocks(struct flow *flow, struct slab *slab, unsigned x)
{
  struct holes *holes = holes_of(flow, slab);
  for (unsigned round = 0; holes && round < HOLE_BLOCKS; round++) {
    for (unsigned i = 0; i < HOLE_BLOCKS; i++) {
      if (holes->block[x][i].start != holes->block[x][i].end && seq_le(holes->block[x][i].start, flow->ep[x].rcvd)) {
        flow->ep[x].rcvd = seq_max(flow->ep[x].rcvd, holes->block[x][i].end);
        holes->block[x][i].end = holes->block[x][i].start;
      }
    }
  }
  stream_settle(flow, slab);
}

/* nxt passes the ISN once in 4 GiB. */
static void count_wrap(struct flow *flow, unsigned x, uint32_t nxt)
{
  uint32_t before = flow->ep[x].nxt - flow->ep[x].isn;
  if (nxt - flow->ep[x].isn < before && flow_wraps(flow, x) < 15) {
    flow->wraps = (uint8_t)(flow->wraps + (1u << (4 * x)));
  }
}

void stream_take(struct flow *flow, struct slab *slab, unsigned x, uint32_t start, uint32_t end)
{
  struct endpoint *ep = &flow->ep[x];
  if (!endpoint_is(flow, x, EP_SEEN)) {
    endpoint_set(flow, x, EP_SEEN);
    ep->nxt = ep->rcvd = end;
    return;
  }
  if (start == end || endpoint_is(flow, x, EP_FIN_ACKED)) {
    return;
  }
  count_wrap(flow, x, seq_max(ep->nxt, end));
  ep->nxt = seq_max(ep->nxt, end);
  if (seq_le(end, ep->rcvd)) {
    return;
  }
  if (seq_le(start, ep->rcvd)) {
    ep->rcvd = end;
    if (flow->holes) {
      swallow_blocks(flow, slab, x);
    }
    return;
  }
  struct holes *holes = stream_record(flow, slab);
  if (holes) {
    remember_block(holes, x, start, end);
  }
}

void stream_acknowledge(struct flow *flow, struct slab *slab, unsigned x, uint32_t ack)
{
  struct endpoint *ep = &flow->ep[x];
  if (!endpoint_is(flow, x, EP_UNA)) {
    endpoint_set(flow, x, EP_UNA);
    ep->una = ack;
  }
  ep->una = seq_max(ep->una, ack);
  if (!endpoint_is(flow, x, EP_FIN_ACKED) && seq_gt(ack, ep->rcvd)) {
    ep->rcvd = ack;
    if (flow->holes) {
      swallow_blocks(flow, slab, x);
    }
  }
}

bool stream_has_block(const struct flow *flow, const struct slab *slab, unsigned x, uint32_t end)
{
  const struct holes *holes = holes_of(flow, slab);
  for (unsigned i = 0; holes && i < HOLE_BLOCKS; i++) {
    if (holes->block[x][i].start != holes->block[x][i].end && holes->block[x][i].end == end) {
      return true;
    }
  }
  return false;
}
