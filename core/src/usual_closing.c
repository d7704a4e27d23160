/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The close of RFC 9293 figure 12, with four segments or with three, as a table: the state of a connection before each
 * of its segments, and after. */
#include "usual_parts.h"
#include "vantage.h"

enum { OWN, PEER }; /* the segment's sender and receiver */

struct stands {
  struct standing stands[2];
};

struct closing_step {
  struct stands before;
  struct stands after;
  uint8_t happening[2]; /* HAPPENING_COUNT: nothing that moves the endpoint */
  uint8_t teardown_steps;
  bool peer_first; /* whose FIN comes first in the connection */
  bool proves_fin; /* the first that acknowledges the peer's FIN */
};

enum { SENT = USUAL_FACTS | EP_FIN, SENT_ACKED = SENT | EP_FIN_ACKED, GOT = USUAL_FACTS | EP_GOT_FIN };

#define STANDS(facts_, possible_, state_, pending_)                                                                    \
  {                                                                                                                    \
    .facts = (facts_), .possible = (possible_), .state = TCPSTATE_##state_, .pending = (pending_)                      \
  }

enum {
  SET_GOT_THIS_FIN = SET(ESTABLISHED) | SET(CLOSE_WAIT),
  SET_FIN_WAITS = SET(FIN_WAIT_1) | SET(FIN_WAIT_2),
  PENDING_BOTH = PENDING_ACK_OF_FIN | PENDING_FIN_AND_ACK
};

/* clang-format off */
static const struct closing_step first_fin = {
    .before = {{STANDS(USUAL_FACTS, SET(ESTABLISHED), ESTABLISHED, 0),
                STANDS(USUAL_FACTS, SET(ESTABLISHED), ESTABLISHED, 0)}},
    .after = {{STANDS(SENT, SET(FIN_WAIT_1), FIN_WAIT_1, 0),
               STANDS(USUAL_FACTS, SET_GOT_THIS_FIN, CLOSE_WAIT, PENDING_FIN)}},
    .happening = {SENDS_FIN, GETS_FIN}, .teardown_steps = TCPSTATE_TEARDOWN_FIN_1};

static const struct closing_step first_ack = {
    .before = {{STANDS(USUAL_FACTS, SET_GOT_THIS_FIN, CLOSE_WAIT, PENDING_FIN),
                STANDS(SENT, SET(FIN_WAIT_1), FIN_WAIT_1, 0)}},
    .after = {{STANDS(GOT, SET(CLOSE_WAIT), CLOSE_WAIT, 0),
               STANDS(SENT_ACKED, SET_FIN_WAITS, FIN_WAIT_2, PENDING_ACK_OF_FIN)}},
    .happening = {HAPPENING_COUNT, GETS_ACK_OF_FIN}, .teardown_steps = TCPSTATE_TEARDOWN_ACK_1,
    .peer_first = true, .proves_fin = true};

static const struct closing_step second_fin = {
    .before = {{STANDS(GOT, SET(CLOSE_WAIT), CLOSE_WAIT, 0),
                STANDS(SENT_ACKED, SET_FIN_WAITS, FIN_WAIT_2, PENDING_ACK_OF_FIN)}},
    .after = {{STANDS(GOT | EP_FIN, SET(LAST_ACK), LAST_ACK, 0),
               STANDS(SENT_ACKED, SET_FIN_WAITS | SET(TIME_WAIT), TIME_WAIT, PENDING_BOTH)}},
    .happening = {SENDS_FIN, GETS_FIN_AND_ACK}, .teardown_steps = TCPSTATE_TEARDOWN_FIN_2, .peer_first = true};

static const struct closing_step second_fin_with_ack = {
    .before = {{STANDS(USUAL_FACTS, SET_GOT_THIS_FIN, CLOSE_WAIT, PENDING_FIN),
                STANDS(SENT, SET(FIN_WAIT_1), FIN_WAIT_1, 0)}},
    .after = {{STANDS(GOT | EP_FIN, SET(LAST_ACK), LAST_ACK, 0),
               STANDS(SENT_ACKED, SET(FIN_WAIT_1) | SET(TIME_WAIT), TIME_WAIT, PENDING_FIN_AND_ACK)}},
    .happening = {SENDS_FIN, GETS_FIN_AND_ACK},
    .teardown_steps = TCPSTATE_TEARDOWN_ACK_1 | TCPSTATE_TEARDOWN_FIN_2, .peer_first = true, .proves_fin = true};

static const struct closing_step last_ack_of_four = {
    .before = {{STANDS(SENT_ACKED, SET_FIN_WAITS | SET(TIME_WAIT), TIME_WAIT, PENDING_BOTH),
                STANDS(GOT | EP_FIN, SET(LAST_ACK), LAST_ACK, 0)}},
    .after = {{STANDS(SENT_ACKED | EP_GOT_FIN, SET(TIME_WAIT), TIME_WAIT, 0),
               STANDS(GOT | SENT_ACKED, SET(LAST_ACK) | SET(CLOSED), CLOSED, PENDING_ACK_OF_FIN)}},
    .happening = {HAPPENING_COUNT, GETS_ACK_OF_FIN}, .teardown_steps = TCPSTATE_TEARDOWN_ACK_2, .proves_fin = true};

static const struct closing_step last_ack_of_three = {
    .before = {{STANDS(SENT_ACKED, SET(FIN_WAIT_1) | SET(TIME_WAIT), TIME_WAIT, PENDING_FIN_AND_ACK),
                STANDS(GOT | EP_FIN, SET(LAST_ACK), LAST_ACK, 0)}},
    .after = {{STANDS(SENT_ACKED | EP_GOT_FIN, SET(TIME_WAIT), TIME_WAIT, 0),
               STANDS(GOT | SENT_ACKED, SET(LAST_ACK) | SET(CLOSED), CLOSED, PENDING_ACK_OF_FIN)}},
    .happening = {HAPPENING_COUNT, GETS_ACK_OF_FIN}, .teardown_steps = TCPSTATE_TEARDOWN_ACK_2, .proves_fin = true};
/* clang-format on */

/* ---------------------------------------------------------------- conditions */

static ALWAYS_INLINE bool stands_before(const struct flow *flow, const struct stands *before, unsigned x)
{
  const struct standing of_own = {0xffff & ~IRRELEVANT_FACTS, 0xffff, 0xff, 0xff, 0};
  const struct standing of_peer = {0xffff & ~(IRRELEVANT_FACTS | EP_HOLE), 0xffff, 0xff, 0xff, 0};
  uint64_t own = (standing_of(&flow->ep[x]) & standing_word(&of_own)) ^ standing_word(&before->stands[OWN]);
  uint64_t peer = (standing_of(&flow->ep[1 - x]) & standing_word(&of_peer)) ^ standing_word(&before->stands[PEER]);
  return (own | peer) == 0;
}

/* The FIN that is not the first one follows the peer's; both were in line, so nobody has closed at the same time. */
static ALWAYS_INLINE bool is_in_order(const struct flow *flow, const struct closing_step *step, unsigned x)
{
  bool first_is_x = ((flow->conn & FLOW_FIRST_FIN_1) != 0) == (x == 1);
  return step == &first_fin || (!(flow->conn & FLOW_SIMULTANEOUS) && first_is_x != step->peer_first);
}

/* The next number in line, all that passed is acknowledged, and the sequence space has not come round. */
static ALWAYS_INLINE bool is_last_word(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *own = &flow->ep[x];
  const struct endpoint *peer = &flow->ep[1 - x];
  bool bare = own->rcvd == own->nxt || endpoint_is(flow, x, EP_FIN_ACKED);
  bool known = peer->rcvd == peer->nxt || endpoint_is(flow, 1 - x, EP_FIN_ACKED);
  return segment->seq == own->nxt && bare && own->nxt + 1 != flow->ep[x].isn && segment->ack == peer->nxt && known &&
         seq_ge(segment->ack, peer->una);
}

/* judge_next() lets TIME-WAIT end by the clock. note_overdue() sees what was lost in the silence: not so of the peer,
 * all of whose numbers are acknowledged now. */
static ALWAYS_INLINE bool is_in_time(const struct usual *usual, const struct closing_step *step)
{
  const struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  if (!clock_is_bounded(segment->time_ns) || is_overdue(flow, segment, usual->x)) {
    return false;
  }
  if (step->before.stands[OWN].state != TCPSTATE_TIME_WAIT) {
    return true;
  }
  int64_t waited = (int64_t)clock_since(clock_us(segment->time_ns), flow->ep[usual->x].moved_us) * 1000;
  int64_t most = usual->tracker->settings.time_wait_ns;
  return segment->time_ns - flow->last_ns <= most && waited <= most;
}

/* What the receiver may get together: receiver_closing() doubts it where bytes before the FIN, or room for it, may
 * lack. possible_ordinary() has the last acknowledgement know that its own FIN is acknowledged. */
static ALWAYS_INLINE bool arrives_as_it_is(const struct flow *flow, const struct closing_step *step, unsigned x,
                                           uint32_t seq)
{
  if (step == &second_fin_with_ack) {
    return flow->ep[x].una == seq && seq_le(seq + 1, flow_edge(flow, 1 - x));
  }
  return step->before.stands[OWN].state != TCPSTATE_TIME_WAIT || seq_gt(flow->ep[1 - x].nxt, flow->ep[x].rcvd);
}

/* ---------------------------------------------------------------- what it does */

static ALWAYS_INLINE void set_side(struct flow *flow, const struct stands *after, unsigned side, unsigned e)
{
  const struct standing kept = {0xffff, 0, 0, 0, 0xffff};
  struct endpoint *endpoint = &flow->ep[e];
  standing_set(endpoint, (standing_of(endpoint) & standing_word(&kept)) | standing_word(&after->stands[side]));
}

/* sender_got_fin() */
static void prove_fin(const struct usual *usual)
{
  unsigned x = usual->x;
  struct look look; /* as far as it is asked for */
  look.segment = usual->segment;
  look.flow = usual->flow;
  look.x = x;
  look.y = 1 - x;
  look.now_us = clock_us(usual->segment->time_ns);
  look_answered(&look, x);
  vantage_judge_fin(&look);
}

static ALWAYS_INLINE void commit(const struct usual *usual, const struct closing_step *step, unsigned letter)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  unsigned y = 1 - x;
  if (step->proves_fin) {
    prove_fin(usual);
    flow->ep[y].rcvd = segment->seq; /* first_ack_of_fin() */
  }
  if (step->happening[OWN] == SENDS_FIN) {
    flow->ep[x].nxt++;
    flow->ep[x].rcvd = flow->ep[x].nxt;
  }
  if (step == &first_fin) {
    flow->conn = (uint8_t)((flow->conn & ~FLOW_FIRST_FIN_1) | (x ? FLOW_FIRST_FIN_1 : 0));
  }
  flow->duplicates = (uint8_t)(flow->duplicates & ~(1u << x));
  if (step->peer_first || step->proves_fin || flow->ep[y].una != segment->ack) { /* note_hole(), sender_got_fin() */
    set_hole(flow, y, false);
  }
  flow->ep[y].una = segment->ack;
  flow->ep[x].win = segment->window;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    flow->ep[x].ts = segment->ts_value;
  }
  flow->ep[y].moved_us = clock_us(segment->time_ns);
  if (flow_teardown_segments(flow) < 7) {
    flow->control_segments = (uint8_t)(flow->control_segments + 8);
  }
  set_side(flow, &step->after, OWN, x);
  set_side(flow, &step->after, PEER, y);
  if (!history_has(flow->history, letter)) {
    flow->history = history_with(flow->history, letter);
  }
  count_usual(flow, segment, x);
}

static ALWAYS_INLINE uint8_t rule_of(const struct usual *usual, const struct closing_step *step, unsigned side)
{
  unsigned what = step->happening[side];
  return what == HAPPENING_COUNT ? 0 : usual->tracker->transitions.rule[what][step->before.stands[side].state];
}

static ALWAYS_INLINE void annotate_closing(const struct usual *usual, const struct closing_step *step, bool surely_sent,
                                           tcpstate_annotation *annotation)
{
  const struct flow *flow = usual->flow;
  const unsigned role = usual->x == flow_client(flow) ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
  const unsigned roles[2] = {role, 1 - role};
  memset(annotation, 0, sizeof *annotation);
  annotation->stream = flow->stream;
  annotation->slot = usual->place;
  for (unsigned side = 0; side < 2; side++) {
    unsigned to = roles[side];
    annotation->possible[to] = step->after.stands[side].possible;
    annotation->state[to] = step->after.stands[side].state;
    annotation->previous[to] = step->before.stands[side].state;
    annotation->rule[to] = rule_of(usual, step, side);
  }
  annotation->certainty[role] = surely_sent ? TCPSTATE_OBSERVED : TCPSTATE_ASSUMED;
  annotation->certainty[1 - role] = is_doubtful(flow, 1 - usual->x) ? TCPSTATE_GUESSED : TCPSTATE_ASSUMED;
  annotation->src_role = (uint8_t)role;
  annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
  annotation->phase = TCPSTATE_PHASE_CLOSE;
  annotation->teardown_steps = step->teardown_steps;
  annotation->teardown_role = step->peer_first ? TCPSTATE_TEARDOWN_PASSIVE : TCPSTATE_TEARDOWN_ACTIVE;
}

/* weigh_queue() and weigh_queued_fin() */
static ALWAYS_INLINE bool is_sure(const struct flow *flow, const tcpstate_segment *segment,
                                  const struct closing_step *step, unsigned x)
{
  if (step->before.stands[OWN].state == TCPSTATE_TIME_WAIT) {
    return true;
  }
  bool sent_data = (flow->control_segments & (64u << x)) != 0;
  return is_surely_sent(flow, segment, x, flow_edge(flow, 1 - x)) &&
         !(step->after.stands[OWN].state == TCPSTATE_LAST_ACK && sent_data);
}

/* Always inline: each of the ways is one of these with its step's row known beforehand. */
static ALWAYS_INLINE bool take(const struct usual *usual, const struct closing_step *step,
                               tcpstate_annotation *annotation)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  if (UNLIKELY(segment->payload_length) || UNLIKELY(!is_simple(flow)) ||
      UNLIKELY(!stands_before(flow, &step->before, x)) || UNLIKELY(!is_in_order(flow, step, x)) ||
      UNLIKELY(!is_last_word(flow, segment, x)) || UNLIKELY(!is_in_time(usual, step)) ||
      UNLIKELY(!is_stamped_usually(flow, segment, x)) ||
      UNLIKELY(!is_in_window(flow, segment, flow_edge(flow, 1 - x))) ||
      UNLIKELY(!arrives_as_it_is(flow, step, x, segment->seq))) {
    return false;
  }
  bool fin = step->happening[OWN] == SENDS_FIN;
  unsigned letter = letter_of(flow, x, fin ? HISTORY_FIN : HISTORY_ACK);
  bool written = history_has(flow->history, letter);
  if (fin ? written || !history_has_room(flow->history) : !written && !history_has_room(flow->history)) {
    return false;
  }
  bool surely_sent = is_sure(flow, segment, step, x);
  commit(usual, step, letter);
  annotate_closing(usual, step, surely_sent, annotation);
  return true;
}

bool usual_first_fin(const struct usual *usual, tcpstate_annotation *annotation)
{
  return take(usual, &first_fin, annotation);
}

bool usual_first_ack(const struct usual *usual, tcpstate_annotation *annotation)
{
  return take(usual, &first_ack, annotation);
}

bool usual_second_fin(const struct usual *usual, tcpstate_annotation *annotation)
{
  return take(usual, &second_fin, annotation);
}

bool usual_second_fin_with_ack(const struct usual *usual, tcpstate_annotation *annotation)
{
  return take(usual, &second_fin_with_ack, annotation);
}

bool usual_last_ack(const struct usual *usual, tcpstate_annotation *annotation)
{
  return usual->flow->ep[usual->x].possible & SET(FIN_WAIT_2) ? take(usual, &last_ack_of_four, annotation)
                                                              : take(usual, &last_ack_of_three, annotation);
}
