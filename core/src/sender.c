/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a segment without SYN and RST proves about its sender. */
#include "ordinary.h"

#include "possible.h"
#include "seq.h"
#include "vantage.h"

/* The state that the facts alone give, for an endpoint that was thought dead and goes on. */
static unsigned state_by_facts(const struct look *look, unsigned e, bool got_fin)
{
  const struct flow *flow = look->flow;
  if (!endpoint_is(flow, e, EP_FIN)) {
    return got_fin ? TCPSTATE_CLOSE_WAIT : TCPSTATE_ESTABLISHED;
  }
  bool acked = endpoint_is(flow, e, EP_FIN_ACKED);
  if (!got_fin) {
    return acked ? TCPSTATE_FIN_WAIT_2 : TCPSTATE_FIN_WAIT_1;
  }
  bool second = ((flow->conn & FLOW_FIRST_FIN_1) != 0) != (e == 1);
  if (second && !(flow->conn & FLOW_SIMULTANEOUS)) {
    return acked ? TCPSTATE_CLOSED : TCPSTATE_LAST_ACK;
  }
  return acked ? TCPSTATE_TIME_WAIT : TCPSTATE_CLOSING;
}

/* A connection that goes on after a RST: the RST was forged, refused or lost. */
static void revive(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (!endpoint_is(flow, x, EP_RST | EP_GOT_RST) || !state_in(look, x, SET_NO_TCB)) {
    return;
  }
  bool progress = seq_gt(look->segment->ack, flow->ep[look->y].una);
  bool earlier = seq_le(look->end, flow->ep[x].nxt) &&
                 (!look_is_newer_stamp(look) || (endpoint_is(flow, x, EP_RST) && look->end != look->segment->seq));
  if (!progress && earlier) {
    return; /* sent before the RST, or a copy of what was */
  }
  if (!look_due(look, x) && !(progress && endpoint_is(flow, x, EP_RST))) {
    return; /* it was on its way already */
  }
  unsigned state = state_by_facts(look, x, covers_fin(look));
  if (state == TCPSTATE_CLOSED) {
    return;
  }
  endpoint_clear(flow, x, EP_RST | EP_GOT_RST);
  if (seq_lt(look->segment->ack, flow->ep[look->y].nxt)) { /* that is why it refused the RST */
    endpoint_set(flow, look->y, EP_HOLE);
  }
  flow->conn &= (uint8_t)~FLOW_REFUSED;
  look_show(look, x, state);
  possible_pass(look, x, PENDING_RST); /* this one may have been sent before */
  note(look, TCPSTATE_EVENT_REVISED);
}

/* The sender of a stray SYN speaks in the old numbers: the SYN was not its own. */
static void forget_stray_syn(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_STRAY_SYN)) {
    endpoint_clear(flow, x, EP_STRAY_SYN | EP_CHALLENGED);
    look_show(look, x, state_by_facts(look, x, endpoint_is(flow, x, EP_GOT_FIN)));
    look->flow->ep[x].possible = (uint16_t)(flow->ep[x].possible & ~SET(SYN_SENT));
    note(look, TCPSTATE_EVENT_REVISED);
  }
}

/* In SYN-RECEIVED an unacceptable segment is answered by a bare ACK (3.10.7.4 first), and with Fast Open data may be
 * sent (RFC 7413 4.2). What acknowledges more than the peer's SYN, or carries data or FIN without Fast Open, is sent
 * later only. */
static bool proves_ack_of_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  if (!(flow->ep[look->x].possible & SET(SYN_RECEIVED)) && state_of(look, look->x) != TCPSTATE_SYN_RECEIVED) {
    return true;
  }
  if ((flow->conn & FLOW_FAST_OPEN) && look->x != flow_client(flow)) {
    return seq_gt(look->segment->ack, flow->ep[look->y].una);
  }
  bool got_more = endpoint_is(flow, look->y, EP_SYN) && seq_gt(look->segment->ack, flow->ep[look->y].isn + 1);
  return look->segment->payload_length > 0 || flag(look, TCPSTATE_FIN) || got_more;
}

/* Past SYN-SENT and SYN-RECEIVED: it has got the SYN-ACK, or the ACK of its SYN-ACK. */
static void sender_synchronized(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_SYNCED)) {
    return;
  }
  if (!proves_ack_of_syn(look)) {
    if (endpoint_is(flow, x, EP_UNA)) {
      look_move(look, x, GETS_ACK_OF_SYN); /* it has passed, and nothing says that it was lost */
    }
    return;
  }
  if (endpoint_is(flow, x, EP_SYN) && state_in(look, x, SET(ESTABLISHED))) {
    if (look->segment->ack == flow->ep[look->y].nxt) { /* else it answers something earlier */
      look_answered(look, x);
    }
    vantage_judge_handshake(look);
  }
  endpoint_set(flow, x, EP_SYNCED);
  endpoint_clear(flow, x, EP_CHALLENGED);
  look_move(look, x, GETS_SYN_ACK);
  if (state_in(look, x, SET_NO_TCB | SET(UNKNOWN)) && !endpoint_is(flow, x, EP_GOT_RST)) {
    look_show(look, x, state_by_facts(look, x, covers_fin(look)));
  }
}

/* A close() whose FIN waits behind data cannot be seen. It is excluded when all that was sent is acknowledged, the
 * peer's window has room for a full segment, and the last data did not fill its segment. */
void weigh_queue(struct look *look)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  if (!state_in(look, x, SET(ESTABLISHED) | SET(CLOSE_WAIT))) {
    look->surely_sent = true;
    return;
  }
  bool drained = !(flow->duplicates & (4u << x));
  bool idle = drained && endpoint_is(flow, x, EP_UNA) && flow->ep[x].una == flow->ep[x].nxt &&
              look->segment->seq == flow->ep[x].nxt && look->segment->payload_length == 0;
  bool room = !(flow->conn & FLOW_MID_STREAM) && seq_ge(flow_edge(flow, look->y), flow->ep[x].nxt + FULL_SEGMENT);
  look->surely_sent = idle && room;
}

/* What passed was not only late but lost: two duplicate acknowledgements in a row, or any segment that left after the
 * last of it had arrived and acknowledges less. */
static bool shows_hole(const struct look *look)
{
  const struct flow *flow = look->flow;
  bool again = look->reaction && (flow->duplicates & (1u << look->x));
  bool less = endpoint_is(flow, look->y, EP_SEEN) && endpoint_is(flow, look->y, EP_UNA) &&
              !endpoint_is(flow, look->y, EP_FIN) && seq_lt(look->segment->ack, flow->ep[look->y].nxt);
  return again || (less && look_due(look, look->x));
}

static void note_hole(struct look *look)
{
  struct flow *flow = look->flow;
  uint8_t bit = (uint8_t)(1u << look->x);
  if (shows_hole(look)) {
    endpoint_set(flow, look->y, EP_HOLE);
  } else if (endpoint_is(flow, look->y, EP_UNA) && seq_gt(look->segment->ack, flow->ep[look->y].una)) {
    endpoint_clear(flow, look->y, EP_HOLE);
  }
  flow->duplicates = (uint8_t)(look->reaction ? flow->duplicates | bit : flow->duplicates & ~bit);
  if (look->segment->payload_length) {
    bit = (uint8_t)(4u << look->x);
    bool large = look->segment->payload_length >= SMALLEST_MSS;
    flow->duplicates = (uint8_t)(large ? flow->duplicates | bit : flow->duplicates & ~bit);
  }
}

void judge_sender(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  note_hole(look);
  if (endpoint_is(flow, x, EP_CHALLENGED) && look->end == look->segment->seq && state_in(look, x, SET_SYNCHRONIZED)) {
    note(look, TCPSTATE_EVENT_CHALLENGE_ACK); /* its answer to what was in its window, but not next */
    endpoint_clear(flow, x, EP_CHALLENGED);
  }
  forget_stray_syn(look);
  revive(look);
  take_fin_back(look);
  sender_synchronized(look);
  sender_got_fin(look);
  if (flow->conn & FLOW_MID_STREAM) {
    possible_of_before(look);
  }
  if (!endpoint_is(flow, look->y, EP_SEEN)) { /* one direction only: anything may have reached it */
    possible_pass(look, x, PENDING_FIN | PENDING_ACK_OF_FIN);
    look->surely_sent = false;
  }
  bool again = flag(look, TCPSTATE_FIN) && endpoint_is(flow, x, EP_FIN);
  bool stamped = (look->segment->facts & TCPSTATE_HAS_TIMESTAMP) && endpoint_is(flow, x, EP_TS);
  bool retransmitted = again && stamped && look_is_newer_stamp(look) && look_due(look, x);
  possible_ordinary(look, covers_fin(look), retransmitted);
  if (again) {
    repeated_fin(look);
  } else if (flag(look, TCPSTATE_FIN)) {
    judge_fin(look);
  }
  if ((flow->ep[x].pending & PENDING_RST) && state_in(look, x, SET_SYNCHRONIZED)) {
    if (look_long_due(look, x)) {
      possible_settle(look, x, PENDING_RST);
      flow->ep[x].possible = (uint16_t)(flow->ep[x].possible & ~SET_NO_TCB);
    } else {
      flow->ep[x].possible |= SET(CLOSED);
    }
  }
  look->departure = again && !stamped ? 0 : flow->ep[x].possible; /* without time stamps it may be a network's copy */
}
