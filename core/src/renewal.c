/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "renewal.h"

#include "seq.h"

enum { REACH = 1 << 17 }; /* how far numbers of one connection are from each other at its end */

static const int64_t IDLE_TIMEOUT_NS = INT64_C(7440) * 1000000000; /* RFC 5382 REQ-5: 2 hours 4 minutes */

static bool timed_out(const struct look *look)
{
  return look->now_ns - look->flow->last_ns > IDLE_TIMEOUT_NS;
}

/* RFC 9293 3.6.1 and RFC 6191: a SYN ends TIME-WAIT if its number or its time stamp is higher. */
static bool is_later(const struct look *look, uint32_t than)
{
  bool stamped = (look->segment->facts & TCPSTATE_HAS_TIMESTAMP) && endpoint_is(look->flow, look->x, EP_TS);
  return seq_gt(look->segment->seq, than) || (stamped && seq_gt(look->segment->ts_value, look->flow->ep[look->x].ts));
}

/* The same number again: a retransmission, unless the attempt before it was refused. */
static bool new_attempt(const struct look *look)
{
  return state_in(look, look->x, SET_NO_TCB) && endpoint_is(look->flow, look->x, EP_GOT_RST) &&
         !endpoint_is(look->flow, look->x, EP_SYNCED) && look_is_newer_stamp(look);
}

static bool syn_starts_anew(const struct look *look)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_SYN) && flow->ep[x].isn == look->segment->seq) {
    return new_attempt(look) || (timed_out(look) && look->over);
  }
  if (state_in(look, look->y, SET(TIME_WAIT))) { /* nobody listens where the connection was opened from */
    return !flow_is_opener(flow, look->y) && is_later(look, flow->ep[x].nxt);
  }
  if (state_in(look, x, SET_NO_TCB | SET(UNKNOWN)) || timed_out(look)) {
    return true;
  }
  if (state_in(look, x, SET(TIME_WAIT))) {
    return is_later(look, flow->ep[x].nxt);
  }
  if (endpoint_is(flow, x, EP_STRAY_SYN) || endpoint_is(flow, look->y, EP_RST)) {
    return state_in(look, look->y, SET_NO_TCB);
  }
  if (!endpoint_is(flow, look->y, EP_SEEN) && endpoint_is(flow, x, EP_SYNCED)) {
    return endpoint_is(flow, x, EP_FIN); /* one direction only: nothing of the old one can be told */
  }
  /* an attempt that never got anywhere; a lower number is an old duplicate (figure 8) */
  return endpoint_is(flow, x, EP_SYN) && flow_is_opener(flow, x) && !endpoint_is(flow, x, EP_SYNCED) &&
         is_later(look, flow->ep[x].isn);
}

static bool syn_ack_starts_anew(const struct look *look)
{
  const struct flow *flow = look->flow;
  bool same = endpoint_is(flow, look->x, EP_SYN) && flow->ep[look->x].isn == look->segment->seq;
  bool answers = endpoint_is(flow, look->y, EP_SYN) && look->segment->ack == flow->ep[look->y].isn + 1;
  if (same || answers) {
    return false;
  }
  bool alone = !endpoint_is(flow, look->y, EP_SEEN) && endpoint_is(flow, look->x, EP_SYNCED);
  return look->over || alone || endpoint_is(flow, look->y, EP_STRAY_SYN) || timed_out(look);
}

static bool far_away(uint32_t number, uint32_t from)
{
  return seq_gt(number, from + REACH) || seq_lt(number, from - REACH);
}

/* Numbers that the connection which is over cannot have used: the start of the next one was not captured. */
static bool ordinary_starts_anew(const struct look *look)
{
  const struct flow *flow = look->flow;
  if (!look->over || !flag(look, TCPSTATE_ACK)) {
    return false;
  }
  if (state_in(look, look->x, SET(UNKNOWN)) || !endpoint_is(flow, look->x, EP_SEEN | EP_UNA)) {
    return true;
  }
  bool beyond = endpoint_is(flow, 0, EP_FIN) && endpoint_is(flow, 1, EP_FIN) &&
                seq_gt(look->segment->seq, flow->ep[look->x].nxt) && seq_gt(look->segment->ack, flow->ep[look->y].nxt);
  return beyond ||
         (far_away(look->segment->seq, flow->ep[look->x].nxt) && far_away(look->segment->ack, flow->ep[look->y].nxt));
}

bool starts_anew(const struct look *look)
{
  unsigned kind = look->segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK | TCPSTATE_RST);
  if (kind & TCPSTATE_RST) {
    return false;
  }
  if (kind == TCPSTATE_SYN) {
    return syn_starts_anew(look);
  }
  return kind & TCPSTATE_SYN ? syn_ack_starts_anew(look) : ordinary_starts_anew(look);
}
