/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "look.h"

#include "clock.h"
#include "seq.h"

enum {
  SHORTEST_TIMER_US = 190000, /* retransmission timers in use start at 200 ms */
  LATE_ARRIVAL_US = 120000000 /* MSL, RFC 9293 3.4.2 */
};

bool look_move(struct look *look, unsigned e, enum happening what)
{
  unsigned number = look->tracker->transitions.rule[what][look->flow->ep[e].state];
  if (number == TRANSITION_NONE) {
    return false;
  }
  look->flow->ep[e].state = (uint8_t)transition_to(number);
  look->rule[e] = (uint8_t)number;
  return true;
}

void look_show(struct look *look, unsigned e, unsigned state)
{
  if (look->flow->ep[e].state != state) {
    look->flow->ep[e].state = (uint8_t)state;
    look->rule[e] = (uint8_t)transition_shown(state);
  }
}

/* A duplicate acknowledgement reacts to what passed one round trip ago; anything else that arrives here within
 * about a round trip may have left before. */
static uint32_t patience_here_us(const struct look *look, unsigned e)
{
  uint32_t round_trip = look_round_trip_us(look->flow, e);
  if (look->reaction) {
    return round_trip + round_trip / 4;
  }
  uint32_t patience = look_patience_us(look->flow, e);
  return look->repeated && patience > SHORTEST_TIMER_US ? SHORTEST_TIMER_US : patience;
}

bool look_due(const struct look *look, unsigned e)
{
  return clock_since(look->now_us, look->flow->ep[e].moved_us) > patience_here_us(look, e);
}

bool look_overdue(const struct look *look, unsigned e)
{
  int64_t silence = look->now_ns - look->flow->last_ns;
  return silence > (int64_t)(patience_here_us(look, 1 - e) + DELAYED_ACK_US) * 1000 &&
         endpoint_is(look->flow, e, EP_UNA) && seq_lt(look->flow->ep[e].una, look->flow->ep[e].nxt);
}

bool look_long_due(const struct look *look, unsigned e)
{
  return clock_since(look->now_us, look->flow->ep[e].moved_us) > 4 * patience_here_us(look, e) + LATE_ARRIVAL_US;
}

bool look_quiet(const struct look *look, unsigned e)
{
  return look->now_ns - look->flow->last_ns > (int64_t)patience_here_us(look, e) * 1000;
}

void look_pass(struct look *look, unsigned e)
{
  look->flow->ep[e].moved_us = look->now_us;
}

void look_answered(struct look *look, unsigned e)
{
  flow_sample_round_trip(look->flow, e, look->now_us);
}

bool look_is_newer_stamp(const struct look *look)
{
  if (!(look->segment->facts & TCPSTATE_HAS_TIMESTAMP) || !endpoint_is(look->flow, look->x, EP_TS)) {
    return true; /* cannot be told */
  }
  return seq_gt(look->segment->ts_value, look->flow->ep[look->x].ts);
}

bool look_beyond_window(const struct look *look)
{
  const struct flow *flow = look->flow;
  if ((flow->conn & FLOW_MID_STREAM) || !endpoint_is(flow, look->x, EP_UNA) || !endpoint_is(flow, look->y, EP_SYNCED)) {
    return false;
  }
  return seq_gt(look->segment->seq, flow_edge(flow, look->y) + FULL_SEGMENT);
}

bool look_fin_passed(const struct look *look)
{
  const struct flow *flow = look->flow;
  return endpoint_is(flow, look->x, EP_FIN) && !endpoint_is(flow, look->x, EP_HOLE) &&
         seq_ge(flow_contiguous(flow, look->x), flow->ep[look->x].nxt);
}
