/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The next data in line and plain acknowledgements, between two endpoints in ESTABLISHED. */
#include "usual_parts.h"
#include <string.h>

enum { LARGEST_PAYLOAD = 1 << 24 /* far from where sequence numbers wrap */ };

/* Shorter than any wait for an acknowledgement that is overdue. */
static const int64_t SHORT_SILENCE_NS = INT64_C(1000) * (ROUND_TRIP_SLACK_US + DELAYED_ACK_US);

/* Of both endpoints at once. */
static uint32_t both_16(const uint16_t values[2])
{
  uint32_t both;
  memcpy(&both, values, sizeof both);
  return both;
}

static uint32_t twice(unsigned value)
{
  return value * 0x00010001u;
}

/* The state of most connections in most of their life: nothing under way, nothing possible but ESTABLISHED. */
static bool is_sure(const struct flow *flow)
{
  return (both_16(flow->facts) & ~twice(IRRELEVANT_FACTS | EP_HOLE)) == twice(USUAL_FACTS) &&
         both_16(flow->possible) == twice(SET(ESTABLISHED)) && !(flow->pending[0] | flow->pending[1]) &&
         is_simple(flow);
}

/* The first segment of a server that shows that the handshake's ACK has arrived: proves_ack_of_syn(). */
static bool is_first_word(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned y = 1 - x;
  return relevant_facts(flow, x) == (EP_SEEN | EP_UNA) && flow->pending[x] == PENDING_ACK_OF_SYN &&
         flow->possible[x] == (SET(SYN_RECEIVED) | SET(ESTABLISHED)) && (flow->facts[0] & flow->facts[1] & EP_SYN) &&
         x != flow_client(flow) && !(flow->conn & FLOW_FAST_OPEN) &&
         (segment->payload_length || seq_gt(segment->ack, flow->isn[y] + 1));
}

/* Both seen and acknowledged, nothing on its way to the sender. That the receiver has got the acknowledgement of its
 * SYN need not be proven, if it is known to be on its way. */
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

/* Where the capture began late, something of before may be under way, or this may say more of it. */
static bool is_of_before(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  bool narrows = segment->payload_length && (flow->possible[1 - x] & SET_GOT_FIN);
  return (flow->conn & FLOW_MID_STREAM) && (narrows || flow->pending[0] || flow->pending[1]);
}

/* possible_ordinary() has nothing to take away. */
static bool is_able(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const unsigned able = segment->payload_length ? SET(ESTABLISHED) | SET(CLOSE_WAIT) : SET_SYNCHRONIZED;
  return (flow->possible[x] & SET(ESTABLISHED)) && (flow->possible[x] & ~able) == 0;
}

/* The sequence number is the next in line. */
static bool is_next(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *own = &flow->ep[x];
  uint32_t sent = own->nxt - flow->isn[x];
  return segment->seq == own->nxt && own->rcvd == own->nxt && sent + segment->payload_length >= sent;
}

/* It acknowledges what has passed, not less than before, and is no bare duplicate. If it acknowledges less than what
 * has passed, then because that may not have arrived yet: shows_hole() is false. */
static bool acknowledges_usually(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *peer = &flow->ep[1 - x];
  uint32_t ack = segment->ack;
  bool is_old = seq_lt(ack, peer->una);
  bool is_ahead = seq_gt(ack, peer->nxt);
  bool is_of_missed = seq_gt(ack, peer->rcvd);
  if (is_old | is_ahead | is_of_missed) {
    return false;
  }
  if (ack == peer->nxt) {
    return true;
  }
  bool duplicate = segment->payload_length == 0 && ack == peer->una && segment->window == flow->win[x];
  uint32_t since_passed = clock_since(clock_us(segment->time_ns), flow->moved_us[x]);
  return !duplicate && since_passed <= look_patience_us(flow, x);
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

static void commit(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  struct endpoint *own = &flow->ep[x];
  uint32_t length = segment->payload_length;
  unsigned filled = length >= SMALLEST_MSS ? 4u << x : 0u;
  if (length) {
    own->nxt += length;
    own->rcvd = own->nxt;
    flow->moved_us[1 - x] = clock_us(segment->time_ns);
    flow->duplicates = (uint8_t)((flow->duplicates & ~(5u << x)) | filled);
  } else {
    flow->duplicates = (uint8_t)(flow->duplicates & ~(1u << x));
  }
  flow->ep[1 - x].una = segment->ack;
  flow->win[x] = segment->window;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    own->ts = segment->ts_value;
  }
  count_usual(flow, segment, x);
}

#define DATA_OF(role, client, server)                                                                                  \
  {                                                                                                                    \
    .possible = {SET(ESTABLISHED), SET(ESTABLISHED)}, .state = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},           \
    .previous = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED}, .certainty = {client, server}, .src_role = (role),       \
    .phase = TCPSTATE_PHASE_DATA,                                                                                      \
  }

/* annotate(), by the sender's role and whether it surely sent this in ESTABLISHED. */
static void annotate_data(const struct usual *usual, bool sure, bool surely_sent, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation data[2][2] = {{DATA_OF(TCPSTATE_CLIENT, TCPSTATE_ASSUMED, TCPSTATE_ASSUMED),
                                                  DATA_OF(TCPSTATE_CLIENT, TCPSTATE_OBSERVED, TCPSTATE_ASSUMED)},
                                                 {DATA_OF(TCPSTATE_SERVER, TCPSTATE_ASSUMED, TCPSTATE_ASSUMED),
                                                  DATA_OF(TCPSTATE_SERVER, TCPSTATE_ASSUMED, TCPSTATE_OBSERVED)}};
  const struct flow *flow = usual->flow;
  unsigned x = usual->x;
  unsigned own = x ^ flow_client(flow);
  *annotation = data[own][surely_sent & (flow->possible[x] == SET(ESTABLISHED))];
  annotation->stream = flow->stream;
  annotation->slot = usual->place;
  annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
  if (sure) {
    return;
  }
  annotation->possible[own] = flow->possible[x];
  annotation->possible[1 - own] = flow->possible[1 - x];
  annotation->certainty[own] = is_doubtful(flow, x) ? TCPSTATE_GUESSED : annotation->certainty[own];
  annotation->certainty[1 - own] = is_doubtful(flow, 1 - x) ? TCPSTATE_GUESSED : TCPSTATE_ASSUMED;
}

bool usual_data(const struct usual *usual, tcpstate_annotation *annotation)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  bool sure = is_sure(flow);
  bool first_word = !sure && flow->pending[x] && is_first_word(flow, segment, x);
  if (!sure && (is_of_before(flow, segment, x) || !is_settled(flow, x, first_word) ||
                !(first_word || is_able(flow, segment, x)))) {
    return false;
  }
  if (segment->payload_length >= LARGEST_PAYLOAD || !is_next(flow, segment, x) ||
      !acknowledges_usually(flow, segment, x) || !is_stamped_usually(flow, segment, x) ||
      !clock_is_bounded(segment->time_ns) || !is_in_window(flow, segment, x)) {
    return false;
  }
  bool surely_sent = is_surely_sent(flow, segment, x);
  unsigned letter = letter_of(flow, x, segment->payload_length ? HISTORY_DATA : HISTORY_ACK);
  if (!history_has(flow->history, letter)) {
    if (!history_has_room(flow->history)) {
      return false;
    }
    history_append(flow, letter);
  }
  weigh_holes(flow, segment, x);
  if (first_word) {
    take_first_word(flow, segment, x);
  }
  commit(flow, segment, x);
  annotate_data(usual, sure, surely_sent, annotation);
  return true;
}
