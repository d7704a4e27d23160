/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments without SYN and RST: acknowledgements, data, FIN. In the order of RFC 9293 3.10.7.4: first the sequence
 * number, fifth the ACK field, eighth the FIN; before that, what the segment proves about its sender. */
#include "ordinary.h"

#include "possible.h"
#include "seq.h"
#include "stream.h"
#include "tangle.h"

static void note_overdue(struct look *look)
{
  for (unsigned e = 0; e < 2; e++) {
    if (look_overdue(look, e)) {
      endpoint_set(look->flow, e, EP_HOLE);
    }
  }
}

/* A bare acknowledgement carries SND.NXT: below what has passed it is late, or a network's copy. (One below is a
 * keep-alive probe, as long as that is not the number of the FIN.) */
static bool is_overtaken(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t probe = endpoint_is(flow, look->x, EP_FIN) ? 0u : 1u;
  return look->end == look->segment->seq && endpoint_is(flow, look->x, EP_SEEN) &&
         !endpoint_is(flow, look->x, EP_FIN_UNSURE) &&
         seq_lt(look->segment->seq, flow_contiguous(flow, look->x) - probe);
}

static void note_numbers(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  uint32_t ack = look->segment->ack;
  look->old_ack = endpoint_is(flow, look->y, EP_UNA) && seq_lt(ack, flow->ep[look->y].una);
  look->reaction = look->end == look->segment->seq && endpoint_is(flow, look->y, EP_UNA) &&
                   ack == flow->ep[look->y].una && look->segment->window == flow->ep[x].win &&
                   seq_lt(ack, flow->ep[look->y].nxt);
  look->repeated = endpoint_is(flow, x, EP_SEEN) && look->end != look->segment->seq &&
                   seq_le(look->end, flow->ep[x].nxt) && look_is_newer_stamp(look);
  look->stale =
      look->old_ack || is_overtaken(look) || !(look_is_newer_stamp(look) || look->segment->ts_value == flow->ep[x].ts);
  look->gap |=
      endpoint_is(flow, x, EP_SEEN) && endpoint_is(flow, x, EP_GAP) && seq_gt(look->segment->seq, flow->ep[x].nxt);
  if (endpoint_is(flow, look->y, EP_SEEN) && seq_gt(ack, flow->ep[look->y].nxt)) {
    endpoint_set(flow, look->y, EP_GAP);
    note(look, TCPSTATE_EVENT_CAPTURE_GAP);
  } else {
    endpoint_clear(flow, look->y, EP_GAP);
  }
}

static void commit_ack(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned y = look->y;
  uint32_t ack = look->segment->ack;
  if (!endpoint_is(flow, y, EP_SEEN)) { /* one direction only: what x acknowledges is all that is known of y */
    flow->ep[y].nxt = endpoint_is(flow, y, EP_UNA) ? seq_max(flow->ep[y].nxt, ack) : ack;
    flow->ep[y].rcvd = flow->ep[y].nxt;
  }
  look->lacks = endpoint_is(flow, y, EP_SEEN) && !endpoint_is(flow, y, EP_FIN_ACKED) &&
                seq_gt(seq_min(ack, flow->ep[y].nxt), flow->ep[y].rcvd);
  if (!look->old_ack) {
    stream_acknowledge(flow, &look->tracker->holes, y, seq_min(ack, flow->ep[y].nxt));
    flow->ep[look->x].win = (look->segment->facts & TCPSTATE_NO_WINDOW) ? 0xffff : look->segment->window;
  }
}

static void commit_stamp(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  const tcpstate_segment *segment = look->segment;
  if (!(segment->facts & TCPSTATE_HAS_TIMESTAMP)) {
    return;
  }
  if (!endpoint_is(flow, x, EP_TS)) {
    endpoint_set(flow, x, EP_TS);
    flow->ep[x].ts = segment->ts_value;
  } else if (seq_le(segment->seq, flow_contiguous(flow, x))) { /* RFC 7323 4.3 (2) */
    flow->ep[x].ts = seq_max(flow->ep[x].ts, segment->ts_value);
  }
}

/* First check: all of it has been acknowledged, so the receiver drops it before it looks at the ACK field. Where it
 * ends at the last number acknowledged, receivers in use still look. */
static bool is_wholly_old(const struct look *look)
{
  return look->end != look->segment->seq && endpoint_is(look->flow, look->x, EP_UNA) &&
         seq_lt(look->end, look->flow->ep[look->x].una) && !flag(look, TCPSTATE_FIN);
}

/* A FIN on numbers that were sent for something else is nobody's. */
static bool is_old_fin(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t lowest = flow_contiguous(flow, look->x) + (endpoint_is(flow, look->x, EP_FIN) ? 0u : 1u);
  return flag(look, TCPSTATE_FIN) && endpoint_is(flow, look->x, EP_SEEN) && seq_lt(look->end, lowest);
}

/* What the capture lacks: the peer has acknowledged beyond what was captured, or a bare acknowledgement, which
 * carries SND.NXT, lies beyond what was sent. */
static void note_unseen(struct look *look)
{
  struct flow *flow = look->flow;
  struct endpoint *ep = &flow->ep[look->x];
  if (look->gap) {
    stream_forget_blocks(flow, &look->tracker->holes);
    ep->nxt = ep->rcvd = look->segment->seq;
  }
  look->unseen = endpoint_is(flow, look->x, EP_SEEN) && seq_gt(ep->nxt, ep->rcvd);
  if (look->end == look->segment->seq && endpoint_is(flow, look->x, EP_SEEN) && !endpoint_is(flow, look->x, EP_FIN)) {
    ep->nxt = seq_max(ep->nxt, look->end);
  }
}

static void judge_origin(struct look *look)
{
  if (!look->stale) {
    judge_sender(look);
  } else if (flag(look, TCPSTATE_FIN) && !endpoint_is(look->flow, look->x, EP_FIN)) {
    judge_fin(look);
  } else if (flag(look, TCPSTATE_FIN)) {
    note(look, TCPSTATE_EVENT_FIN_RETRANSMITTED);
  }
}

static void commit_data(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool first_fin = (look->steps & (TCPSTATE_TEARDOWN_FIN_1 | TCPSTATE_TEARDOWN_FIN_2)) != 0;
  if (endpoint_is(flow, x, EP_FIN) && seq_gt(look->end, flow->ep[x].nxt) && !first_fin) {
    note(look, TCPSTATE_EVENT_DATA_AFTER_FIN);
    tangle_begin(look);
  } else {
    stream_take(flow, &look->tracker->holes, x, look->segment->seq, look->end);
  }
  if (look->segment->payload_length && endpoint_is(flow, x, EP_GOT_FIN)) {
    flow->control_segments = (uint8_t)(flow->control_segments | 64u << x);
  }
}

static void judge_acceptable(struct look *look)
{
  note_overdue(look);
  note_numbers(look);
  weigh_queue(look);
  uint32_t nxt_before = look->flow->ep[look->x].nxt;
  bool wholly_old = is_wholly_old(look);
  if (is_old_fin(look)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE);
    may_have_closed(look);
    return;
  }
  note_unseen(look);
  name_probe(look);
  judge_origin(look);
  pass_data(look, nxt_before);
  commit_data(look);
  name_fin(look);
  if (!wholly_old) {
    receiver_opening(look);
  }
  commit_ack(look);
  if (!wholly_old) {
    receiver_closing(look, nxt_before);
  }
  commit_stamp(look);
}

void judge_ordinary(struct look *look)
{
  if (!flag(look, TCPSTATE_ACK)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE); /* 3.10.7.4 fifth: without ACK it is dropped */
  } else if (is_challenge(look)) {
    judge_challenge(look);
  } else {
    note_earlier(look);
    if (!is_refused(look)) {
      judge_acceptable(look);
    }
  }
}
