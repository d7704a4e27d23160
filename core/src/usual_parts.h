/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the short ways have in common. */
#ifndef TS_USUAL_PARTS_H
#define TS_USUAL_PARTS_H

#include "ordinary.h"
#include "seq.h"

enum {
  LARGEST_PAYLOAD = 1 << 24, /* far from where sequence numbers wrap */
  USUAL_FACTS = EP_SEEN | EP_UNA | EP_SYNCED,
  IRRELEVANT_FACTS = EP_SYN | EP_TS
};

/* Exactly these control flags, a window, a time, undamaged. */
static inline bool usual_is_plain(const tcpstate_segment *segment, unsigned flags)
{
  const unsigned control = TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK;
  const unsigned defects = TCPSTATE_BAD_CHECKSUM | TCPSTATE_NO_TIME | TCPSTATE_NO_WINDOW;
  return (segment->flags & control) == flags && (segment->facts & defects) == 0 && segment->window != 0 &&
         segment->payload_length < LARGEST_PAYLOAD;
}

static inline unsigned usual_facts(const struct flow *flow, unsigned e)
{
  return flow->facts[e] & 0xffffu & ~(unsigned)IRRELEVANT_FACTS;
}

static inline bool usual_is_stamped(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  if (!(segment->facts & TCPSTATE_HAS_TIMESTAMP)) {
    return true;
  }
  return endpoint_is(flow, x, EP_TS) && seq_ge(segment->ts_value, flow->ep[x].ts);
}

/* Would note_overdue() find a hole? As look_overdue(), for a segment that is no repetition. */
static inline bool usual_is_overdue(const struct flow *flow, int64_t now_ns)
{
  int64_t silence = now_ns - flow->last_ns;
  for (unsigned e = 0; e < 2; e++) {
    if (flow->ep[e].una != flow->ep[e].nxt &&
        silence > (int64_t)(look_patience_us(flow, 1 - e) + DELAYED_ACK_US) * 1000) {
      return true;
    }
  }
  return false;
}

/* Endpoint `e` moves by its row of the rule table. */
static inline void usual_move(struct look *look, unsigned e, enum happening what, unsigned to)
{
  look->rule[e] = look->tracker->transitions.rule[what][look->flow->state[e]];
  look->flow->state[e] = (uint8_t)to;
}

/* count(), commit_stamp(), and that its sender can be in this state only: what holds for every such segment. */
static inline void usual_count(struct look *look)
{
  struct flow *flow = look->flow;
  if (look->segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    flow->ep[look->x].ts = look->segment->ts_value;
  }
  look->departure = TCPSTATE_MASK(flow->state[look->x]);
  flow->win[look->x] = look->segment->window;
  flow->segments[look->x]++;
  if (look->now_ns > flow->last_ns) {
    flow->last_ns = look->now_ns;
  }
}

#endif
