/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which short way a segment may take, and that of data and acknowledgements. */
#include "usual_parts.h"

enum {
  LARGEST_PAYLOAD = 1 << 24, /* far from where sequence numbers wrap */
  CONTROL = TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK,
  DEFECTS = TCPSTATE_BAD_CHECKSUM | TCPSTATE_NO_TIME | TCPSTATE_NO_WINDOW
};

/* Shorter than any wait for an acknowledgement that is overdue. */
static const int64_t SHORT_SILENCE_NS = INT64_C(1000) * (ROUND_TRIP_SLACK_US + DELAYED_ACK_US);

/* The first segment of a server that shows that the handshake's ACK has arrived: proves_ack_of_syn(). */
static bool is_first_word(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned y = 1 - x;
  return relevant_facts(flow, x) == (EP_SEEN | EP_UNA) && flow->pending[x] == PENDING_ACK_OF_SYN &&
         flow->possible[x] == (SET(SYN_RECEIVED) | SET(ESTABLISHED)) && (flow->facts[0] & flow->facts[1] & EP_SYN) &&
         x != flow_client(flow) && !(flow->conn & FLOW_FAST_OPEN) &&
         (segment->payload_length || seq_gt(segment->ack, flow->isn[y] + 1));
}

/* Both seen and acknowledged, no doubt, nothing on its way to the sender. That the receiver has got the
 * acknowledgement of its SYN need not be proven, if it is known to be on its way. */
static bool is_settled(const struct flow *flow, unsigned x, bool first_word)
{
  unsigned own = relevant_facts(flow, x) & ~(unsigned)EP_HOLE;
  unsigned other = relevant_facts(flow, 1 - x) & ~(unsigned)EP_HOLE;
  other |= flow->pending[1 - x] & PENDING_ACK_OF_SYN ? EP_SYNCED : 0u;
  if (!endpoint_is(flow, 1 - x, EP_SYN) && (flow->possible[1 - x] & SET(SYN_RECEIVED))) {
    return false; /* receiver_opening(): this may acknowledge a SYN-ACK that was not captured */
  }
  return other == USUAL_FACTS && is_simple(flow) && (first_word || (own == USUAL_FACTS && flow->pending[x] == 0));
}

/* The sequence number is the next in line and the segment says nothing new about how far its sender has got. */
static bool is_next(const struct flow *flow, const tcpstate_segment *segment, unsigned x, unsigned possible)
{
  const struct endpoint *own = &flow->ep[x];
  uint32_t sent = own->nxt - flow->isn[x];
  const unsigned able = segment->payload_length ? SET(ESTABLISHED) | SET(CLOSE_WAIT) : SET_SYNCHRONIZED;
  return segment->seq == own->nxt && own->rcvd == own->nxt && sent + segment->payload_length >= sent &&
         (possible & SET(ESTABLISHED)) && (possible & ~able) == 0;
}

/* It acknowledges what has passed, not less than before, and is no bare duplicate. */
static bool acknowledges_usually(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *peer = &flow->ep[1 - x];
  bool duplicate = segment->payload_length == 0 && segment->ack == peer->una && segment->window == flow->win[x];
  return seq_ge(segment->ack, peer->una) && seq_le(segment->ack, peer->nxt) && seq_le(segment->ack, peer->rcvd) &&
         !(duplicate && segment->ack != peer->nxt);
}

/* If it acknowledges less than what has passed, then because that may not have arrived yet: shows_hole() is false. */
static bool is_in_time(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  return segment->time_ns == clock_bounded(segment->time_ns) &&
         (segment->ack == flow->ep[1 - x].nxt ||
          clock_since(clock_us(segment->time_ns), flow->moved_us[x]) <= look_patience_us(flow, x));
}

/* What is known to be missing: note_overdue(), note_hole() and pass_data(), before the numbers move. */
static void weigh_holes(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned y = 1 - x;
  bool silent = segment->time_ns - flow->last_ns > SHORT_SILENCE_NS;
  if (!silent && !((flow->facts[0] | flow->facts[1]) & EP_HOLE)) {
    return;
  }
  bool sent_again = segment->payload_length && seq_ge(flow->ep[x].una, segment->seq) &&
                    seq_gt(segment->seq + segment->payload_length, flow->ep[x].una);
  bool acknowledged = segment->ack != flow->ep[y].una;
  set_hole(flow, x, (endpoint_is(flow, x, EP_HOLE) || is_overdue(flow, segment, x)) && !sent_again);
  set_hole(flow, y, (endpoint_is(flow, y, EP_HOLE) || is_overdue(flow, segment, y)) && !acknowledged);
}

/* sender_synchronized(), possible_ordinary() */
static void take_first_word(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  if (segment->ack == flow->ep[1 - x].nxt) {
    flow_sample_round_trip(flow, x, clock_us(segment->time_ns));
  }
  endpoint_set(flow, x, EP_SYNCED);
  flow->pending[x] = 0;
  flow->possible[x] = SET(ESTABLISHED);
}

static void commit(struct flow *flow, const tcpstate_segment *segment, unsigned x, unsigned letter)
{
  struct endpoint *own = &flow->ep[x];
  unsigned forget = 1u << x;
  if (segment->payload_length) {
    own->nxt += segment->payload_length;
    own->rcvd = own->nxt;
    forget |= 4u << x;
    flow->moved_us[1 - x] = clock_us(segment->time_ns);
  }
  bool large = segment->payload_length >= SMALLEST_MSS;
  flow->duplicates = (uint8_t)((flow->duplicates & ~forget) | (large ? 4u << x : 0u));
  flow->ep[1 - x].una = segment->ack;
  flow->win[x] = segment->window;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    own->ts = segment->ts_value;
  }
  if (!history_has(flow->history, letter)) {
    history_append(flow, letter);
  }
  count_usual(flow, segment, x);
}

static void annotate_data(const struct usual *usual, bool surely_sent, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation data = {
      .state = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},
      .previous = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},
      .certainty = {TCPSTATE_ASSUMED, TCPSTATE_ASSUMED},
      .phase = TCPSTATE_PHASE_DATA,
  };
  const struct flow *flow = usual->flow;
  unsigned x = usual->x;
  unsigned client = flow_client(flow);
  unsigned own = x ^ client;
  *annotation = data;
  annotation->stream = flow->stream;
  annotation->slot = usual->place;
  annotation->possible[own] = flow->possible[x];
  annotation->possible[1 - own] = flow->possible[1 - x];
  if (surely_sent && flow->possible[x] == SET(ESTABLISHED)) {
    annotation->certainty[own] = TCPSTATE_OBSERVED;
  }
  annotation->src_role = (uint8_t)own;
  if (flow->conn & (FLOW_MID_STREAM | FLOW_INFERRED)) {
    annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
    annotation->certainty[own] = is_doubtful(flow, x) ? TCPSTATE_GUESSED : annotation->certainty[own];
    annotation->certainty[1 - own] = is_doubtful(flow, 1 - x) ? TCPSTATE_GUESSED : TCPSTATE_ASSUMED;
  }
}

static bool take_data(const struct usual *usual, tcpstate_annotation *annotation)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  unsigned letter = letter_of(flow, x, segment->payload_length ? HISTORY_DATA : HISTORY_ACK);
  bool first_word = flow->pending[x] && is_first_word(flow, segment, x);
  unsigned possible = first_word ? SET(ESTABLISHED) : flow->possible[x];
  if (segment->payload_length >= LARGEST_PAYLOAD || !is_settled(flow, x, first_word) ||
      !is_next(flow, segment, x, possible) || !acknowledges_usually(flow, segment, x) ||
      !is_stamped_usually(flow, segment, x) || !is_in_time(flow, segment, x) || !is_in_window(flow, segment, x) ||
      !(history_has(flow->history, letter) || history_has_room(flow->history))) {
    return false;
  }
  weigh_holes(flow, segment, x);
  if (first_word) {
    take_first_word(flow, segment, x);
  }
  bool surely_sent = is_surely_sent(flow, segment, x);
  commit(flow, segment, x, letter);
  annotate_data(usual, surely_sent, annotation);
  return true;
}

/* ---------------------------------------------------------------- which way */

static bool is_whole(const tcpstate_segment *segment)
{
  return (segment->facts & DEFECTS) == 0 && segment->window != 0;
}

bool usual_opens(const tcpstate_segment *segment)
{
  return (segment->flags & CONTROL) == TCPSTATE_SYN && is_whole(segment) && segment->payload_length == 0 &&
         segment->time_ns == clock_bounded(segment->time_ns);
}

static bool are_in(const struct flow *flow, unsigned own, unsigned peer, unsigned x)
{
  return flow->state[x] == own && flow->state[1 - x] == peer;
}

bool usual_take(const struct usual *usual, tcpstate_annotation *annotation)
{
  if (!is_whole(usual->segment) || history_has_reset(usual->flow, usual->x)) { /* see possible_close() */
    return false;
  }
  switch (usual->segment->flags & CONTROL) {
  case TCPSTATE_ACK:
    if (are_in(usual->flow, TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED, usual->x)) {
      return take_data(usual, annotation);
    }
    if (are_in(usual->flow, TCPSTATE_ESTABLISHED, TCPSTATE_SYN_RECEIVED, usual->x)) {
      return usual_handshake_ack(usual, annotation);
    }
    return usual_close(usual, annotation);
  case TCPSTATE_FIN | TCPSTATE_ACK:
    return usual_close(usual, annotation);
  case TCPSTATE_SYN | TCPSTATE_ACK:
    return usual_syn_ack(usual, annotation);
  default:
    return false;
  }
}
