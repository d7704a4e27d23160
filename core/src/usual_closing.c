/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The short way through the release of RFC 9293 figure 12, in four segments or, with ACK-1 and FIN-2 on one, in three:
 * nothing lost, nothing repeated, the last data before FIN-1. */
#include "usual.h"

#include "history.h"
#include "usual_parts.h"
#include "vantage.h"

enum {
  CLOSER_FACTS = USUAL_FACTS | EP_FIN,          /* sent FIN-1 */
  RELEASED_FACTS = CLOSER_FACTS | EP_FIN_ACKED, /* ... which was acknowledged */
  ANSWERER_FACTS = USUAL_FACTS | EP_GOT_FIN     /* acknowledged FIN-1 */
};

static bool is_at(const struct flow *flow, unsigned e, unsigned state, unsigned facts, unsigned possible)
{
  return flow->state[e] == state && usual_facts(flow, e) == facts && flow->possible[e] == possible;
}

/* In line, in time, acknowledging all that its peer has sent, which has passed without a hole. */
static bool is_in_order(const struct look *look)
{
  const struct flow *flow = look->flow;
  const tcpstate_segment *segment = look->segment;
  const struct endpoint *own = &flow->ep[look->x];
  uint32_t sent = own->nxt - flow->isn[look->x];
  return !(flow->conn & (FLOW_MID_STREAM | FLOW_SIMULTANEOUS | FLOW_REFUSED)) && flow->holes == 0 && !flow->tangled &&
         segment->seq == own->nxt && segment->ack == flow->ep[look->y].nxt &&
         seq_ge(segment->ack, flow->ep[look->y].una) && sent + segment->payload_length + 1 > sent &&
         usual_is_stamped(flow, segment, look->x) && segment->time_ns == look->now_ns &&
         !endpoint_is(flow, look->x, EP_HOLE) && !usual_is_overdue(flow, look->x, look->now_ns) &&
         !look_beyond_window(look);
}

/* weigh_queue(). */
static bool is_drained(const struct look *look)
{
  const struct flow *flow = look->flow;
  const struct endpoint *own = &flow->ep[look->x];
  return !(flow->duplicates & (4u << look->x)) && own->una == own->nxt && look->segment->payload_length == 0 &&
         seq_ge(flow_edge(flow, look->y), own->nxt + FULL_SEGMENT);
}

static bool sent_first_fin(const struct flow *flow, unsigned e)
{
  return ((flow->conn & FLOW_FIRST_FIN_1) != 0) == (e == 1);
}

static void take_fin(struct look *look, unsigned step)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  endpoint_set(flow, x, EP_FIN);
  flow->ep[x].nxt = flow->ep[x].rcvd = look->end;
  look->steps |= (uint8_t)step;
  look_pass(look, look->y);
}

static void take_ack(struct look *look)
{
  struct flow *flow = look->flow;
  endpoint_clear(flow, look->y, EP_HOLE);
  flow->ep[look->y].una = look->segment->ack;
  flow->duplicates = (uint8_t)(flow->duplicates & ~(1u << look->x));
}

/* first_ack_of_fin(). */
static void take_ack_of_fin(struct look *look, unsigned step)
{
  struct flow *flow = look->flow;
  endpoint_set(flow, look->y, EP_FIN_ACKED);
  flow->ep[look->y].rcvd = look->segment->seq;
  look->steps |= (uint8_t)step;
  look_pass(look, look->y);
}

/* sender_got_fin(). */
static void answer_fin(struct look *look)
{
  look_answered(look, look->x);
  vantage_judge_fin(look);
  endpoint_set(look->flow, look->x, EP_GOT_FIN | EP_SYNCED);
}

/* ---------------------------------------------------------------- FIN-1 */

/* Its handshake need not be proven yet, if this is the server. */
static bool is_open(const struct look *look, unsigned e)
{
  const struct flow *flow = look->flow;
  bool proven = flow->pending[e] == 0;
  unsigned opening = proven ? 0u : SET(SYN_RECEIVED);
  return (proven || flow->pending[e] == PENDING_ACK_OF_SYN) &&
         (proven || e == look->y || usual_proves_handshake(flow, look->segment, e)) &&
         is_at(flow, e, TCPSTATE_ESTABLISHED, EP_SEEN | EP_UNA | (proven ? EP_SYNCED : 0u),
               SET(ESTABLISHED) | opening) &&
         flow->ep[e].rcvd == flow->ep[e].nxt;
}

static bool is_fin_1(const struct look *look)
{
  const struct flow *flow = look->flow;
  bool hole_stays = endpoint_is(flow, look->y, EP_HOLE) && look->segment->ack == flow->ep[look->y].una;
  return !hole_stays && is_open(look, look->x) && is_open(look, look->y);
}

static void fin_1(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  look->surely_sent = is_drained(look);
  if (look->segment->payload_length) {
    unsigned bit = 4u << x;
    bool large = look->segment->payload_length >= SMALLEST_MSS;
    flow->duplicates = (uint8_t)(large ? flow->duplicates | bit : flow->duplicates & ~bit);
  }
  if (flow->pending[x]) {
    usual_complete_handshake(flow, look->segment, x);
  }
  take_ack(look);
  usual_move(look, x, SENDS_FIN, TCPSTATE_FIN_WAIT_1);
  usual_move(look, look->y, GETS_FIN, TCPSTATE_CLOSE_WAIT);
  flow->possible[x] = SET(FIN_WAIT_1);
  flow->possible[look->y] |= SET(CLOSE_WAIT);
  flow->pending[look->y] |= PENDING_FIN;
  flow->conn = (uint8_t)((flow->conn & ~FLOW_FIRST_FIN_1) | (x ? FLOW_FIRST_FIN_1 : 0));
  take_fin(look, TCPSTATE_TEARDOWN_FIN_1);
}

/* ---------------------------------------------------------------- ACK-1, and FIN-2 with or without it */

/* Its peer's FIN has passed on to the sender, whose answer this is. */
static bool is_answer(const struct look *look)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  bool proven = flow->pending[x] == PENDING_FIN;
  unsigned opening = proven ? 0u : SET(SYN_RECEIVED);
  return (proven ||
          (flow->pending[x] == (PENDING_FIN | PENDING_ACK_OF_SYN) && usual_proves_handshake(flow, look->segment, x))) &&
         is_at(flow, x, TCPSTATE_CLOSE_WAIT, EP_SEEN | EP_UNA | (proven ? EP_SYNCED : 0u),
               SET(ESTABLISHED) | SET(CLOSE_WAIT) | opening) &&
         is_at(flow, y, TCPSTATE_FIN_WAIT_1, CLOSER_FACTS, SET(FIN_WAIT_1)) && flow->pending[y] == 0 &&
         sent_first_fin(flow, y) && flow->ep[x].rcvd == flow->ep[x].nxt && flow->ep[y].rcvd == flow->ep[y].nxt &&
         flow->ep[y].una != flow->ep[y].nxt && look->segment->payload_length == 0;
}

static void ack_1(struct look *look)
{
  struct flow *flow = look->flow;
  look->surely_sent = is_drained(look);
  take_ack(look);
  answer_fin(look);
  flow->possible[look->x] = SET(CLOSE_WAIT);
  flow->pending[look->x] = 0;
  usual_move(look, look->y, GETS_ACK_OF_FIN, TCPSTATE_FIN_WAIT_2);
  flow->possible[look->y] = SET(FIN_WAIT_1) | SET(FIN_WAIT_2);
  flow->pending[look->y] = PENDING_ACK_OF_FIN;
  take_ack_of_fin(look, TCPSTATE_TEARDOWN_ACK_1);
}

/* The peer has been sent what FIN-2 came behind: may it lie there, or be beyond its window? */
static bool may_be_held_up(const struct look *look)
{
  const struct flow *flow = look->flow;
  return look->segment->seq != flow->ep[look->x].una || seq_gt(look->end, flow_edge(flow, look->y));
}

static void fin_2(struct look *look, unsigned possible_before)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  bool sent_data = (flow->control_segments & (64u << x)) != 0; /* weigh_queued_fin() */
  look->surely_sent = is_drained(look) && !sent_data;
  usual_move(look, x, SENDS_FIN, TCPSTATE_LAST_ACK);
  flow->possible[x] = SET(LAST_ACK);
  usual_move(look, y, GETS_FIN_AND_ACK, TCPSTATE_TIME_WAIT);
  flow->possible[y] = (uint16_t)(possible_before | SET(TIME_WAIT));
  take_fin(look, TCPSTATE_TEARDOWN_FIN_2);
}

static void ack_1_and_fin_2(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned held_up = may_be_held_up(look) ? PENDING_ACK_OF_FIN : 0u;
  answer_fin(look);
  flow->pending[look->x] = 0;
  fin_2(look, SET(FIN_WAIT_1) | (held_up ? SET(FIN_WAIT_2) : 0u));
  take_ack(look);
  flow->pending[look->y] = (uint8_t)(PENDING_FIN_AND_ACK | held_up);
  take_ack_of_fin(look, TCPSTATE_TEARDOWN_ACK_1);
}

static bool is_fin_2(const struct look *look)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  return is_at(flow, x, TCPSTATE_CLOSE_WAIT, ANSWERER_FACTS, SET(CLOSE_WAIT)) &&
         is_at(flow, y, TCPSTATE_FIN_WAIT_2, RELEASED_FACTS, SET(FIN_WAIT_1) | SET(FIN_WAIT_2)) &&
         flow->pending[x] == 0 && flow->pending[y] == PENDING_ACK_OF_FIN && sent_first_fin(flow, y) &&
         flow->ep[x].rcvd == flow->ep[x].nxt && flow->ep[y].una == flow->ep[y].nxt &&
         look->segment->payload_length == 0;
}

static void fin_2_alone(struct look *look)
{
  fin_2(look, SET(FIN_WAIT_1) | SET(FIN_WAIT_2));
  take_ack(look);
  look->flow->pending[look->y] = PENDING_ACK_OF_FIN | PENDING_FIN_AND_ACK;
}

/* ---------------------------------------------------------------- ACK-2 */

/* expire_time_wait() has nothing to do. */
static bool still_waits(const struct look *look)
{
  int64_t wait = look->tracker->settings.time_wait_ns;
  int64_t waited = (int64_t)clock_since(look->now_us, look->flow->moved_us[look->x]) * 1000;
  return look->now_ns - look->flow->last_ns <= wait && waited <= wait;
}

static bool is_ack_2(const struct look *look)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  const unsigned arrived = SET(FIN_WAIT_1) | SET(TIME_WAIT);
  return flow->state[x] == TCPSTATE_TIME_WAIT && usual_facts(flow, x) == RELEASED_FACTS &&
         (flow->possible[x] & ~SET(FIN_WAIT_2)) == arrived &&
         (flow->pending[x] & ~(unsigned)PENDING_ACK_OF_FIN) == PENDING_FIN_AND_ACK && flow->pending[y] == 0 &&
         is_at(flow, y, TCPSTATE_LAST_ACK, ANSWERER_FACTS | EP_FIN, SET(LAST_ACK)) && sent_first_fin(flow, x) &&
         flow->ep[y].rcvd == flow->ep[y].nxt && flow->ep[y].una != flow->ep[y].nxt &&
         flow->ep[x].una == flow->ep[x].nxt && seq_gt(look->segment->ack, flow->ep[x].rcvd) &&
         look->segment->payload_length == 0 && still_waits(look);
}

static void ack_2(struct look *look)
{
  struct flow *flow = look->flow;
  take_ack(look);
  answer_fin(look);
  flow->possible[look->x] = SET(TIME_WAIT);
  flow->pending[look->x] = 0;
  usual_move(look, look->y, GETS_ACK_OF_FIN, TCPSTATE_CLOSED);
  flow->possible[look->y] = SET(LAST_ACK) | SET(CLOSED);
  flow->pending[look->y] = PENDING_ACK_OF_FIN;
  take_ack_of_fin(look, TCPSTATE_TEARDOWN_ACK_2);
}

/* ---------------------------------------------------------------- all of them */

static bool take_bare(struct look *look)
{
  if (is_answer(look)) {
    ack_1(look);
    return true;
  }
  if (is_ack_2(look)) {
    ack_2(look);
    return true;
  }
  return false;
}

static bool take_with_fin(struct look *look)
{
  if (is_fin_1(look)) {
    fin_1(look);
  } else if (is_answer(look)) {
    ack_1_and_fin_2(look);
  } else if (is_fin_2(look)) {
    fin_2_alone(look);
  } else {
    return false;
  }
  return true;
}

bool usual_closing(struct look *look)
{
  struct flow *flow = look->flow;
  bool fin = flag(look, TCPSTATE_FIN);
  unsigned side = look->x == flow_client(flow) ? HISTORY_ORIGINATOR : 0;
  unsigned letter = (fin ? HISTORY_FIN : HISTORY_ACK) | side;
  bool known = history_has(flow->history, letter);
  if (!usual_is_plain(look->segment, fin ? TCPSTATE_FIN | TCPSTATE_ACK : TCPSTATE_ACK) ||
      (fin ? known || !history_has_room(flow->history) : !known && !history_has_room(flow->history)) ||
      !is_in_order(look) || !(fin ? take_with_fin(look) : take_bare(look))) {
    return false;
  }
  if (!known) {
    history_append(flow, letter);
  }
  if (flow_teardown_segments(flow) < 7) {
    flow->control_segments = (uint8_t)(flow->control_segments + 8);
  }
  usual_count(look);
  return true;
}
