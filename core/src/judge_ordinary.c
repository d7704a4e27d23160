/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments without SYN and RST: acknowledgements, data, FIN. In the order of RFC 9293 3.10.7.4: first the sequence
 * number, fifth the ACK field, eighth the FIN; before that, what the segment proves about its sender. */
#include "possible.h"

#include "seq.h"
#include "stream.h"

enum {
  SMALLEST_MSS = 536,     /* RFC 9293 3.7.1 */
  OVERTAKEN_TICKS = 10000 /* of a time stamp clock, which ticks at most once a millisecond (RFC 7323 5.4) */
};

/* ---------------------------------------------------------------- first: would the receiver look at it? */

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

/* Twice in a row far ahead means that the capture lost the part between, once may be anybody's. */
static bool is_refused(struct look *look)
{
  bool ahead = look_beyond_window(look) || impossible_ack(look);
  if (fails_paws(look)) {
    note(look, TCPSTATE_EVENT_PAWS);
    overtaken_fin(look);
    return true;
  }
  if (ahead && !endpoint_is(look->flow, look->x, EP_JUMP)) {
    endpoint_set(look->flow, look->x, EP_JUMP);
    note(look, TCPSTATE_EVENT_UNACCEPTABLE);
    return true;
  }
  endpoint_clear(look->flow, look->x, EP_JUMP);
  return false;
}

/* ---------------------------------------------------------------- what it proves about the sender */

static bool covers_fin(const struct look *look)
{
  return endpoint_is(look->flow, look->y, EP_FIN) && seq_ge(look->segment->ack, look->flow->ep[look->y].nxt);
}

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
    look->flow->possible[x] = (uint16_t)(flow->possible[x] & ~SET(SYN_SENT));
    note(look, TCPSTATE_EVENT_REVISED);
  }
}

/* In SYN-RECEIVED an unacceptable segment is answered by a bare ACK (3.10.7.4 first), and with Fast Open data may be
 * sent (RFC 7413 4.2). What acknowledges more than the peer's SYN, or carries data or FIN without Fast Open, is sent
 * later only. */
static bool proves_ack_of_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  if (!(flow->possible[look->x] & SET(SYN_RECEIVED)) && state_of(look, look->x) != TCPSTATE_SYN_RECEIVED) {
    return true;
  }
  if ((flow->conn & FLOW_FAST_OPEN) && look->x != flow_client(flow)) {
    return seq_gt(look->segment->ack, flow->ep[look->y].una);
  }
  bool got_more = endpoint_is(flow, look->y, EP_SYN) && seq_gt(look->segment->ack, flow->isn[look->y] + 1);
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
    look_answered(look, x);
  }
  endpoint_set(flow, x, EP_SYNCED);
  endpoint_clear(flow, x, EP_CHALLENGED);
  look_move(look, x, GETS_SYN_ACK);
  if (state_in(look, x, SET_NO_TCB | SET(UNKNOWN))) {
    look_show(look, x, state_by_facts(look, x, covers_fin(look)));
  }
}

static void sender_got_fin(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (covers_fin(look)) {
    if (!endpoint_is(flow, x, EP_GOT_FIN) && state_in(look, x, SET_GOT_FIN)) {
      look_answered(look, x);
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
static void take_fin_back(struct look *look)
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
  stream_forget_holes(flow, &look->tracker->holes);
  uint16_t before = flow->possible[x];
  look_move(look, x, TAKES_FIN_BACK);
  possible_map(look, x, TAKES_FIN_BACK);
  flow->possible[x] |= before;
  possible_settle(look, look->y, PENDING_FIN | PENDING_FIN_AND_ACK);
  note(look, TCPSTATE_EVENT_REVISED);
}

/* A close() whose FIN waited behind data may have come before the peer's FIN arrived: then this is CLOSING. */
static void weigh_queued_fin(struct look *look)
{
  struct flow *flow = look->flow;
  bool sent_data = look->segment->payload_length || (flow->control_segments & (64u << look->x));
  if (state_in(look, look->x, SET(LAST_ACK)) && sent_data) {
    flow->possible[look->x] |= SET(CLOSING);
  }
}

static bool fin_repeated(const struct flow *flow, unsigned e)
{
  return (flow->duplicates & (16u << e)) != 0;
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
  if (look->end == flow->ep[x].nxt && state_in(look, x, SET(LAST_ACK)) && look->unseen &&
      !fin_repeated(flow, look->y)) {
    look_show(look, x, TCPSTATE_CLOSING); /* SND.NXT was beyond it already when the peer's FIN was acknowledged */
    flow->possible[x] |= SET(CLOSING) | SET(LAST_ACK);
    flow->conn |= FLOW_SIMULTANEOUS;
  }
  weigh_queued_fin(look);
  if (seq_lt(look->end, flow->ep[x].nxt)) { /* what seemed to come after it was not this endpoint's */
    flow->ep[x].nxt = look->end;
    stream_forget_holes(flow, &look->tracker->holes);
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

static void repeated_fin(struct look *look)
{
  unsigned x = look->x;
  note(look, TCPSTATE_EVENT_FIN_RETRANSMITTED);
  look->flow->duplicates = (uint8_t)(look->flow->duplicates | 16u << x);
  if (look_is_newer_stamp(look) && look_due(look, x) && look_move(look, x, REPEATS_FIN)) {
    note(look, TCPSTATE_EVENT_REVISED);
  }
}

/* ---------------------------------------------------------------- what it does at the receiver */

static void receiver_opening(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned y = look->y;
  uint32_t ack = look->segment->ack;
  bool unseen = !endpoint_is(flow, y, EP_SEEN) && state_in(look, y, SET(SYN_RECEIVED));
  if (unseen) { /* one direction only: the sender must have got the SYN-ACK */
    endpoint_set(flow, y, EP_SYN);
    flow->isn[y] = ack - 1;
    flow->ep[y].nxt = ack;
  }
  bool acknowledges = endpoint_is(flow, y, EP_SYN) && seq_gt(ack, flow->isn[y]) && seq_le(ack, flow->ep[y].nxt);
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

/* What the receiver was missing is sent again. */
static void fill_hole(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (endpoint_is(flow, x, EP_HOLE) && look->end != look->segment->seq && seq_le(look->segment->seq, flow->ep[x].una) &&
      seq_gt(look->end, flow->ep[x].una)) {
    endpoint_clear(flow, x, EP_HOLE);
    look_pass(look, look->y);
  }
}

static void receiver_closing(struct look *look, uint32_t peer_nxt)
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
    bool together = whole && flag(look, TCPSTATE_FIN);
    possible_pass(look, y, together ? PENDING_FIN_AND_ACK : PENDING_ACK_OF_FIN);
    if (together && ahead) { /* what came before it may be lost: then only its ACK counts for now */
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

/* ---------------------------------------------------------------- events */

/* A keep-alive probe repeats the last byte that was acknowledged (RFC 9293 3.8.4). */
static bool is_probe(const struct look *look)
{
  const struct flow *flow = look->flow;
  const struct endpoint *ep = &flow->ep[look->x];
  return look->segment->payload_length <= 1 && !flag(look, TCPSTATE_FIN) && endpoint_is(flow, look->x, EP_UNA) &&
         look->segment->seq == ep->nxt - 1 && ep->una == ep->nxt && !endpoint_is(flow, look->x, EP_FIN);
}

/* What asks the peer for an answer: a probe, or data that is sent again. */
static void name_probe(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool probe = is_probe(look);
  if (probe) {
    note(look, TCPSTATE_EVENT_KEEP_ALIVE);
  }
  if (probe || (look->repeated && seq_gt(look->end, flow->ep[x].una))) {
    if (flow->pending[look->y] & PENDING_PROBE) {
      note(look, TCPSTATE_EVENT_PEER_SILENT);
    }
    possible_pass(look, look->y, PENDING_PROBE);
    return;
  }
  if (flow->pending[x] & PENDING_PROBE) {
    possible_settle(look, x, PENDING_PROBE);
    if (look->end == look->segment->seq && look->segment->ack == flow->ep[look->y].una) {
      note(look, TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED);
    }
  }
}

static void name_fin(struct look *look)
{
  struct flow *flow = look->flow;
  if (flag(look, TCPSTATE_FIN) && !look_fin_passed(look)) {
    note(look, TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE);
    if (!endpoint_is(flow, look->x, EP_FIN_ACKED)) {
      endpoint_set(flow, look->x, EP_FIN_UNSURE);
      flow->possible[look->x] |= endpoint_is(flow, look->x, EP_GOT_FIN) ? SET(CLOSE_WAIT) : SET(ESTABLISHED);
    }
  }
  if (look_fin_passed(look)) {
    endpoint_clear(flow, look->x, EP_FIN_UNSURE);
  }
  bool half_closed = endpoint_is(flow, look->y, EP_FIN) && !endpoint_is(flow, look->x, EP_FIN);
  if (half_closed && look->segment->payload_length && endpoint_is(flow, look->x, EP_GOT_FIN)) {
    note(look, TCPSTATE_EVENT_HALF_CLOSE);
  }
}

/* ---------------------------------------------------------------- the order of things */

static void note_overdue(struct look *look)
{
  for (unsigned e = 0; e < 2; e++) {
    if (look_overdue(look, e)) {
      endpoint_set(look->flow, e, EP_HOLE);
    }
  }
}

static void note_numbers(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  uint32_t ack = look->segment->ack;
  look->old_ack = endpoint_is(flow, look->y, EP_UNA) && seq_lt(ack, flow->ep[look->y].una);
  look->reaction = look->end == look->segment->seq && endpoint_is(flow, look->y, EP_UNA) &&
                   ack == flow->ep[look->y].una && look->segment->window == flow->win[x] &&
                   seq_lt(ack, flow->ep[look->y].nxt);
  look->repeated = endpoint_is(flow, x, EP_SEEN) && look->end != look->segment->seq &&
                   seq_le(look->end, flow->ep[x].nxt) && look_is_newer_stamp(look);
  look->stale = look->old_ack || !(look_is_newer_stamp(look) || look->segment->ts_value == flow->ep[x].ts);
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
    flow->win[look->x] = (look->segment->facts & TCPSTATE_NO_WINDOW) ? 0xffff : look->segment->window;
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

/* A close() whose FIN waits behind data cannot be seen. It is excluded when all that was sent is acknowledged, the
 * peer's window has room for a full segment, and the last data did not fill its segment. */
static void weigh_queue(struct look *look)
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

/* Two duplicate acknowledgements in a row: what passed was not only late but lost. */
static void note_hole(struct look *look)
{
  struct flow *flow = look->flow;
  uint8_t bit = (uint8_t)(1u << look->x);
  bool again = look->reaction && (flow->duplicates & bit);
  if (again) {
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

static void judge_sender(struct look *look)
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
  if (!endpoint_is(flow, look->y, EP_SEEN)) { /* one direction only: anything may have reached it */
    possible_pass(look, x, PENDING_FIN | PENDING_ACK_OF_FIN);
    look->surely_sent = false;
  }
  bool again = flag(look, TCPSTATE_FIN) && endpoint_is(flow, x, EP_FIN);
  bool retransmitted = again && look_is_newer_stamp(look) && look_due(look, x);
  possible_ordinary(look, covers_fin(look), retransmitted);
  if (again) {
    repeated_fin(look);
  } else if (flag(look, TCPSTATE_FIN)) {
    judge_fin(look);
  }
  if ((flow->pending[x] & PENDING_RST) && state_in(look, x, SET_SYNCHRONIZED)) {
    if (look_long_due(look, x)) {
      possible_settle(look, x, PENDING_RST);
      flow->possible[x] = (uint16_t)(flow->possible[x] & ~SET_NO_TCB);
    } else {
      flow->possible[x] |= SET(CLOSED);
    }
  }
  look->departure = flow->possible[x];
}

/* Figure 9: the receiver is in SYN-SENT, and this answers something else than its SYN. The sender is in a connection
 * that the receiver has lost; the receiver will reset it with the number that is acknowledged here. */
static bool is_challenge(const struct look *look)
{
  const struct flow *flow = look->flow;
  return state_in(look, look->y, SET(SYN_SENT)) && !endpoint_is(flow, look->y, EP_STRAY_SYN) &&
         !endpoint_is(flow, look->x, EP_SYNCED) &&
         (seq_le(look->segment->ack, flow->isn[look->y]) || seq_gt(look->segment->ack, flow->ep[look->y].nxt));
}

/* The state that its old connection was left in, if that is known. */
static unsigned state_before(const struct look *look)
{
  static const uint8_t candidates[] = {TCPSTATE_ESTABLISHED, TCPSTATE_LAST_ACK, TCPSTATE_CLOSE_WAIT,
                                       TCPSTATE_FIN_WAIT_2, TCPSTATE_FIN_WAIT_1};
  for (unsigned i = 0; i < sizeof candidates; i++) {
    if (look->flow->possible[look->x] & TCPSTATE_MASK(candidates[i])) {
      return candidates[i];
    }
  }
  return TCPSTATE_ESTABLISHED;
}

static void judge_challenge(struct look *look)
{
  struct flow *flow = look->flow;
  note(look, TCPSTATE_EVENT_CHALLENGE_ACK);
  note(look, TCPSTATE_EVENT_HALF_OPEN);
  look_show(look, look->x, state_before(look));
  flow->possible[look->x] |= SET_SYNCHRONIZED; /* or dead since: this may be late */
  endpoint_clear(flow, look->x, EP_SEEN);
  stream_take(flow, &look->tracker->holes, look->x, look->segment->seq, look->end);
  endpoint_set(flow, look->x, EP_GAP);
  endpoint_set(flow, look->y, EP_CHALLENGED | EP_UNA);
  flow->ep[look->y].una = look->segment->ack;
}

void judge_ordinary(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  if (!flag(look, TCPSTATE_ACK)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE); /* 3.10.7.4 fifth: without ACK it is dropped */
    return;
  }
  if (is_challenge(look)) {
    judge_challenge(look);
    return;
  }
  if (is_refused(look)) {
    return;
  }
  note_overdue(look);
  note_numbers(look);
  weigh_queue(look);
  if (look->gap) { /* the peer has acknowledged beyond what was captured: the hole is the capture's */
    stream_forget_holes(flow, &look->tracker->holes);
    flow->ep[x].nxt = flow->ep[x].rcvd = look->segment->seq;
  }
  uint32_t nxt_before = flow->ep[x].nxt;
  /* first check: all of it has been acknowledged, so the receiver drops it before it looks at the ACK field */
  bool wholly_old = look->end != look->segment->seq && endpoint_is(flow, x, EP_UNA) &&
                    seq_le(look->end, flow->ep[x].una) && !flag(look, TCPSTATE_FIN);
  bool old_fin =
      flag(look, TCPSTATE_FIN) && endpoint_is(flow, x, EP_SEEN) && seq_lt(look->end, flow_contiguous(flow, x));
  if (old_fin) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE); /* a FIN below what was sent after it is nobody's */
    return;
  }
  look->unseen = endpoint_is(flow, x, EP_SEEN) && seq_gt(nxt_before, flow->ep[x].rcvd);
  if (look->end == look->segment->seq && endpoint_is(flow, x, EP_SEEN) && !endpoint_is(flow, x, EP_FIN) &&
      seq_gt(look->end, nxt_before)) {
    flow->ep[x].nxt = look->end; /* a bare acknowledgement carries SND.NXT */
  }
  name_probe(look);
  if (!look->stale) {
    judge_sender(look);
  } else if (flag(look, TCPSTATE_FIN) && !endpoint_is(flow, x, EP_FIN)) {
    judge_fin(look);
  } else if (flag(look, TCPSTATE_FIN)) {
    note(look, TCPSTATE_EVENT_FIN_RETRANSMITTED);
  }
  if (endpoint_is(flow, x, EP_FIN) && seq_gt(look->end, flow->ep[x].nxt) && !(look->steps & 5u)) {
    note(look, TCPSTATE_EVENT_DATA_AFTER_FIN);
  } else {
    stream_take(flow, &look->tracker->holes, x, look->segment->seq, look->end);
  }
  if (look->segment->payload_length && endpoint_is(flow, x, EP_GOT_FIN)) {
    flow->control_segments = (uint8_t)(flow->control_segments | 64u << x);
  }
  fill_hole(look);
  name_fin(look);
  if (!wholly_old) {
    receiver_opening(look);
    commit_ack(look);
    receiver_closing(look, nxt_before);
  }
  commit_stamp(look);
}
