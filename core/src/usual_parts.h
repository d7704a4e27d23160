/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the short ways have in common: conditions that the judges would find met, and what every segment leaves. */
#ifndef TS_USUAL_PARTS_H
#define TS_USUAL_PARTS_H

#include "history.h"
#include "look.h"
#include "ordinary.h"
#include "seq.h"
#include "standing.h"
#include "usual.h"

/* Relevant facts of an endpoint in an established connection of which nothing is in doubt. */
enum { USUAL_FACTS = EP_SEEN | EP_UNA | EP_SYNCED, IRRELEVANT_FACTS = EP_SYN | EP_TS };

/* Nothing is wrong with it, and its window is open. */
static ALWAYS_INLINE bool is_whole(const tcpstate_segment *segment)
{
  return LIKELY((segment->facts & USUAL_DEFECTS) == 0) && LIKELY(segment->window != 0);
}

static inline unsigned relevant_facts(const struct flow *flow, unsigned e)
{
  return flow->ep[e].facts & (0xffffu & ~(unsigned)IRRELEVANT_FACTS);
}

static inline void set_hole(struct flow *flow, unsigned e, bool hole)
{
  flow->ep[e].facts = (uint16_t)((flow->ep[e].facts & ~(unsigned)EP_HOLE) | (hole ? EP_HOLE : 0u));
}

/* Neither a hole record nor a second life. */
static inline bool is_simple(const struct flow *flow)
{
  return flow->holes == 0 && !flow->tangled;
}

/* look_is_newer_stamp() or the same stamp again, and not fails_paws(). */
static inline bool is_stamped_usually(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  if (!(segment->facts & TCPSTATE_HAS_TIMESTAMP)) {
    return true;
  }
  return endpoint_is(flow, x, EP_TS) && seq_ge(segment->ts_value, flow->ep[x].ts);
}

/* look_beyond_window(); `edge`: that of the receiver's window */
static inline bool is_in_window(const struct flow *flow, const tcpstate_segment *segment, uint32_t edge)
{
  return ((flow->conn & FLOW_MID_STREAM) != 0) | seq_le(segment->seq, edge + FULL_SEGMENT);
}

/* look_overdue() */
static inline bool is_overdue(const struct flow *flow, const tcpstate_segment *segment, unsigned e)
{
  int64_t patience_us = (int64_t)look_patience_us(flow, 1 - e) + DELAYED_ACK_US;
  return seq_lt(flow->ep[e].una, flow->ep[e].nxt) & (segment->time_ns - flow->last_ns > patience_us * 1000);
}

/* weigh_queue() in ESTABLISHED and CLOSE-WAIT, before the numbers move; `edge`: that of the receiver's window */
static inline bool is_surely_sent(const struct flow *flow, const tcpstate_segment *segment, unsigned x, uint32_t edge)
{
  /* as numbers: nobody can foresee which of them holds */
  unsigned busy = (flow->duplicates & (4u << x)) | (flow->conn & FLOW_MID_STREAM) |
                  (flow->ep[x].una ^ flow->ep[x].nxt) | segment->payload_length;
  return (busy == 0) & seq_ge(edge, flow->ep[x].nxt + FULL_SEGMENT);
}

static inline unsigned letter_of(const struct flow *flow, unsigned x, unsigned letter)
{
  return letter | (unsigned)(x == flow_client(flow)) * HISTORY_ORIGINATOR;
}

/* count(), but for the letters. */
static inline void count_usual(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  flow->ep[x].segments++;
  if (segment->time_ns > flow->last_ns) {
    flow->last_ns = segment->time_ns;
  }
}

static inline bool is_doubtful(const struct flow *flow, unsigned e)
{
  return (flow->conn & FLOW_MID_STREAM) && (flow->ep[e].possible & (flow->ep[e].possible - 1)) != 0;
}

#endif
