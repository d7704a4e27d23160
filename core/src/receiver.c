/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a segment without SYN and RST does at its receiver if it arrives: RFC 9293 3.10.7.4 fifth and eighth. */
#include "ordinary.h"

#include "possible.h"
#include "seq.h"
#include "stream.h"

void note_earlier(struct look *look)
{
  struct flow *flow = look->flow;
  if (endpoint_is(flow, look->y, EP_FIN_ACKED) && !covers_fin(look)) {
    flow->ep[look->y].rcvd = seq_max(flow->ep[look->y].rcvd, look->end);
  }
}

void receiver_opening(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned y = look->y;
  uint32_t ack = look->segment->ack;
  bool unseen = !endpoint_is(flow, y, EP_SEEN) && state_in(look, y, SET(SYN_RECEIVED));
  if (unseen) { /* one direction only: the sender must have got the SYN-ACK */
    endpoint_set(flow, y, EP_SYN);
    flow->ep[y].isn = ack - 1;
    flow->ep[y].nxt = ack;
  }
  bool acknowledges = endpoint_is(flow, y, EP_SYN) && seq_gt(ack, flow->ep[y].isn) && seq_le(ack, flow->ep[y].nxt);
  if (!endpoint_is(flow, y, EP_SYN) && (flow->ep[y].possible & SET(SYN_RECEIVED))) {
    possible_pass(look, y, PENDING_ACK_OF_SYN); /* of one that was not captured */
  }
  if (state_in(look, y, SET(SYN_SENT))) {
    if (acknowledges && !endpoint_is(flow, y, EP_STRAY_SYN)) {
      look->gap = true; /* its SYN-ACK was not captured */
      look_move(look, y, GETS_SYN_ACK);
      possible_pass(look, y, PENDING_SYN_ACK);
    } else {
      endpoint_set(flow, y, EP_CHALLENGED);
      note(look, TCPSTATE_EVENT_CHALLENGE_ACK);
    }
    return;
  }
  if (!endpoint_is(flow, y, EP_SYNCED) && acknowledges && (unseen || endpoint_is(flow, y, EP_SEEN))) {
    bool first = !endpoint_is(flow, y, EP_UNA);
    possible_pass(look, y, PENDING_ACK_OF_SYN);
    if (look_move(look, y, GETS_ACK_OF_SYN)) {
      look_pass(look, y);
      look->handshake_role = TCPSTATE_HANDSHAKE_ACK;
      note(look, TCPSTATE_EVENT_HANDSHAKE_COMPLETE);
    } else if (first && y != flow_client(flow)) {
      look->handshake_role = TCPSTATE_HANDSHAKE_ACK;
    }
  }
}

static void first_ack_of_fin(struct look *look, uint32_t peer_nxt)
{
  struct flow *flow = look->flow;
  unsigned y = look->y;
  if (endpoint_is(flow, y, EP_FIN_ACKED)) {
    return;
  }
  bool first_fin_of_y = ((flow->conn & FLOW_FIRST_FIN_1) != 0) == (y == 1);
  look->steps |= first_fin_of_y ? TCPSTATE_TEARDOWN_ACK_1 : TCPSTATE_TEARDOWN_ACK_2;
  stream_acknowledge(flow, &look->tracker->holes, y, flow->ep[y].nxt);
  endpoint_set(flow, y, EP_FIN_ACKED);
  flow->ep[y].rcvd = seq_max(look->segment->seq, peer_nxt);
}

/* New data, or what the receiver was missing sent again: from now on it takes a round trip until it shows. */
void pass_data(struct look *look, uint32_t nxt_before)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool new = seq_gt(look->end, nxt_before) && !endpoint_is(flow, x, EP_FIN);
  bool missing = endpoint_is(flow, x, EP_UNA) && look->end != look->segment->seq &&
                 seq_le(look->segment->seq, flow->ep[x].una) && seq_gt(look->end, flow->ep[x].una);
  if (missing) {
    endpoint_clear(flow, x, EP_HOLE);
  }
  if ((new || missing) && !state_in(look, look->y, SET_NO_TCB)) {
    look_pass(look, look->y);
  }
}

void receiver_closing(struct look *look, uint32_t peer_nxt)
{
  struct flow *flow = look->flow;
  unsigned y = look->y;
  bool acked = covers_fin(look);
  bool whole = endpoint_is(flow, look->x, EP_FIN) && seq_ge(flow_contiguous(flow, look->x), flow->ep[look->x].nxt) &&
               !endpoint_is(flow, y, EP_GOT_FIN);
  bool fin = look_fin_passed(look) && !endpoint_is(flow, y, EP_GOT_FIN);
  if (flag(look, TCPSTATE_FIN)) {
    look_pass(look, y);
  }
  if (acked) {
    first_ack_of_fin(look, peer_nxt);
    bool ahead = endpoint_is(flow, look->x, EP_UNA) && look->segment->seq != flow->ep[look->x].una;
    bool last = whole && flag(look, TCPSTATE_FIN);
    bool fills =
        whole && !last && !(flow->ep[y].pending & (PENDING_FIN | PENDING_FIN_AND_ACK)); /* the hole before it */
    possible_pass(look, y, last || fills ? PENDING_FIN_AND_ACK : PENDING_ACK_OF_FIN);
    bool beyond = seq_gt(look->end, flow_edge(flow, y)); /* no room for the FIN */
    if (fills || (last && (ahead || beyond))) {          /* something may be lost: then only its ACK counts for now */
      possible_pass(look, y, PENDING_ACK_OF_FIN);
    }
  }
  if (whole && !acked) {
    possible_pass(look, y, PENDING_FIN);
  }
  bool moved = false;
  if (acked && fin && flag(look, TCPSTATE_FIN)) {
    moved = look_move(look, y, GETS_FIN_AND_ACK);
  } else if (fin && state_in(look, y, SET(FIN_WAIT_1)) && acked) {
    moved = look_move(look, y, GETS_FIN); /* the FIN came before this segment */
  }
  if (acked) {
    moved |= look_move(look, y, GETS_ACK_OF_FIN);
  }
  if (fin) {
    moved |= look_move(look, y, GETS_FIN);
  }
  if (moved) {
    look_pass(look, y);
  }
}
