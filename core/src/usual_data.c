/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The next data in line and plain acknowledgements, between two endpoints in ESTABLISHED. */
#include "usual_parts.h"
#include <stddef.h>
#include <string.h>

enum { LARGEST_PAYLOAD = 1 << 24 /* far from where sequence numbers wrap */ };

/* Shorter than any wait for an acknowledgement that is overdue. */
static const int64_t SHORT_SILENCE_NS = INT64_C(1000) * (ROUND_TRIP_SLACK_US + DELAYED_ACK_US);

/* The state of most endpoints in most of their life: nothing under way, nothing possible but ESTABLISHED. */
static inline bool stands_firm(const struct endpoint *endpoint)
{
  const struct standing relevant = {0xffff & ~(IRRELEVANT_FACTS | EP_HOLE), 0xffff, 0xff, 0xff, 0};
  const struct standing sure = {USUAL_FACTS, SET(ESTABLISHED), TCPSTATE_ESTABLISHED, 0, 0};
  return (standing_of(endpoint) & standing_word(&relevant)) == standing_word(&sure);
}

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

/* One segment of a usual exchange. */
struct word {
  const tcpstate_segment *segment;
  struct flow *flow;
  struct endpoint *own; /* of the sender */
  struct endpoint *peer;
  unsigned x; /* the sender */
};

/* Which way a segment goes nobody can foresee, and to reckon with an index each time costs more. */
static ALWAYS_INLINE struct word word_of(const tcpstate_segment *segment, struct flow *flow, unsigned x)
{
  uintptr_t own = (uintptr_t)&flow->ep[0];
  uintptr_t peer = (uintptr_t)&flow->ep[1];
  uintptr_t between = (own ^ peer) & (0u - (uintptr_t)x);
  return (struct word){segment, flow, (struct endpoint *)(own ^ between), (struct endpoint *)(peer ^ between), x};
}

static ALWAYS_INLINE uint32_t edge_of(const struct word *word)
{
  return word->own->una + ((uint32_t)word->peer->win << flow_scale(word->flow, 1 - word->x));
}

/* The sequence number is the next in line. */
static ALWAYS_INLINE bool is_next(const struct word *word)
{
  const struct endpoint *own = word->own;
  uint32_t sent = own->nxt - own->isn;
  uint32_t astray = (word->segment->seq ^ own->nxt) | (own->rcvd ^ own->nxt);
  return LIKELY(astray == 0) && LIKELY(sent + word->segment->payload_length >= sent);
}

/* If it acknowledges less than what has passed, then because that may not have arrived yet: shows_hole() is false; and
 * it is no bare duplicate. */
OUT_OF_LINE static bool lags_usually(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  bool duplicate =
      segment->payload_length == 0 && segment->ack == flow->ep[1 - x].una && segment->window == flow->ep[x].win;
  uint32_t since_passed = clock_since(clock_us(segment->time_ns), flow->ep[x].moved_us);
  return !duplicate && since_passed <= look_patience_us(flow, x);
}

/* It acknowledges what has passed, not less than before. */
static ALWAYS_INLINE bool acknowledges_usually(const struct word *word)
{
  const struct endpoint *peer = word->peer;
  uint32_t ack = word->segment->ack;
  uint32_t outside = (ack - peer->una) | (peer->nxt - ack) | (peer->rcvd - ack); /* below 0 if one of them is */
  return LIKELY(!(outside >> 31)) && (LIKELY(ack == peer->nxt) || lags_usually(word->flow, word->segment, word->x));
}

/* is_stamped_usually() */
static ALWAYS_INLINE bool is_stamped(const struct word *word)
{
  const struct endpoint *own = word->own;
  return !(word->segment->facts & TCPSTATE_HAS_TIMESTAMP) ||
         (LIKELY(own->facts & EP_TS) && LIKELY(seq_ge(word->segment->ts_value, own->ts)));
}

static ALWAYS_INLINE bool is_in_line(const struct word *word, uint32_t edge)
{
  const tcpstate_segment *segment = word->segment;
  return LIKELY(segment->payload_length < LARGEST_PAYLOAD) && is_next(word) && acknowledges_usually(word) &&
         LIKELY(is_stamped(word)) && LIKELY(clock_is_bounded(segment->time_ns)) &&
         LIKELY(is_in_window(word->flow, segment, edge));
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
static ALWAYS_INLINE bool may_lack(const struct word *word)
{
  const struct endpoint *own = word->own;
  const struct endpoint *peer = word->peer;
  bool silent = word->segment->time_ns - word->flow->last_ns > SHORT_SILENCE_NS;
  bool waiting = ((own->una ^ own->nxt) | (peer->una ^ peer->nxt)) != 0;
  return (silent & waiting) | (((own->facts | peer->facts) & EP_HOLE) != 0);
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
  uint32_t una = flow->ep[x].una;
  bool sent_again = (segment->payload_length != 0) & (unsigned)seq_ge(una, segment->seq) &
                    seq_gt(segment->seq + segment->payload_length, una);
  weigh_hole(flow, segment, x, sent_again);
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

/* Nobody can foresee whether it carries data, so there is no branch for that. */
static ALWAYS_INLINE void commit(const struct word *word)
{
  const tcpstate_segment *segment = word->segment;
  struct flow *flow = word->flow;
  struct endpoint *own = word->own;
  struct endpoint *peer = word->peer;
  uint32_t length = segment->payload_length;
  uint32_t bare = 0u - (length == 0);
  uint32_t now_us = clock_us(segment->time_ns);
  unsigned filled = (unsigned)(length >= SMALLEST_MSS) << 2;
  unsigned kept = ~((1u | (4u & ~bare)) << word->x);
  own->nxt = own->rcvd = segment->seq + length;
  standing_offer(own, segment->window);
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    own->ts = segment->ts_value;
  }
  own->segments++;
  peer->moved_us = (peer->moved_us & bare) | (now_us & ~bare);
  peer->una = segment->ack;
  flow->duplicates = (uint8_t)((flow->duplicates & kept) | filled << word->x);
  flow->last_ns = segment->time_ns > flow->last_ns ? segment->time_ns : flow->last_ns;
}

/* ---------------------------------------------------------------- what is said */

static void annotate_unsure(const struct flow *flow, tcpstate_annotation *annotation)
{
  for (unsigned e = 0; e < 2; e++) {
    unsigned role = e ^ flow_client(flow);
    annotation->possible[role] = flow->ep[e].possible;
    annotation->certainty[role] = is_doubtful(flow, e) ? TCPSTATE_GUESSED : annotation->certainty[role];
  }
}

#define DATA(role)                                                                                                     \
  {                                                                                                                    \
    .possible = {SET(ESTABLISHED), SET(ESTABLISHED)}, .state = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},           \
    .previous = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED}, .certainty = {TCPSTATE_ASSUMED, TCPSTATE_ASSUMED},       \
    .src_role = (role), .phase = TCPSTATE_PHASE_DATA                                                                   \
  }

/* annotate() */
static ALWAYS_INLINE void annotate_data(const struct flow *flow, unsigned x, bool surely_sent,
                                        tcpstate_annotation *annotation)
{
  static const tcpstate_annotation data[] = {DATA(TCPSTATE_CLIENT), DATA(TCPSTATE_SERVER)};
  unsigned role = x ^ flow_client(flow);
  *annotation = data[role];
  annotation->stream = flow->stream;
  annotation->certainty[role] = surely_sent ? TCPSTATE_OBSERVED : TCPSTATE_ASSUMED;
  annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
}

bool usual_data(const struct usual *usual, tcpstate_annotation *annotation)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  const struct word word = word_of(segment, flow, x);
  bool first_word = word.own->pending && is_first_word(flow, segment, x);
  uint32_t edge = edge_of(&word);
  if (!is_usual(flow, segment, x, first_word) || !is_in_line(&word, edge)) {
    return false;
  }
  bool surely_sent = is_surely_sent(flow, segment, x, edge);
  if (!takes_letter(flow, segment, x)) {
    return false;
  }
  if (may_lack(&word)) {
    weigh_holes(flow, segment, x);
  }
  if (first_word) {
    take_first_word(flow, segment, x);
  }
  commit(&word);
  annotate_data(flow, x, surely_sent && word.own->possible == SET(ESTABLISHED), annotation);
  annotation->slot = usual->place;
  annotate_unsure(flow, annotation);
  return true;
}

/* ---------------------------------------------------------------- where all is sure */

/* What the segment is, read at once. */
struct kind {
  uint8_t ip_version;
  uint8_t flags;
  uint8_t window_scale;
  uint8_t facts;
};

_Static_assert(offsetof(tcpstate_segment, facts) == offsetof(tcpstate_segment, ip_version) + 3 &&
                   offsetof(tcpstate_segment, flags) == offsetof(tcpstate_segment, ip_version) + 1,
               "a kind lies in the segment as a whole");

static ALWAYS_INLINE uint32_t kind_of(const void *kind)
{
  uint32_t word;
  memcpy(&word, kind, sizeof word);
  return word;
}

/* A whole segment with ACK and none of SYN, FIN and RST, see usual_take(). */
static ALWAYS_INLINE bool is_plain(const tcpstate_segment *segment)
{
  const struct kind relevant = {0, USUAL_CONTROL, 0, USUAL_DEFECTS};
  const struct kind plain = {0, TCPSTATE_ACK, 0, 0};
  const uint8_t *kind = (const uint8_t *)segment + offsetof(tcpstate_segment, ip_version);
  return LIKELY((kind_of(kind) & kind_of(&relevant)) == kind_of(&plain)) && LIKELY(segment->window != 0);
}

/* Its letter has been written, or is now, and no RST: see usual_take(). */
static ALWAYS_INLINE bool is_written(const struct word *word)
{
  uint64_t own = word->flow->history >> (word->x == flow_client(word->flow) ? HISTORY_COMMON : 0);
  unsigned letter = HISTORY_ACK + (word->segment->payload_length != 0); /* or HISTORY_DATA */
  return LIKELY(!(own & (1u << (HISTORY_RST - 1)))) &&
         (LIKELY((own >> (letter - 1)) & 1u) || takes_letter(word->flow, word->segment, word->x));
}

_Static_assert(HISTORY_DATA == HISTORY_ACK + 1, "see is_written()");

static ALWAYS_INLINE bool take_plain(const struct word *word, tcpstate_annotation *annotation)
{
  struct flow *flow = word->flow;
  if (UNLIKELY(!is_plain(word->segment)) || UNLIKELY(!stands_firm(word->own)) || UNLIKELY(!stands_firm(word->peer)) ||
      UNLIKELY(!is_simple(flow))) {
    return false;
  }
  uint32_t edge = edge_of(word);
  if (UNLIKELY(!is_in_line(word, edge)) || UNLIKELY(!is_written(word))) {
    return false;
  }
  bool surely_sent = is_surely_sent(flow, word->segment, word->x, edge);
  if (may_lack(word)) {
    weigh_holes(flow, word->segment, word->x);
  }
  commit(word);
  annotate_data(flow, word->x, surely_sent, annotation);
  return true;
}

size_t usual_plain(const tcpstate_segment *segments, struct lookup *lookups, size_t count,
                   tcpstate_annotation *annotations)
{
  for (size_t i = 0; i < count; i++) {
    if (UNLIKELY(!flow_table_is_likely(&lookups[i]))) {
      lookups[i].likely = NULL;
      return i;
    }
    struct flow *flow = lookups[i].likely;
    const struct word word = word_of(&segments[i], flow, lookups[i].sender);
    if (UNLIKELY(!take_plain(&word, &annotations[i]))) {
      return i;
    }
    annotations[i].slot = lookups[i].likely_place;
  }
  return count;
}
