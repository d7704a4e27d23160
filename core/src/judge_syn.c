/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SYN and SYN-ACK of a connection that is known already. */
#include "possible.h"

#include "history.h"
#include "seq.h"
#include "stream.h"
#include "tangle.h"
#include "vantage.h"

/* ---------------------------------------------------------------- SYN */

/* RFC 9293 3.5.1, figure 9: a SYN with a new number in a synchronized connection. Its sender has lost the
 * connection, or somebody else sent it (forged, an old duplicate). The receiver answers with a challenge ACK
 * (RFC 5961 4.2) and stays. */
static void stray_syn(struct look *look)
{
  note(look, TCPSTATE_EVENT_SYN_IN_CONNECTION);
  endpoint_set(look->flow, look->x, EP_STRAY_SYN);
  look_move(look, look->x, RESTARTS);
  if (state_in(look, look->y, SET(TIME_WAIT))) { /* it may take a new connection, 3.10.7.4 fourth */
    look->flow->ep[look->y].possible |= SET(SYN_RECEIVED);
  }
}

/* Its own SYN shows that the peer's had not arrived (3.5, figure 7), or a split handshake: the server answers the
 * SYN with a SYN of its own and takes the client's SYN-ACK. On the wire the two are the same. */
static void crossing_syn(struct look *look)
{
  look_move(look, look->x, SENDS_SYN);
  note(look,
       endpoint_is(look->flow, look->x, EP_SEEN) ? TCPSTATE_EVENT_SPLIT_HANDSHAKE : TCPSTATE_EVENT_SIMULTANEOUS_OPEN);
  look->flow->ep[look->x].possible = SET(SYN_SENT);
  look->departure = SET(SYN_SENT);
  look->flow->vantage = TCPSTATE_VANTAGE_UNKNOWN; /* neither answers the other */
}

static void repeated_syn(struct look *look)
{
  struct flow *flow = look->flow;
  note(look, TCPSTATE_EVENT_SYN_RETRANSMITTED);
  if (!endpoint_is(flow, look->y, EP_SEEN)) {
    note(look, TCPSTATE_EVENT_NO_ANSWER);
  }
  if (!look_is_newer_stamp(look) || !look_due(look, look->x)) {
    return;
  }
  if (state_in(look, look->x, SET(ESTABLISHED)) && look_move(look, look->x, REPEATS_SYN)) {
    note(look, TCPSTATE_EVENT_REVISED);
  }
  if (flow->ep[look->x].pending & PENDING_SYN_ACK) { /* else nothing is learned but that it had not arrived */
    possible_keep(look, look->x,
                  SET(SYN_SENT) | (state_of(look, look->x) == TCPSTATE_SYN_RECEIVED ? SET(SYN_RECEIVED) : 0u));
  }
  look->departure = look->flow->ep[look->x].possible;
}

/* The SYN-ACK stood before this SYN in the capture. */
static void late_syn(struct look *look)
{
  look->flow->conn &= (uint8_t) ~(FLOW_MID_STREAM | FLOW_INFERRED);
  if (look->x != flow_client(look->flow)) {
    look->flow->conn ^= FLOW_CLIENT_1;
    history_flip(look);
  }
}

/* Split handshake: the bare ACK before this SYN did not follow a SYN-ACK that the capture lacks. */
static void not_synchronized_yet(struct look *look)
{
  endpoint_clear(look->flow, look->x, EP_SYNCED);
  if (state_in(look, look->y, SET(ESTABLISHED))) {
    look_show(look, look->y, TCPSTATE_SYN_SENT);
    look->flow->ep[look->y].possible |= SET(SYN_SENT);
    possible_settle(look, look->y, PENDING_SYN_ACK);
    endpoint_clear(look->flow, look->x, EP_UNA);
  }
  if (state_in(look, look->x, SET(ESTABLISHED))) {
    look_show(look, look->x, TCPSTATE_SYN_RECEIVED);
  }
}

static void number_syn(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_SYN)) {
    return;
  }
  endpoint_set(flow, x, EP_SYN);
  flow->ep[x].isn = look->segment->seq;
}

static void judge_syn_number(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool known = endpoint_is(flow, x, EP_SYN);
  if (known && flow->ep[x].isn == look->segment->seq && !endpoint_is(flow, x, EP_SEEN)) {
    late_syn(look);
    stream_take(flow, &look->tracker->holes, x, look->segment->seq, look->end);
    return;
  }
  if (!known && !endpoint_is(flow, look->y, EP_SYNCED) && look->y == flow_client(flow)) {
    not_synchronized_yet(look);
  }
  if (known && flow->ep[x].isn != look->segment->seq) {
    tangle_begin(look);
    if (endpoint_is(flow, x, EP_SYNCED) || endpoint_is(flow, look->y, EP_SYNCED)) {
      stray_syn(look);
    } else {
      note(look, TCPSTATE_EVENT_SYN_IN_CONNECTION); /* an old duplicate of an attempt before this one, figure 8 */
      flow->ep[x].possible |= SET(SYN_SENT);
    }
    return;
  }
  if (endpoint_is(flow, x, EP_SYNCED)) {
    note(look, known ? TCPSTATE_EVENT_SYN_RETRANSMITTED : TCPSTATE_EVENT_SYN_IN_CONNECTION);
    if (!known) {
      tangle_begin(look);
      stray_syn(look);
    }
    return; /* the same number: a duplicate that was late */
  }
  if (known) {
    repeated_syn(look);
  } else if (endpoint_is(flow, look->y, EP_SYN) && endpoint_is(flow, x, EP_UNA) &&
             flow->ep[x].una == look->segment->seq + 1) {
    late_syn(look);
  } else {
    if (endpoint_is(flow, x, EP_SEEN)) {
      tangle_begin(look);
    }
    crossing_syn(look);
  }
  number_syn(look);
  stream_take(flow, &look->tracker->holes, x, look->segment->seq, look->end);
}

void judge_syn(struct look *look)
{
  unsigned y = look->y;
  look->handshake_role = TCPSTATE_HANDSHAKE_SYN;
  look->flow->duplicates = (uint8_t)(look->flow->duplicates | 64u << look->x);
  judge_syn_number(look);
  possible_pass(look, y, PENDING_SYN); /* to whatever is there when it arrives */
  if (endpoint_is(look->flow, look->x, EP_SYNCED) && state_in(look, y, SET_NO_TCB) &&
      !endpoint_is(look->flow, look->x, EP_STRAY_SYN)) { /* an old duplicate reaches a listener: figure 8 */
    look_move(look, y, GETS_SYN);
    return;
  }
  if (endpoint_is(look->flow, look->x, EP_STRAY_SYN) || endpoint_is(look->flow, look->x, EP_SYNCED) ||
      look->flow->ep[look->x].isn != look->segment->seq) {
    return;
  }
  if (state_in(look, y, SET_NO_TCB | SET(UNKNOWN) | SET(SYN_SENT)) && !endpoint_is(look->flow, look->x, EP_UNA)) {
    look_move(look, y, GETS_SYN);
  }
  look_pass(look, y);
}

/* ---------------------------------------------------------------- SYN-ACK */

/* RFC 9293 3.10.7.3 first: ISS < SEG.ACK =< SND.NXT, or the receiver answers with RST. */
static bool acknowledges_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  if (!endpoint_is(flow, look->y, EP_SYN)) {
    return true;
  }
  return seq_gt(look->segment->ack, flow->ep[look->y].isn) && seq_le(look->segment->ack, flow->ep[look->y].nxt);
}

static void repeated_syn_ack(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  note(look, TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED);
  if (endpoint_is(flow, x, EP_SYNCED) || !look_is_newer_stamp(look)) {
    return; /* an old duplicate */
  }
  if (state_in(look, x, SET(ESTABLISHED) | SET(CLOSE_WAIT)) && look_due(look, x) &&
      look_move(look, x, REPEATS_SYN_ACK)) {
    note(look, TCPSTATE_EVENT_REVISED);
  }
  if (flow->ep[x].pending & (PENDING_ACK_OF_SYN | PENDING_SYN_ACK)) {          /* else nothing is learned */
    possible_keep(look, x, SET(SYN_RECEIVED) | SET(FIN_WAIT_1) | SET(CLOSED)); /* closed since, or overtaken by a RST */
  }
  look->departure = look->flow->ep[x].possible;
}

/* One SYN passed and has arrived. Of more than one, another may still be on its way. */
static void settle_syn(struct look *look)
{
  if (look->flow->ep[look->y].segments == 1 && !look->flow->tangled && acknowledges_syn(look)) {
    possible_settle(look, look->x, PENDING_SYN);
  }
}

static void first_syn_ack(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (state_in(look, x, SET(SYN_RECEIVED))) {
    look_answered(look, x);
    vantage_note_syn_ack(look);
  }
  vantage_read_syn_ack(flow, look->segment, x);
  unsigned dead = state_in(look, x, SET(CLOSED)) ? SET(CLOSED) : 0u; /* its RST may have overtaken this */
  look_move(look, x, SENDS_SYN_ACK);
  endpoint_set(flow, x, EP_SYN);
  flow->ep[x].isn = look->segment->seq;
  if (acknowledges_syn(look)) {
    flow->ep[x].possible = (uint16_t)(SET(SYN_RECEIVED) | dead);
    look->departure = dead ? 0 : SET(SYN_RECEIVED);
    settle_syn(look);
  } else {
    flow->ep[x].possible |= SET(SYN_RECEIVED); /* it answers another SYN, and may be late */
    tangle_begin(look);
  }
  endpoint_clear(flow, x, EP_SEEN); /* numbers start here, whatever was thought before */
  stream_take(flow, &look->tracker->holes, x, look->segment->seq, look->end);
}

static void opens_fast(struct look *look)
{
  struct flow *flow = look->flow;
  if (endpoint_is(flow, look->y, EP_SYN) && seq_gt(look->segment->ack, flow->ep[look->y].isn + 1)) {
    flow->conn |= FLOW_FAST_OPEN;
    note(look, TCPSTATE_EVENT_FAST_OPEN);
  }
}

static void receive_syn_ack(struct look *look)
{
  unsigned y = look->y;
  struct flow *flow = look->flow;
  if (!acknowledges_syn(look)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE);
    endpoint_set(flow, y, EP_CHALLENGED);
    if (possible_other_syn(look, y)) {
      possible_pass(look, y, PENDING_SYN_ACK);
    }
    return;
  }
  endpoint_clear(flow, y, EP_CHALLENGED);
  possible_pass(look, y, PENDING_SYN_ACK);
  if (look_move(look, y, GETS_SYN_ACK) || !endpoint_is(flow, y, EP_SYNCED)) {
    look_pass(look, y);
  }
  opens_fast(look);
}

/* CLOSE in SYN-RECEIVED may send FIN with the SYN-ACK (3.10.4); the opener goes on to its FIN (3.10.7.3 fifth). */
static void fin_on_syn_ack(struct look *look)
{
  judge_fin(look);
  look->departure = look->flow->ep[look->x].possible;
  look_move(look, look->y, GETS_FIN);
  possible_pass(look, look->y, PENDING_FIN);
  look_pass(look, look->y);
}

void judge_syn_ack(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool known = endpoint_is(flow, x, EP_SYN);
  look->handshake_role = TCPSTATE_HANDSHAKE_SYN_ACK;
  if (endpoint_is(flow, x, EP_SYNCED) && (!known || flow->ep[x].isn != look->segment->seq)) {
    note(look, TCPSTATE_EVENT_SYN_IN_CONNECTION); /* RFC 5961 4.2: answered by a challenge ACK */
    tangle_begin(look);
    if (possible_other_syn(look, look->y)) {
      possible_pass(look, look->y, PENDING_SYN_ACK);
    }
    if (state_in(look, x, SET_NO_TCB)) {
      look_move(look, x, SENDS_SYN_ACK); /* an old duplicate of the SYN has reached a listener */
    }
    return;
  }
  if (known && flow->ep[x].isn == look->segment->seq) {
    if (state_in(look, x, SET(ESTABLISHED)) && !endpoint_is(flow, look->y, EP_UNA)) {
      look_show(look, x, TCPSTATE_SYN_RECEIVED); /* the peer's SYN-ACK was still on its way when this one left */
    }
    if (state_in(look, x, SET(SYN_SENT))) { /* simultaneous open: the same SYN, now with an ACK */
      look_move(look, x, SENDS_SYN_ACK);
      flow->ep[x].possible = (uint16_t)((flow->ep[x].possible & ~SET(SYN_SENT)) | SET(SYN_RECEIVED));
      look->departure = SET(SYN_RECEIVED);
      settle_syn(look);
    } else if (endpoint_is(flow, look->y, EP_UNA) || state_in(look, x, ~(unsigned)SET_OPENING)) {
      repeated_syn_ack(look);
    } else {
      look->departure = SET(SYN_RECEIVED);
      look->flow->ep[x].possible = SET(SYN_RECEIVED);
    }
  } else {
    if (known) {
      tangle_begin(look);
      look->other_syn = true;
    }
    first_syn_ack(look);
  }
  receive_syn_ack(look);
  if (flag(look, TCPSTATE_FIN) && !endpoint_is(flow, x, EP_FIN)) {
    fin_on_syn_ack(look);
  }
  if (acknowledges_syn(look)) {
    stream_acknowledge(flow, &look->tracker->holes, look->y, look->segment->ack);
  } else if (!endpoint_is(flow, look->y, EP_UNA)) {
    endpoint_set(flow, look->y, EP_UNA); /* the number that a RST in answer will carry (figure 8) */
    flow->ep[look->y].una = look->segment->ack;
  }
}
