/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RFC 9293 3.10.7.4 first: would the receiver look at this segment at all? And what is left of it if not. */
#include "ordinary.h"

#include "possible.h"

#include "seq.h"
#include "tangle.h"

enum {
  OVERTAKEN_TICKS = 10000 /* of a time stamp clock, which ticks at most once a millisecond (RFC 7323 5.4) */
};

/* RFC 7323 5.3 R1. */
static bool fails_paws(const struct look *look)
{
  const struct flow *flow = look->flow;
  return (look->segment->facts & TCPSTATE_HAS_TIMESTAMP) && endpoint_is(flow, look->x, EP_TS) &&
         seq_lt(look->segment->ts_value, flow->ep[look->x].ts) && seq_gt(look->end, flow->ep[look->x].nxt);
}

/* RFC 5961 5: acknowledges what the peer never sent. More than the capture lost it can only be if even the window
 * that the sender offered forbids it, or if it lies beyond the peer's FIN. */
static bool impossible_ack(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t ack = look->segment->ack;
  if (!endpoint_is(flow, look->y, EP_SEEN) || seq_le(ack, flow->ep[look->y].nxt)) {
    return false;
  }
  if (endpoint_is(flow, look->y, EP_FIN) && !endpoint_is(flow, look->y, EP_FIN_UNSURE)) {
    return true;
  }
  return !(flow->conn & FLOW_MID_STREAM) && endpoint_is(flow, look->y, EP_UNA) &&
         seq_gt(ack, flow_edge(flow, look->x) + FULL_SEGMENT);
}

/* The receiver drops it, but a time stamp that is only a little older says that it was overtaken on its way: its
 * sender has closed. */
static void overtaken_fin(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  int32_t age = seq_diff(flow->ep[x].ts, look->segment->ts_value);
  if (!flag(look, TCPSTATE_FIN) || endpoint_is(flow, x, EP_FIN) || age > OVERTAKEN_TICKS) {
    return;
  }
  judge_fin(look);
  flow->ep[x].nxt = look->end;
}

/* The segment that carried the later time stamp may have been lost on its way: then this one is taken. */
static void may_be_taken(struct look *look)
{
  bool fin = flag(look, TCPSTATE_FIN);
  if (covers_fin(look)) {
    possible_pass(look, look->y, PENDING_ACK_OF_FIN | (fin ? PENDING_FIN_AND_ACK : 0u));
  } else if (fin) {
    possible_pass(look, look->y, PENDING_FIN);
  }
}

void may_have_closed(struct look *look)
{
  if (flag(look, TCPSTATE_FIN)) {
    struct flow *flow = look->flow;
    look->fin_doubtful = true;
    flow->ep[look->x].possible |= transitions_map(&look->tracker->transitions, flow->ep[look->x].possible, SENDS_FIN);
  }
}

/* Twice in a row far ahead means that the capture lost the part between, once may be anybody's. */
bool is_refused(struct look *look)
{
  bool ahead = look_beyond_window(look) || impossible_ack(look);
  if (fails_paws(look)) {
    note(look, TCPSTATE_EVENT_PAWS);
    overtaken_fin(look);
    may_be_taken(look);
    return true;
  }
  if (ahead && !endpoint_is(look->flow, look->x, EP_JUMP)) {
    endpoint_set(look->flow, look->x, EP_JUMP);
    may_have_closed(look);
    if (look->flow->ep[look->x].pending & PENDING_SYN) { /* a SYN that was repeated may have met a listener */
      tangle_begin(look);
    }
    note(look, TCPSTATE_EVENT_UNACCEPTABLE);
    return true;
  }
  endpoint_clear(look->flow, look->x, EP_JUMP);
  return false;
}
