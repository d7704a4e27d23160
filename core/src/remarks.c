/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Events that move nobody: probes and their answers, silence, half-close, a FIN ahead of a hole. */
#include "ordinary.h"

#include "possible.h"
#include "seq.h"

/* A keep-alive probe repeats the last byte that was acknowledged (RFC 9293 3.8.4). */
static bool is_probe(const struct look *look)
{
  const struct flow *flow = look->flow;
  const struct endpoint *ep = &flow->ep[look->x];
  return look->segment->payload_length <= 1 && !flag(look, TCPSTATE_FIN) && endpoint_is(flow, look->x, EP_UNA) &&
         look->segment->seq == ep->nxt - 1 && ep->una == ep->nxt && !endpoint_is(flow, look->x, EP_FIN);
}

/* What asks the peer for an answer: a probe, or data that is sent again. */
void name_probe(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool probe = is_probe(look);
  if (probe) {
    note(look, TCPSTATE_EVENT_KEEP_ALIVE);
  }
  if (probe || (look->repeated && seq_gt(look->end, flow->ep[x].una))) {
    if (flow->ep[look->y].pending & PENDING_PROBE) {
      note(look, TCPSTATE_EVENT_PEER_SILENT);
    }
    possible_pass(look, look->y, PENDING_PROBE);
    return;
  }
  if (flow->ep[x].pending & PENDING_PROBE) {
    possible_settle(look, x, PENDING_PROBE);
    if (look->end == look->segment->seq && look->segment->ack == flow->ep[look->y].una) {
      note(look, TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED);
    }
  }
}

void name_fin(struct look *look)
{
  struct flow *flow = look->flow;
  bool whole = seq_ge(flow_contiguous(flow, look->x), flow->ep[look->x].nxt);
  if (flag(look, TCPSTATE_FIN) && !look_fin_passed(look)) {
    note(look, TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE);
  }
  if (flag(look, TCPSTATE_FIN) && !whole && !endpoint_is(flow, look->x, EP_FIN_ACKED)) {
    endpoint_set(flow, look->x, EP_FIN_UNSURE);
    flow->ep[look->x].possible |= endpoint_is(flow, look->x, EP_GOT_FIN) ? SET(CLOSE_WAIT) : SET(ESTABLISHED);
  }
  if (whole && endpoint_is(flow, look->x, EP_FIN_UNSURE)) {
    endpoint_clear(flow, look->x, EP_FIN_UNSURE);
    possible_keep(look, look->x, SET_SENT_FIN | SET(CLOSED)); /* the hole is filled up to it: it was real */
  }
  bool half_closed = endpoint_is(flow, look->y, EP_FIN) && !endpoint_is(flow, look->x, EP_FIN);
  if (half_closed && look->segment->payload_length && endpoint_is(flow, look->x, EP_GOT_FIN)) {
    note(look, TCPSTATE_EVENT_HALF_CLOSE);
  }
}
