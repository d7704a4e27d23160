/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * FINs as evidence about their sender: the first one, a repeated one, one that was nobody's. */
#include "ordinary.h"

#include "possible.h"
#include "seq.h"
#include "stream.h"
#include "tangle.h"
#include "vantage.h"

bool covers_fin(const struct look *look)
{
  return endpoint_is(look->flow, look->y, EP_FIN) && seq_ge(look->segment->ack, look->flow->ep[look->y].nxt);
}

/* A close() whose FIN waited behind data may have come before the peer's FIN arrived: then this is CLOSING. No segment
 * has shown such a close(), so it counts as LAST-ACK, but it is not observed. */
static void weigh_queued_fin(struct look *look)
{
  bool sent_data = look->segment->payload_length || (look->flow->control_segments & (64u << look->x));
  if (state_in(look, look->x, SET(LAST_ACK)) && sent_data) {
    look->surely_sent = false;
  }
}

static bool fin_repeated(const struct flow *flow, unsigned e)
{
  return (flow->duplicates & (16u << e)) != 0;
}

/* SND.NXT was beyond this FIN already when the peer's FIN was acknowledged: it is repeated, and was sent before the
 * peer's arrived. Unless the peer has repeated its own: then an acknowledgement may be missing too. */
static void weigh_unseen_fin(struct look *look)
{
  struct flow *flow = look->flow;
  flow->ep[look->x].possible |= SET(CLOSING) | SET(LAST_ACK);
  if (!fin_repeated(flow, look->y)) {
    look_show(look, look->x, TCPSTATE_CLOSING);
    flow->conn |= FLOW_SIMULTANEOUS;
  }
}

void judge_fin(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  endpoint_set(flow, x, EP_FIN);
  if (!endpoint_is(flow, x, EP_GOT_FIN)) {
    look_move(look, x, DENIES_FIN); /* the peer's FIN may be on its way, but this one left before */
  }
  look_move(look, x, SENDS_FIN);
  possible_map(look, x, SENDS_FIN);
  if (look->end == flow->ep[x].nxt && state_in(look, x, SET(LAST_ACK)) && look->unseen) {
    weigh_unseen_fin(look);
  }
  weigh_queued_fin(look);
  if (seq_lt(look->end, flow->ep[x].nxt)) { /* what seemed to come after it was not this endpoint's */
    flow->ep[x].nxt = look->end;
    stream_forget_blocks(flow, &look->tracker->holes);
  }
  if (!endpoint_is(flow, look->y, EP_FIN)) {
    flow->conn = (uint8_t)((flow->conn & ~FLOW_FIRST_FIN_1) | (x ? FLOW_FIRST_FIN_1 : 0));
    look->steps |= TCPSTATE_TEARDOWN_FIN_1;
    return;
  }
  look->steps |= TCPSTATE_TEARDOWN_FIN_2;
  if (!covers_fin(look)) {
    flow->conn |= FLOW_SIMULTANEOUS;
    note(look, TCPSTATE_EVENT_SIMULTANEOUS_CLOSE);
  }
}

void repeated_fin(struct look *look)
{
  unsigned x = look->x;
  note(look, TCPSTATE_EVENT_FIN_RETRANSMITTED);
  look->flow->duplicates = (uint8_t)(look->flow->duplicates | 16u << x);
  if (look_is_newer_stamp(look) && look_due(look, x) && look_move(look, x, REPEATS_FIN)) {
    note(look, TCPSTATE_EVENT_REVISED);
  }
}

void sender_got_fin(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (covers_fin(look)) {
    if (!endpoint_is(flow, x, EP_GOT_FIN) && state_in(look, x, SET_GOT_FIN)) {
      look_answered(look, x);
      vantage_judge_fin(look);
    }
    endpoint_set(flow, x, EP_GOT_FIN);
    endpoint_clear(flow, look->y, EP_HOLE | EP_FIN_UNSURE);
    look_move(look, x, GETS_FIN);
    return;
  }
  if (endpoint_is(flow, look->y, EP_FIN) && !endpoint_is(flow, x, EP_GOT_FIN) && !look->old_ack && look_due(look, x) &&
      look_move(look, x, DENIES_FIN)) {
    endpoint_set(flow, look->y, EP_HOLE);
    note(look, TCPSTATE_EVENT_REVISED);
  }
}

/* A bare acknowledgement carries SND.NXT. If that is below the FIN, or new data lies beyond it, the FIN was not this
 * endpoint's. */
void take_fin_back(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  struct endpoint *ep = &flow->ep[x];
  bool bare = look->end == look->segment->seq;
  bool below = bare && seq_lt(look->segment->seq, ep->nxt) &&
               (seq_le(look->segment->seq, ep->rcvd) || seq_gt(look->segment->ack, flow->ep[look->y].una));
  bool other_fin = flag(look, TCPSTATE_FIN) && look->end != ep->nxt && seq_gt(look->end, ep->una);
  if (!endpoint_is(flow, x, EP_FIN_UNSURE) || !(below || other_fin || seq_gt(look->end, ep->nxt))) {
    return;
  }
  endpoint_clear(flow, x, EP_FIN | EP_FIN_UNSURE | EP_HOLE);
  ep->nxt = ep->rcvd;
  stream_forget_blocks(flow, &look->tracker->holes);
  uint16_t before = flow->ep[x].possible;
  look_move(look, x, TAKES_FIN_BACK);
  possible_map(look, x, TAKES_FIN_BACK);
  flow->ep[x].possible |= before;
  possible_pass(look, look->y, PENDING_FIN);
  look->fin_doubtful = true;
  tangle_begin(look);
  note(look, TCPSTATE_EVENT_REVISED);
}
