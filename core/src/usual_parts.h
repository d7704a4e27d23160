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
  IRRELEVANT_FACTS = EP_SYN | EP_TS | EP_HOLE
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

/* Would note_overdue() find a hole of endpoint `e`? As look_overdue(), for a segment that is no repetition. */
static inline bool usual_is_overdue(const struct flow *flow, unsigned e, int64_t now_ns)
{
  return seq_lt(flow->ep[e].una, flow->ep[e].nxt) &&
         now_ns - flow->last_ns > (int64_t)(look_patience_us(flow, 1 - e) + DELAYED_ACK_US) * 1000;
}

/* The server's first segment after the handshake, if this is one that only a synchronized endpoint sends: see
 * proves_ack_of_syn() in sender.c. */
static inline bool usual_proves_handshake(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  return !(flow->conn & FLOW_FAST_OPEN) && x != flow_client(flow) && endpoint_is(flow, x, EP_SYN) &&
         endpoint_is(flow, 1 - x, EP_SYN) &&
         (segment->payload_length || (segment->flags & TCPSTATE_FIN) || seq_gt(segment->ack, flow->isn[1 - x] + 1));
}

/* sender_synchronized() and possible_ordinary(): it has got the acknowledgement of its SYN. */
static inline void usual_complete_handshake(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  if (segment->ack == flow->ep[1 - x].nxt) {
    flow_sample_round_trip(flow, x, clock_us(segment->time_ns));
  }
  endpoint_set(flow, x, EP_SYNCED);
  flow->pending[x] = 0;
  flow->possible[x] = SET(ESTABLISHED);
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
