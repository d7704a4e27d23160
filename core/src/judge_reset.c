/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RST: RFC 9293 3.5.2, 3.5.3, 3.10.7.3 second, 3.10.7.4 second; RFC 5961 3.2. */
#include "possible.h"

#include "seq.h"

/* 3.10.7.3: in SYN-SENT a RST counts only if it acknowledges the SYN. */
static bool refuses_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  return flag(look, TCPSTATE_ACK) &&
         (!endpoint_is(flow, look->y, EP_SYN) ||
          (seq_gt(look->segment->ack, flow->isn[look->y]) && seq_le(look->segment->ack, flow->ep[look->y].nxt)));
}

/* RFC 5961 3.2: exactly the next sequence number expected. What that is, is known within limits: all that passed
 * without a hole, or less if something was lost further on: the last acknowledgement. */
static bool hits_next(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t seq = look->segment->seq;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_SEEN) && (seq == flow_contiguous(flow, x) || seq == flow->ep[x].nxt)) {
    return true;
  }
  if (endpoint_is(flow, x, EP_FIN) && seq == flow->ep[x].nxt - 1 && state_in(look, look->y, SET_GOT_FIN)) {
    return true; /* sent by stacks that do not count their FIN */
  }
  return endpoint_is(flow, x, EP_UNA) && seq == flow->ep[x].una;
}

static bool start_unknown(const struct look *look)
{
  return !endpoint_is(look->flow, look->x, EP_SEEN) && !endpoint_is(look->flow, look->x, EP_UNA);
}

/* In SYN-SENT an unacceptable acknowledgement is answered with RST, and the state stays: figures 8 and 9. */
static bool answers_challenge(const struct look *look)
{
  return state_in(look, look->x, SET(SYN_SENT)) && endpoint_is(look->flow, look->x, EP_CHALLENGED | EP_STRAY_SYN) &&
         !flag(look, TCPSTATE_ACK);
}

static void leave(struct look *look)
{
  unsigned x = look->x;
  if (answers_challenge(look)) {
    return;
  }
  endpoint_set(look->flow, x, EP_RST);
  look_move(look, x, SENDS_RST);
  look->flow->possible[x] |= SET(CLOSED); /* a RST is easily forged: it proves nothing */
}

static void hit(struct look *look)
{
  unsigned y = look->y;
  look->reset = true;
  possible_pass(look, y, PENDING_RST);
  look_pass(look, y);
  if (endpoint_is(look->flow, y, EP_RST) || !state_in(look, y, ~(unsigned)(SET_NO_TCB))) {
    return;
  }
  endpoint_set(look->flow, y, EP_GOT_RST);
  bool opener = state_in(look, y, SET(SYN_RECEIVED)) && y == flow_client(look->flow);
  look_move(look, y, opener ? GETS_RST_AS_OPENER : GETS_RST);
}

static void name_reset(struct look *look, bool synchronized)
{
  if (!synchronized) {
    note(look, TCPSTATE_EVENT_ABORTED);
  } else if (flag(look, TCPSTATE_ACK)) {
    note(look, TCPSTATE_EVENT_ABORTED);
  } else {
    note(look, TCPSTATE_EVENT_HALF_OPEN); /* 3.5.2: no connection there, so the RST has no ACK */
  }
}

/* A RST while the receiver is in SYN-SENT. */
static void judge_refusal(struct look *look)
{
  if (!refuses_syn(look)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE);
    if (!flag(look, TCPSTATE_ACK) && state_in(look, look->x, SET_NO_TCB | SET(SYN_RECEIVED))) {
      look_move(look, look->x, SENDS_RST); /* it refuses, but in a form that the opener must ignore */
    }
    return;
  }
  look->flow->conn |= FLOW_REFUSED;
  note(look, TCPSTATE_EVENT_REFUSED);
  leave(look);
  look->flow->possible[look->x] = SET(CLOSED) | SET(LISTEN);
  hit(look);
}

void judge_reset(struct look *look)
{
  bool synchronized = state_in(look, look->x, SET_SYNCHRONIZED);
  if (state_in(look, look->y, SET(SYN_SENT)) && !endpoint_is(look->flow, look->y, EP_STRAY_SYN)) {
    judge_refusal(look);
    return;
  }
  if (endpoint_is(look->flow, look->y, EP_STRAY_SYN) && flag(look, TCPSTATE_ACK) && refuses_syn(look)) {
    judge_refusal(look);
    return;
  }
  if (!start_unknown(look) && !hits_next(look)) {
    note(look, TCPSTATE_EVENT_RESET_OUT_OF_WINDOW);
    return;
  }
  if (!look->over) {
    name_reset(look, synchronized);
  }
  hit(look);
  leave(look);
}
