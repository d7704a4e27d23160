/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RST: RFC 9293 3.5.2, 3.5.3, 3.10.7.3 second, 3.10.7.4 second; RFC 5961 3.2. */
#include "possible.h"

#include "seq.h"
#include "stream.h"

enum { NEAR = 1 << 20 }; /* numbers that a connection may be using itself */

/* 3.10.7.3: in SYN-SENT a RST counts only if it acknowledges the SYN. */
static bool refuses_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  return flag(look, TCPSTATE_ACK) &&
         (!endpoint_is(flow, look->y, EP_SYN) ||
          (seq_gt(look->segment->ack, flow->ep[look->y].isn) && seq_le(look->segment->ack, flow->ep[look->y].nxt)));
}

/* The number of a SYN that would not fit the connection is not kept. */
static bool refuses_other_syn(const struct look *look)
{
  return flag(look, TCPSTATE_ACK) && possible_other_syn(look, look->y);
}

/* In SYN-SENT an unacceptable acknowledgement is answered with RST, and the state stays: figures 8 and 9. */
static bool answers_challenge(const struct look *look)
{
  return state_in(look, look->x, SET(SYN_SENT)) && endpoint_is(look->flow, look->x, EP_CHALLENGED | EP_STRAY_SYN) &&
         !flag(look, TCPSTATE_ACK);
}

/* RFC 5961 3.2: exactly the next sequence number expected, which is all that passed without a hole, or where the
 * receiver has shown one. */
static bool hits_next(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t seq = look->segment->seq;
  unsigned x = look->x;
  if (!endpoint_is(flow, x, EP_SEEN) || answers_challenge(look)) {
    return endpoint_is(flow, x, EP_UNA) && seq == flow->ep[x].una;
  }
  if (endpoint_is(flow, x, EP_FIN) && seq == flow->ep[x].nxt - 1 &&
      state_in(look, look->y, SET(CLOSE_WAIT) | SET(CLOSING) | SET(LAST_ACK))) {
    return true; /* sent by stacks that do not count their FIN */
  }
  if (state_in(look, look->y, SET(SYN_RECEIVED)) && endpoint_is(flow, x, EP_SYN) && seq == flow->ep[x].isn + 1) {
    return true; /* an old duplicate of the SYN had reached a listener, figure 8 */
  }
  if (seq == (endpoint_is(flow, x, EP_HOLE) ? flow->ep[x].una : flow_contiguous(flow, x))) {
    return true;
  }
  /* stacks that keep what lies behind a hole take its end too; one that is only waiting for a FIN takes any in window
   */
  bool keeps = stream_has_block(flow, &look->tracker->holes, x, seq) || (flow->duplicates & (1u << look->y));
  return seq == flow->ep[x].nxt && (state_in(look, look->y, SET(FIN_WAIT_2)) || keeps);
}

/* It acknowledges what the peer has outstanding. */
static bool knows_peer(const struct look *look)
{
  const struct flow *flow = look->flow;
  return endpoint_is(flow, look->y, EP_SEEN) && endpoint_is(flow, look->y, EP_UNA) &&
         seq_ge(look->segment->ack, flow->ep[look->y].una) && seq_le(look->segment->ack, flow->ep[look->y].nxt);
}

/* 3.10.7.1: to a segment without ACK only somebody without a connection answers, with <SEQ=0><CTL=RST,ACK>. */
static bool answers_without_connection(const struct look *look)
{
  const struct flow *flow = look->flow;
  return flag(look, TCPSTATE_ACK) && look->segment->seq == 0 && endpoint_is(flow, look->x, EP_SYNCED) &&
         (seq_lt(flow->ep[look->x].nxt, (uint32_t)-NEAR) || seq_gt(flow->ep[look->x].nxt, NEAR));
}

/* 3.5.2: who has no connection answers a segment with RST, and the segment's ACK field gives its number. Segments
 * that were on their way at the time give numbers below the last one; when nothing was, it is a blind guess. */
static bool answers_something(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t seq = look->segment->seq;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_SEEN) && seq == flow->ep[x].nxt) {
    return true; /* or an ABORT, with SND.NXT */
  }
  if (answers_without_connection(look)) {
    return true;
  }
  if (flag(look, TCPSTATE_ACK) && knows_peer(look) && seq_gt(seq, flow->ep[x].nxt) && !look_beyond_window(look)) {
    return true; /* an ABORT after something that the capture lacks */
  }
  if (endpoint_is(flow, x, EP_FIN) && seq == flow->ep[x].nxt - 1) {
    return true; /* it answers what was sent before the FIN arrived */
  }
  bool used = !endpoint_is(flow, x, EP_SYN) || seq_gt(seq, flow->ep[x].isn);
  if (!endpoint_is(flow, look->y, EP_SEEN)) {
    return used && endpoint_is(flow, x, EP_SEEN) && seq_le(seq, flow->ep[x].nxt); /* one direction only */
  }
  if (!endpoint_is(flow, x, EP_UNA) || seq_gt(seq, flow->ep[x].una)) {
    return false;
  }
  return seq == flow->ep[x].una || (used && !flag(look, TCPSTATE_ACK) && !look_quiet(look, x));
}

/* What passed may be lost further on, so the receiver may expect anything from its last acknowledgement on. */
static bool may_hit(const struct look *look)
{
  const struct flow *flow = look->flow;
  return endpoint_is(flow, look->x, EP_UNA) && seq_ge(look->segment->seq, flow->ep[look->x].una) &&
         seq_le(look->segment->seq, flow->ep[look->x].nxt);
}

static bool start_unknown(const struct look *look)
{
  return !endpoint_is(look->flow, look->x, EP_SEEN) && !endpoint_is(look->flow, look->x, EP_UNA);
}

/* Who does not see the connection does not know both numbers. One that ends keep-alive probing may be sent a moment
 * before the connection is given up. */
static bool is_genuine(const struct look *look)
{
  const struct flow *flow = look->flow;
  return flag(look, TCPSTATE_ACK) && knows_peer(look) && !answers_without_connection(look) &&
         !(flow->ep[look->y].pending & PENDING_PROBE);
}

static void leave(struct look *look)
{
  unsigned x = look->x;
  if (answers_challenge(look)) {
    look->flow->ep[x].possible |= SET(CLOSED); /* or nobody is there at all */
    if (endpoint_is(look->flow, x, EP_STRAY_SYN) && x != flow_client(look->flow)) {
      look_move(look, x, SENDS_RST); /* it waits for others to open: the SYN was not its own */
    }
    return;
  }
  if (state_in(look, x, SET(SYN_RECEIVED)) && endpoint_is(look->flow, x, EP_SYNCED) && !flag(look, TCPSTATE_ACK)) {
    look->flow->ep[x].possible |= SET(CLOSED); /* it listens again, and answers what belongs to the old connection */
    return;
  }
  if (is_genuine(look)) {
    possible_map(look, x, SENDS_RST);
    if (endpoint_is(look->flow, x, EP_SEEN) && !endpoint_is(look->flow, x, EP_FIN)) {
      look->flow->ep[x].nxt = seq_max(look->flow->ep[x].nxt, look->segment->seq); /* an ABORT carries SND.NXT */
    }
  }
  endpoint_set(look->flow, x, EP_RST);
  look_move(look, x, SENDS_RST);
  look_pass(look, x);
}

static void hit(struct look *look)
{
  unsigned y = look->y;
  look->reset = true;
  possible_pass(look, y, PENDING_RST);
  look_pass(look, y);
  bool gone = endpoint_is(look->flow, y, EP_RST) && !state_in(look, y, SET(SYN_RECEIVED));
  if (gone || state_in(look, y, SET_NO_TCB)) {
    return;
  }
  endpoint_set(look->flow, y, EP_GOT_RST);
  bool opener = state_in(look, y, SET(SYN_RECEIVED)) && flow_is_opener(look->flow, y);
  look_move(look, y, opener ? GETS_RST_AS_OPENER : GETS_RST);
}

static void name_reset(struct look *look, bool synchronized)
{
  note(look, TCPSTATE_EVENT_ABORTED);
  if (answers_challenge(look) || (synchronized && !flag(look, TCPSTATE_ACK))) {
    note(look, TCPSTATE_EVENT_HALF_OPEN); /* 3.5.2: no connection there, so the RST has no ACK */
  }
}

/* A RST while the receiver is in SYN-SENT. */
static void judge_refusal(struct look *look)
{
  if (!refuses_syn(look)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE);
    if (!answers_challenge(look)) {
      look->flow->ep[look->x].possible |= SET(CLOSED); /* or an ABORT that overtook what was sent before */
    }
    if (!flag(look, TCPSTATE_ACK) && state_in(look, look->x, SET_NO_TCB | SET(SYN_RECEIVED))) {
      look_move(look, look->x, SENDS_RST); /* it refuses, but in a form that the opener must ignore */
    }
    bool numberless = !flag(look, TCPSTATE_ACK) && start_unknown(look);
    if (hits_next(look) || numberless) { /* the opener may be further by now, or when a copy arrives */
      possible_pass(look, look->y, PENDING_RST);
    }
    return;
  }
  look->flow->conn |= FLOW_REFUSED;
  note(look, TCPSTATE_EVENT_REFUSED);
  leave(look);
  look->flow->ep[look->x].possible = (uint16_t)((look->flow->ep[look->x].possible & SET(SYN_SENT)) | SET_NO_TCB);
  hit(look);
}

/* The receiver's old connection is gone; the sender's SYN will meet it anew. */
static void forget_receiver(struct look *look)
{
  struct flow *flow = look->flow;
  flow->ep[look->y].facts = 0;
  flow->ep[look->y].possible |= SET_NO_TCB;
  endpoint_clear(flow, look->x, EP_UNA | EP_CHALLENGED);
}

void judge_reset(struct look *look)
{
  bool synchronized = state_in(look, look->x, SET_SYNCHRONIZED);
  if (look_fin_passed(look) && !endpoint_is(look->flow, look->y, EP_GOT_FIN) &&
      !state_in(look, look->y, SET(SYN_RECEIVED))) {
    look_move(look, look->y, GETS_FIN); /* the FIN came before this segment */
  }
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
    if (seq_ge(look->segment->seq, look->flow->ep[look->x].una) && !look_beyond_window(look)) {
      endpoint_set(look->flow, look->y, EP_CHALLENGED); /* RFC 5961 3.2: it owes a challenge ACK */
    }
    bool may_refuse =
        (look->flow->ep[look->y].possible & SET(SYN_SENT)) && (refuses_syn(look) || refuses_other_syn(look));
    if (may_refuse || may_hit(look)) {
      possible_pass(look, look->y, PENDING_RST);
      look_pass(look, look->y);
    }
    if (answers_something(look)) {
      leave(look);
    }
    look->flow->ep[look->x].possible |= SET(CLOSED);
    return;
  }
  if (!look->over) {
    name_reset(look, synchronized);
  }
  bool challenged = answers_challenge(look);
  hit(look);
  leave(look);
  if (challenged && !endpoint_is(look->flow, look->x, EP_STRAY_SYN)) {
    forget_receiver(look);
  }
}
