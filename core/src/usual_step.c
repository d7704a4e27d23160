/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "usual_step.h"

#include "listeners.h"
#include "usual_exchange.h"
#include "vantage.h"

enum { WITH_PAYLOAD = 0x20, COUNTED = 0x3f };

/* By the flags that count, and whether there is payload. */
static const uint8_t kinds[COUNTED + 1] = {
    [TCPSTATE_ACK] = STEP_ACK + 1,
    [TCPSTATE_ACK | WITH_PAYLOAD] = STEP_DATA + 1,
    [TCPSTATE_ACK | TCPSTATE_FIN] = STEP_FIN + 1,
    [TCPSTATE_ACK | TCPSTATE_SYN] = STEP_SYN_ACK + 1,
    [TCPSTATE_SYN] = STEP_SYN + 1,
};

/* ---------------------------------------------------------------- what is kept of a connection, and a segment */

struct word {
  const tcpstate_segment *segment;
  struct hot *hot;
  struct numbers *own; /* of the sender */
  struct numbers *peer;
  uint32_t place;
  unsigned x; /* the sender */
};

/* Which way a segment goes nobody can foresee, and to reckon with an index each time costs more. */
static ALWAYS_INLINE struct word word_of(const tcpstate_segment *segment, struct hot *hot, uint32_t place, unsigned x)
{
  uintptr_t ends = (uintptr_t)hot->end;
  uintptr_t beyond = x * sizeof(struct numbers);
  struct numbers *own = (struct numbers *)(ends + beyond);
  struct numbers *peer = (struct numbers *)(ends + sizeof(struct numbers) - beyond);
  return (struct word){segment, hot, own, peer, place, x};
}

static ALWAYS_INLINE struct cold *cold_of(const struct word *word)
{
  return (struct cold *)((uint8_t *)word->hot + cold_beside(word->place));
}

static inline uint32_t segments_of(const struct word *word, unsigned e)
{
  return cold_of(word)->segments[e] + hot_tally(word->hot, e);
}

/* ---------------------------------------------------------------- kinds */

/* weigh_holes() of usual_data.c: what is missing after this segment. */
static unsigned holes_after(const struct word *word, unsigned holes)
{
  const tcpstate_segment *segment = word->segment;
  unsigned x = word->x;
  unsigned y = 1 - x;
  int64_t last_ns = word->hot->last_ns;
  unsigned own = (holes >> x & 1u) | (unsigned)numbers_overdue(segment, last_ns, word->own, cold_of(word)->rtt[y]);
  unsigned peer = (holes >> y & 1u) | (unsigned)numbers_overdue(segment, last_ns, word->peer, cold_of(word)->rtt[x]);
  own &= !is_sent_again(segment, word->own);
  peer &= segment->ack == word->peer->una;
  return own << x | peer << y;
}

/* Where something is missing, or has been silent for so long that it may be. Opening and closing have no such steps. */
HOT static unsigned kind_in_silence(const tcpstate_segment *segment, struct hot *hot, uint32_t place, unsigned x,
                                    const struct posture *posture, unsigned kind)
{
  const struct word taken = word_of(segment, hot, place, x);
  const struct word *word = &taken;
  if (posture->exchanges && kind < STEP_FIN) {
    return kind + holes_after(word, posture->holes);
  }
  bool overdue = numbers_overdue(word->segment, word->hot->last_ns, word->own, cold_of(word)->rtt[1 - word->x]);
  return posture->holes || overdue ? STEP_NO_KIND : kind;
}

/* Of opening and closing: all that the sender has sent is acknowledged, so nothing of it can be missing. */
static ALWAYS_INLINE bool is_answered(const struct word *word, const struct posture *posture)
{
  return !posture->exchanges && !posture->holes && word->own->una == word->own->nxt;
}

static ALWAYS_INLINE unsigned kind_of(const struct word *word, const struct posture *posture)
{
  const tcpstate_segment *segment = word->segment;
  unsigned kind = kinds[(segment->flags & USUAL_CONTROL) | (segment->payload_length != 0) * WITH_PAYLOAD];
  if (UNLIKELY(kind == 0) || !is_whole(segment) || UNLIKELY(!clock_is_plain(segment->time_ns))) {
    return STEP_NO_KIND;
  }
  bool silent = is_silent(segment, word->hot->last_ns, word->own, word->peer);
  if (LIKELY(!(silent | posture->holes)) || is_answered(word, posture)) {
    return kind - 1u;
  }
  return kind_in_silence(segment, word->hot, word->place, word->x, posture, kind - 1u);
}

/* ---------------------------------------------------------------- how the numbers compare */

/* The sequence number is the next in line, and with this no block of numbers is full: see record.h. */
static ALWAYS_INLINE bool is_next(const struct word *word, unsigned fin)
{
  uint32_t seq = word->segment->seq;
  uint32_t end = seq + word->segment->payload_length + fin;
  return LIKELY(seq == word->own->nxt) && LIKELY(word->segment->payload_length < NUMBERS_BLOCK) &&
         LIKELY(((seq ^ end) & ~(uint32_t)(NUMBERS_BLOCK - 1)) == 0) && LIKELY(!(word->hot->tally & TALLY_WRAPS));
}

/* It acknowledges all that has passed, or not less than before. */
static ALWAYS_INLINE bool acknowledges(const struct word *word, unsigned flags)
{
  const struct numbers *peer = word->peer;
  uint32_t ack = word->segment->ack;
  uint32_t outside = (ack - peer->una) | (peer->nxt - ack); /* below 0 if one of them is */
  if (LIKELY(ack == peer->nxt)) {
    return LIKELY(!(outside >> 31)) || (flags & STEP_FIRST_ACK);
  }
  return !(outside >> 31) && (flags & STEP_LAGS) &&
         usual_lags(word->segment, word->own, peer, word->hot->win[word->x], cold_of(word)->rtt[word->x]);
}

/* is_stamped_usually() */
static ALWAYS_INLINE bool is_stamped(const struct word *word, unsigned flags)
{
  return !(word->segment->facts & TCPSTATE_HAS_TIMESTAMP) ||
         (LIKELY(flags & STEP_STAMPED) && LIKELY(seq_ge(word->segment->ts_value, word->own->ts)));
}

/* flow_edge() of the receiver. */
static ALWAYS_INLINE uint32_t edge_of(const struct word *word, const struct step *step)
{
  return word->own->una + ((uint32_t)word->hot->win[1 - word->x] << step->shift);
}

/* What all steps have in common. `edge`: edge_of() */
static ALWAYS_INLINE bool compares(const struct word *word, uint32_t edge, unsigned flags)
{
  const tcpstate_segment *segment = word->segment;
  bool in_window = ((flags & STEP_ANY_WINDOW) != 0) | seq_le(segment->seq, edge + FULL_SEGMENT);
  return is_next(word, flags & STEP_FIN_BIT) && acknowledges(word, flags) && is_stamped(word, flags) &&
         LIKELY(in_window);
}

/* is_surely_sent(), where the window is known */
static ALWAYS_INLINE bool is_sure(const struct word *word, uint32_t edge)
{
  unsigned busy =
      (word->hot->duplicates & (4u << word->x)) | (word->own->una ^ word->own->nxt) | word->segment->payload_length;
  return (busy == 0) & seq_ge(edge, word->own->nxt + FULL_SEGMENT);
}

/* ---------------------------------------------------------------- what there is to look at further */

static uint32_t taken_us(const struct word *word)
{
  return clock_since(clock_us(word->segment->time_ns), word->own->moved_us);
}

static void sample_round_trip(const struct word *word)
{
  uint16_t *rtt = &cold_of(word)->rtt[word->x];
  uint16_t sample = rtt_pack(taken_us(word));
  *rtt = *rtt == 0 || sample < *rtt ? sample : *rtt;
}

/* vantage_judge_fin(): 1 + the verdict, 0 if there is none. */
static uint32_t sign_of_fin(const struct word *word, const struct step *step)
{
  unsigned y = 1 - word->x;
  bool just_passed = word->own->moved_us == clock_us(word->hot->last_ns);
  if (!(step->flags & STEP_JUDGES) || cold_of(word)->rtt[y] == 0 || (word->hot->duplicates & (80u << y)) ||
      !just_passed) {
    return 0;
  }
  bool user_is_done = step->way == WAY_LAST_ACK;
  return 1u + (unsigned)vantage_told_by_fin(taken_us(word), cold_of(word)->rtt[y], user_is_done);
}

static uint32_t sign_of_handshake(const struct word *word)
{
  return (uint32_t)vantage_told_by_handshake(taken_us(word), cold_of(word)->rtt[1 - word->x]);
}

/* What the SYN or the SYN-ACK brings into the posture. */
static uint32_t sign_of_syn(const tcpstate_segment *segment)
{
  unsigned facts = segment->facts & (TCPSTATE_HAS_TIMESTAMP | TCPSTATE_HAS_WINDOW_SCALE);
  unsigned scale = facts & TCPSTATE_HAS_WINDOW_SCALE ? segment->window_scale & 15u : 0u;
  return vantage_nearness(segment) | facts << 8 | scale << 16 | (uint32_t)segment->ip_version << 24;
}

static ALWAYS_INLINE uint32_t sign_of(const struct word *word, const struct step *step)
{
  switch (step->way) {
  case WAY_OPEN:
  case WAY_SYN_ACK:
    return sign_of_syn(word->segment);
  case WAY_HANDSHAKE_ACK:
    return sign_of_handshake(word);
  case WAY_FIRST_ACK:
  case WAY_SECOND_FIN_WITH_ACK:
  case WAY_LAST_ACK:
    return sign_of_fin(word, step);
  default:
    return 0;
  }
}

/* usual_opening.c's is_fresh(): what the posture does not say of it. */
static bool is_fresh(const struct word *word, unsigned client, unsigned syn_acks)
{
  return word->hot->duplicates == 0 && segments_of(word, client) == 1 && segments_of(word, 1 - client) == syn_acks &&
         word->hot->end[client].nxt == cold_of(word)->isn[client] + 1;
}

static bool is_in_time(const struct word *word, int64_t time_wait_ns)
{
  return word->segment->time_ns - word->hot->last_ns <= time_wait_ns && (int64_t)taken_us(word) * 1000 <= time_wait_ns;
}

/* usual_closing.c's arrives_as_it_is() */
static bool arrives_as_it_is(const struct word *word, const struct step *step)
{
  uint32_t seq = word->segment->seq;
  return word->own->una == seq && seq_le(seq + 1, edge_of(word, step));
}

/* Of a step that has something of its own. */
static ALWAYS_INLINE bool compares_further(const struct word *word, const struct step *step, int64_t time_wait_ns)
{
  unsigned y = 1 - word->x;
  switch (step->way) {
  case WAY_FIRST_WORD:
    return word->segment->payload_length || seq_gt(word->segment->ack, cold_of(word)->isn[y] + 1);
  case WAY_HANDSHAKE_ACK:
    return is_fresh(word, word->x, 1) && word->segment->ack == cold_of(word)->isn[y] + 1 && cold_of(word)->rtt[y] != 0;
  case WAY_SECOND_FIN_WITH_ACK:
    return arrives_as_it_is(word, step);
  case WAY_LAST_ACK:
    return is_in_time(word, time_wait_ns);
  default:
    return true;
  }
}

/* The step, or the other one of its kind, with this sign; NULL if none is known. */
static ALWAYS_INLINE const struct step *with_sign(const struct step *steps, const struct step *step, uint32_t sign)
{
  const struct step *first = step;
  while (step->sign != sign || step->way != first->way || step->flags != first->flags) {
    if (!step->other) {
      return NULL;
    }
    step = &steps[step->other];
  }
  return step;
}

/* Only of a step that has something of its own: a sample of the round trip is taken at the end. Which step it is, or
 * NULL. */
HOT static const struct step *look_further(const struct tcpstate_tracker *tracker, const tcpstate_segment *segment,
                                           struct hot *hot, uint32_t place, unsigned x, const struct step *step)
{
  const struct word word = word_of(segment, hot, place, x);
  if (!compares_further(&word, step, tracker->settings.time_wait_ns)) {
    return NULL;
  }
  step = with_sign(tracker->table.postures.steps, step, sign_of(&word, step));
  if (step && (step->way != WAY_FIRST_WORD || segment->ack == word.peer->nxt)) {
    sample_round_trip(&word);
  }
  return step;
}

/* ---------------------------------------------------------------- what it does */

static const uint8_t tally_one[2] = {1, 1 << TALLY_BITS};
static const uint8_t tally_full[2] = {TALLY_FULL, TALLY_FULL << TALLY_BITS};

static ALWAYS_INLINE void count_segment(const struct word *word)
{
  struct hot *hot = word->hot;
  unsigned full = tally_full[word->x];
  unsigned tally = hot->tally;
  if (UNLIKELY((~tally & full) == 0)) {
    cold_of(word)->segments[word->x] += TALLY_FULL;
    tally &= ~full;
  }
  hot->tally = (uint8_t)(tally + tally_one[word->x]);
}

/* Nobody can foresee whether it carries data, so there is no branch for that. */
static ALWAYS_INLINE void commit(const struct word *word, const struct step *step, unsigned flags)
{
  const tcpstate_segment *segment = word->segment;
  struct hot *hot = word->hot;
  uint32_t still = 0u - ((segment->payload_length | (flags & STEP_MOVES)) == 0);
  word->own->nxt = segment->seq + segment->payload_length + (flags & STEP_FIN_BIT);
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    word->own->ts = segment->ts_value;
  }
  word->peer->moved_us = (word->peer->moved_us & still) | (clock_plain_us(segment->time_ns) & ~still);
  word->peer->una = segment->ack;
  count_segment(word);
  hot->win[word->x] = segment->window;
  hot->duplicates = duplicates_after(hot->duplicates, segment, word->x);
  hot->last_ns = segment->time_ns > hot->last_ns ? segment->time_ns : hot->last_ns;
  hot->posture = step->next;
}

static ALWAYS_INLINE void annotate(const struct hot *hot, const struct step *step, uint32_t place,
                                   tcpstate_annotation *annotation)
{
  *annotation = step->said;
  annotation->stream = hot->stream;
  annotation->slot = place;
}

/* ---------------------------------------------------------------- SYN-ACK and SYN, which bring numbers of their own */

/* usual_syn_ack(): may it be taken, by the numbers? */
static bool answers_syn(const struct word *word)
{
  return is_fresh(word, 1 - word->x, 0) && word->segment->ack == word->peer->nxt;
}

/* take_syn() and take_options() of usual_opening.c */
static void take_syn(const struct word *word)
{
  const tcpstate_segment *segment = word->segment;
  cold_of(word)->isn[word->x] = segment->seq;
  word->own->nxt = segment->seq + 1;
  word->hot->win[word->x] = segment->window;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    word->own->ts = segment->ts_value;
  }
}

HOT static const struct step *take_syn_ack(const struct tcpstate_tracker *tracker, const tcpstate_segment *segment,
                                           struct hot *hot, uint32_t place, unsigned x, const struct step *step)
{
  const struct word word = word_of(segment, hot, place, x);
  step = with_sign(tracker->table.postures.steps, step, sign_of_syn(segment));
  if (!step || !answers_syn(&word)) {
    return NULL;
  }
  cold_of(&word)->rtt[x] = rtt_pack(taken_us(&word));
  take_syn(&word);
  word.peer->moved_us = clock_us(segment->time_ns);
  word.peer->una = segment->ack;
  count_segment(&word);
  word.hot->last_ns = segment->time_ns > word.hot->last_ns ? segment->time_ns : word.hot->last_ns;
  word.hot->posture = step->next;
  listeners_add(tracker->listeners, segment->src, segment->src_port, segment->domain);
  return step;
}

bool usual_step_open(struct tcpstate_tracker *tracker, const tcpstate_segment *segment, uint32_t place, unsigned x,
                     tcpstate_annotation *annotation)
{
  const struct postures *postures = &tracker->table.postures;
  unsigned number = postures->at[POSTURE_NONE].step[x][STEP_SYN];
  const struct step *step = with_sign(postures->steps, &postures->steps[number], sign_of_syn(segment));
  if (!number || !step) {
    return false;
  }
  struct hot *hot = flow_table_at(&tracker->table, place);
  const struct word word = word_of(segment, hot, place, x);
  hot->stream = tracker->next_stream++;
  *word.own = (struct numbers){0, 0, 0, 0};
  *word.peer = (struct numbers){0, 0, 0, clock_us(segment->time_ns)};
  hot->last_ns = segment->time_ns;
  hot->win[1 - x] = 0xffff;
  hot->posture = step->next;
  hot->duplicates = 0;
  *cold_of(&word) = (struct cold){.first_ns = segment->time_ns};
  take_syn(&word);
  hot->tally = (uint8_t)(hot->tally + tally_one[x]);
  annotate(hot, step, place, annotation);
  return true;
}

/* ---------------------------------------------------------------- one step */

/* `annotation`: NULL if nothing is to be said. */
static ALWAYS_INLINE bool take(const struct tcpstate_tracker *tracker, const struct word *word,
                               tcpstate_annotation *annotation)
{
  const struct postures *postures = &tracker->table.postures;
  const struct posture *posture = &postures->at[word->hot->posture];
  unsigned kind = kind_of(word, posture);
  unsigned number = posture->step[word->x][kind];
  const struct step *step = &postures->steps[number];
  unsigned flags = step->flags;
  if (UNLIKELY(!number)) {
    return false;
  }
  if (UNLIKELY(kind == STEP_SYN_ACK)) {
    step = take_syn_ack(tracker, word->segment, word->hot, word->place, word->x, step);
    if (!step) {
      return false;
    }
    if (annotation) {
      annotate(word->hot, step, word->place, annotation);
    }
    return true;
  }
  uint32_t edge = edge_of(word, step);
  if (UNLIKELY(!compares(word, edge, flags))) {
    return false;
  }
  if (flags & STEP_FURTHER) {
    step = look_further(tracker, word->segment, word->hot, word->place, word->x, step);
    if (!step) {
      return false;
    }
  }
  if (!annotation) {
    commit(word, step, flags);
    return true;
  }
  unsigned role = step->said.src_role;
  unsigned certainty =
      flags & STEP_ASKS ? (is_sure(word, edge) ? TCPSTATE_OBSERVED : TCPSTATE_ASSUMED) : step->said.certainty[role];
  commit(word, step, flags);
  annotate(word->hot, step, word->place, annotation);
  annotation->certainty[role] = (uint8_t)certainty;
  return true;
}

bool usual_step(const struct tcpstate_tracker *tracker, const tcpstate_segment *segment, uint32_t place, unsigned x,
                tcpstate_annotation *annotation)
{
  const struct word word = word_of(segment, flow_table_at(&tracker->table, place), place, x);
  return take(tracker, &word, annotation);
}

static ALWAYS_INLINE size_t take_all(const struct tcpstate_tracker *tracker, const tcpstate_segment *segments,
                                     struct lookup *lookups, size_t count, tcpstate_annotation *annotations)
{
  for (size_t i = 0; i < count; i++) {
    struct lookup *lookup = &lookups[i];
    if (UNLIKELY(!flow_table_is_likely(lookup))) {
      lookup->likely = NULL;
      return i;
    }
    const struct word word = word_of(&segments[i], lookup->likely, lookup->likely_place, lookup->sender);
    if (UNLIKELY(!take(tracker, &word, annotations ? &annotations[i] : NULL))) {
      return i;
    }
  }
  return count;
}

size_t usual_steps(const struct tcpstate_tracker *tracker, const tcpstate_segment *segments, struct lookup *lookups,
                   size_t count, tcpstate_annotation *annotations)
{
  return take_all(tracker, segments, lookups, count, annotations);
}

size_t usual_steps_unsaid(const struct tcpstate_tracker *tracker, const tcpstate_segment *segments,
                          struct lookup *lookups, size_t count)
{
  return take_all(tracker, segments, lookups, count, NULL);
}

/* ---------------------------------------------------------------- learning */

static unsigned flags_of(enum usual_way way)
{
  switch (way) {
  case WAY_DATA:
    return STEP_LAGS;
  case WAY_FIRST_WORD:
    return STEP_LAGS | STEP_FURTHER;
  case WAY_HANDSHAKE_ACK:
    return STEP_MOVES | STEP_FIRST_ACK | STEP_FURTHER;
  case WAY_FIRST_FIN:
  case WAY_SECOND_FIN:
    return STEP_MOVES | STEP_FIN_BIT;
  case WAY_SECOND_FIN_WITH_ACK:
    return STEP_MOVES | STEP_FIN_BIT | STEP_FURTHER;
  case WAY_FIRST_ACK:
  case WAY_LAST_ACK:
    return STEP_MOVES | STEP_FURTHER;
  default:
    return 0;
  }
}

/* Is its sender's certainty told by the numbers? Else it is as was said. */
static bool asks(const struct flow *flow, enum usual_way way, unsigned x)
{
  if (flow->conn & FLOW_MID_STREAM) {
    return false;
  }
  switch (way) {
  case WAY_DATA:
  case WAY_FIRST_WORD:
    return flow->ep[x].possible == SET(ESTABLISHED);
  case WAY_SECOND_FIN:
  case WAY_SECOND_FIN_WITH_ACK:
    return !(flow->control_segments & (64u << x)); /* see usual_closing.c */
  case WAY_HANDSHAKE_ACK:
  case WAY_FIRST_FIN:
  case WAY_FIRST_ACK:
    return true;
  default:
    return false;
  }
}

/* The posture before: does what follows depend on nothing else than the step compares? `before` is the flow then. */
static bool is_told_by_posture(const struct flow *before, const struct stance *stance, enum usual_way way)
{
  unsigned extra = stance_extra(stance);
  bool apart = (extra & 3u) == RCVD_EXTRA || (extra >> STANCE_RCVD_BITS & 3u) == RCVD_EXTRA;
  bool all = (extra & STANCE_RCVD) == 0;
  return is_simple(before) && !apart && (before->rst[0] | before->rst[1]) == 0 &&
         (all || (way != WAY_DATA && way != WAY_FIRST_WORD));
}

static bool may_judge(const struct flow *before, unsigned x)
{
  return before->vantage == TCPSTATE_VANTAGE_UNKNOWN && x == flow_client(before) &&
         !(before->conn & FLOW_SIMULTANEOUS) && !history_has(before->history, HISTORY_RETRANSMISSION);
}

static void see(const struct usual *usual, enum usual_way way, struct sight *sight)
{
  const struct flow_table *table = &usual->tracker->table;
  const struct word word = word_of(usual->segment, flow_table_at(table, usual->place), usual->place, usual->x);
  struct step *step = &sight->step;
  struct flow before;
  flow_table_load(table, usual->place, &before);
  sight->from = word.hot->posture;
  step->shift = (uint8_t)flow_scale(&before, 1 - usual->x);
  step->flags = (uint16_t)(flags_of(way) | (endpoint_is(&before, usual->x, EP_TS) ? STEP_STAMPED : 0u) |
                           (before.conn & FLOW_MID_STREAM ? STEP_ANY_WINDOW : 0u) |
                           (asks(usual->flow, way, usual->x) ? STEP_ASKS : 0u) |
                           (may_judge(&before, usual->x) ? STEP_JUDGES : 0u));
  step->sign = sign_of(&word, step);
  bool compares_so = way == WAY_SYN_ACK ? answers_syn(&word)
                                        : compares(&word, edge_of(&word, step), step->flags) &&
                                              compares_further(&word, step, usual->tracker->settings.time_wait_ns);
  bool timed = way != WAY_HANDSHAKE_ACK || before.syn_ack_timed;
  if (sight->from >= POSTURE_FIRST && compares_so && timed &&
      is_told_by_posture(&before, record_stance(&table->records, &table->postures, usual->place), way)) {
    sight->kind = (enum step_kind)kind_of(&word, &table->postures.at[sight->from]);
  }
}

void usual_step_see(const struct usual *usual, enum usual_way way, const tcpstate_annotation *annotation,
                    struct sight *sight)
{
  memset(sight, 0, sizeof *sight);
  sight->kind = STEP_NO_KIND;
  sight->step.way = (uint8_t)way;
  sight->step.said = *annotation;
  if (way == WAY_OPEN) {
    sight->step.sign = sign_of_syn(usual->segment);
    sight->kind = STEP_SYN;
  } else {
    see(usual, way, sight);
  }
}

void usual_step_learn(const struct usual *usual, struct sight *sight)
{
  struct flow_table *table = &usual->tracker->table;
  unsigned next = flow_table_at(table, usual->place)->posture;
  if (sight->kind != STEP_NO_KIND && next >= POSTURE_FIRST) {
    sight->step.next = (uint16_t)next;
    postures_learn(&table->postures, sight->from, usual->x, sight->kind, &sight->step);
  }
}
