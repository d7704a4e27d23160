/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The next data in line and plain acknowledgements, between two endpoints in ESTABLISHED. */
#include "usual_exchange.h"

/* The first segment of a server that shows that the handshake's ACK has arrived: proves_ack_of_syn(). */
static bool is_first_word(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned y = 1 - x;
  return relevant_facts(flow, x) == (EP_SEEN | EP_UNA) && flow->ep[x].pending == PENDING_ACK_OF_SYN &&
         flow->ep[x].possible == (SET(SYN_RECEIVED) | SET(ESTABLISHED)) &&
         (flow->ep[0].facts & flow->ep[1].facts & EP_SYN) && x != flow_client(flow) && !(flow->conn & FLOW_FAST_OPEN) &&
         (segment->payload_length || seq_gt(segment->ack, flow->ep[y].isn + 1));
}

/* Both seen and acknowledged, nothing on its way to the sender. That the receiver has got the acknowledgement of its
 * SYN need not be proven, if it is known to be on its way. */
static bool is_settled(const struct flow *flow, unsigned x, bool first_word)
{
  unsigned own = relevant_facts(flow, x) & ~(unsigned)EP_HOLE;
  unsigned other = relevant_facts(flow, 1 - x) & ~(unsigned)EP_HOLE;
  other |= flow->ep[1 - x].pending & PENDING_ACK_OF_SYN ? EP_SYNCED : 0u;
  if (!endpoint_is(flow, 1 - x, EP_SYN) && (flow->ep[1 - x].possible & SET(SYN_RECEIVED))) {
    return false; /* receiver_opening(): this may acknowledge a SYN-ACK that was not captured */
  }
  return other == USUAL_FACTS && is_simple(flow) && (first_word || (own == USUAL_FACTS && flow->ep[x].pending == 0));
}

/* Where the capture began late, something of before may be under way, or this may say more of it. */
static bool is_of_before(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  bool narrows = segment->payload_length && (flow->ep[1 - x].possible & SET_GOT_FIN);
  return (flow->conn & FLOW_MID_STREAM) && (narrows || flow->ep[0].pending || flow->ep[1].pending);
}

/* possible_ordinary() has nothing to take away. */
static bool is_able(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const unsigned able = segment->payload_length ? SET(ESTABLISHED) | SET(CLOSE_WAIT) : SET_SYNCHRONIZED;
  return (flow->ep[x].possible & SET(ESTABLISHED)) && (flow->ep[x].possible & ~able) == 0;
}

/* Of a connection of which not all is sure. */
static bool is_usual(const struct flow *flow, const tcpstate_segment *segment, unsigned x, bool first_word)
{
  return !is_of_before(flow, segment, x) && is_settled(flow, x, first_word) &&
         (first_word || is_able(flow, segment, x));
}

/* ---------------------------------------------------------------- conditions */

/* The sequence number is the next in line. */
static bool is_next(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *own = &flow->ep[x];
  uint32_t sent = own->nxt - own->isn;
  uint32_t astray = (segment->seq ^ own->nxt) | (own->rcvd ^ own->nxt);
  return astray == 0 && segment->payload_length < NUMBERS_BLOCK && sent + segment->payload_length >= sent;
}

/* It acknowledges what has passed, not less than before. If it acknowledges less than all, then because that may not
 * have arrived yet: shows_hole() is false; and it is no bare duplicate. */
static bool acknowledges_usually(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *peer = &flow->ep[1 - x];
  uint32_t ack = segment->ack;
  uint32_t outside = (ack - peer->una) | (peer->nxt - ack) | (peer->rcvd - ack); /* below 0 if one of them is */
  if (outside >> 31 || ack == peer->nxt) {
    return outside >> 31 == 0;
  }
  return usual_lags(segment, &flow->ep[x].numbers, &peer->numbers, flow->ep[x].win, flow->rtt[x]);
}

static bool is_in_line(const struct flow *flow, const tcpstate_segment *segment, unsigned x, uint32_t edge)
{
  return is_next(flow, segment, x) && acknowledges_usually(flow, segment, x) && is_stamped_usually(flow, segment, x) &&
         clock_is_bounded(segment->time_ns) && is_in_window(flow, segment, edge);
}

/* ---------------------------------------------------------------- what it does */

/* The letter is there, or there is room for it. */
static bool takes_letter(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned letter = letter_of(flow, x, segment->payload_length ? HISTORY_DATA : HISTORY_ACK);
  if (history_has(flow->history, letter)) {
    return true;
  }
  if (!history_has_room(flow->history)) {
    return false;
  }
  flow->history = history_with(flow->history, letter);
  return true;
}

/* Is anything missing, or is it silent for so long that it may be? */
static bool may_lack(const struct flow *flow, const tcpstate_segment *segment)
{
  return is_silent(segment, flow->last_ns, &flow->ep[0].numbers, &flow->ep[1].numbers) ||
         endpoint_is(flow, 0, EP_HOLE) || endpoint_is(flow, 1, EP_HOLE);
}

/* What is known to be missing: note_overdue(), note_hole() and pass_data(), before the numbers move. `shown`: that what
 * was missing of `e` has arrived. */
static ALWAYS_INLINE void weigh_hole(struct flow *flow, const tcpstate_segment *segment, unsigned e, bool shown)
{
  unsigned hole = (flow->ep[e].facts & EP_HOLE) | (unsigned)is_overdue(flow, segment, e);
  set_hole(flow, e, (hole != 0) & !shown);
}

static void weigh_holes(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  weigh_hole(flow, segment, x, is_sent_again(segment, &flow->ep[x].numbers));
  weigh_hole(flow, segment, 1 - x, segment->ack != flow->ep[1 - x].una);
}

/* sender_synchronized(), possible_ordinary() */
static void take_first_word(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  if (segment->ack == flow->ep[1 - x].nxt) {
    flow_sample_round_trip(flow, x, clock_us(segment->time_ns));
  }
  endpoint_set(flow, x, EP_SYNCED);
  flow->ep[x].pending = 0;
  flow->ep[x].possible = SET(ESTABLISHED);
}

static void commit(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  struct endpoint *own = &flow->ep[x];
  own->rcvd = segment->seq + segment->payload_length;
  standing_offer(own, segment->window);
  own->segments++;
  own->nxt = own->rcvd;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    own->ts = segment->ts_value;
  }
  if (segment->payload_length) {
    flow->ep[1 - x].moved_us = clock_us(segment->time_ns);
  }
  flow->ep[1 - x].una = segment->ack;
  flow->duplicates = duplicates_after(flow->duplicates, segment, x);
  flow->last_ns = segment->time_ns > flow->last_ns ? segment->time_ns : flow->last_ns;
}

/* ---------------------------------------------------------------- what is said */

#define DATA(role)                                                                                                     \
  {                                                                                                                    \
    .possible = {SET(ESTABLISHED), SET(ESTABLISHED)}, .state = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},           \
    .previous = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED}, .certainty = {TCPSTATE_ASSUMED, TCPSTATE_ASSUMED},       \
    .src_role = (role), .phase = TCPSTATE_PHASE_DATA                                                                   \
  }

/* annotate() */
static void annotate_data(const struct flow *flow, unsigned x, bool surely_sent, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation data[] = {DATA(TCPSTATE_CLIENT), DATA(TCPSTATE_SERVER)};
  unsigned role = x ^ flow_client(flow);
  *annotation = data[role];
  annotation->stream = flow->stream;
  annotation->certainty[role] = surely_sent ? TCPSTATE_OBSERVED : TCPSTATE_ASSUMED;
  annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
}

static void annotate_unsure(const struct flow *flow, tcpstate_annotation *annotation)
{
  for (unsigned e = 0; e < 2; e++) {
    unsigned role = e ^ flow_client(flow);
    annotation->possible[role] = flow->ep[e].possible;
    annotation->certainty[role] = is_doubtful(flow, e) ? TCPSTATE_GUESSED : annotation->certainty[role];
  }
}

enum usual_way usual_data(const struct usual *usual, tcpstate_annotation *annotation)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  bool first_word = flow->ep[x].pending && is_first_word(flow, segment, x);
  uint32_t edge = flow_edge(flow, 1 - x);
  if (!is_usual(flow, segment, x, first_word) || !is_in_line(flow, segment, x, edge)) {
    return NO_WAY;
  }
  bool surely_sent = is_surely_sent(flow, segment, x, edge);
  if (!takes_letter(flow, segment, x)) {
    return NO_WAY;
  }
  if (may_lack(flow, segment)) {
    weigh_holes(flow, segment, x);
  }
  if (first_word) {
    take_first_word(flow, segment, x);
  }
  commit(flow, segment, x);
  annotate_data(flow, x, surely_sent && flow->ep[x].possible == SET(ESTABLISHED), annotation);
  annotation->slot = usual->place;
  annotate_unsure(flow, annotation);
  return first_word ? WAY_FIRST_WORD : WAY_DATA;
}
