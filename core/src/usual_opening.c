/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The short way through the three segments of RFC 9293 figure 6: nothing lost, nothing repeated, no data. */
#include "usual.h"

#include "history.h"
#include "listeners.h"
#include "usual_parts.h"
#include "vantage.h"

enum {
  LETTER_BITS = 5,
  AFTER_SYN = HISTORY_SYN | HISTORY_ORIGINATOR,
  AFTER_SYN_ACK = AFTER_SYN | HISTORY_SYN_ACK << LETTER_BITS,
  AFTER_HANDSHAKE = AFTER_SYN_ACK | (HISTORY_ACK | HISTORY_ORIGINATOR) << (2 * LETTER_BITS)
};

/* Known from its SYN on, with certain roles, and nothing odd since. */
static bool is_clean(const struct flow *flow, unsigned client)
{
  const unsigned plain = FLOW_IPV6 | FLOW_CLIENT_1;
  return (flow->conn & ~plain) == 0 && flow_client(flow) == client && flow->duplicates == 0 && flow->holes == 0 &&
         !flow->tangled;
}

static bool has_states(const struct flow *flow, unsigned e, unsigned state, unsigned possible, unsigned pending)
{
  return flow->state[e] == state && flow->possible[e] == possible && flow->pending[e] == pending;
}

static void take_syn(struct look *look)
{
  struct flow *flow = look->flow;
  const tcpstate_segment *segment = look->segment;
  unsigned x = look->x;
  endpoint_set(flow, x, EP_SYN | EP_SEEN | (segment->facts & TCPSTATE_HAS_TIMESTAMP ? EP_TS : 0u));
  flow->isn[x] = segment->seq;
  flow->ep[x].nxt = flow->ep[x].rcvd = look->end;
  if (segment->facts & TCPSTATE_HAS_WINDOW_SCALE) {
    flow_set_scale(flow, x, segment->window_scale);
  }
}

/* begin_syn(). */
bool usual_begin(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  if (!usual_is_plain(look->segment, TCPSTATE_SYN) || look->segment->payload_length) {
    return false;
  }
  flow->stream = look->tracker->next_stream++;
  flow->first_ns = flow->last_ns = look->now_ns;
  flow->scale = 0xff;
  flow->win[y] = 0xffff;
  flow->conn = (uint8_t)(flow->conn | (x ? FLOW_CLIENT_1 : 0));
  look->previous[x] = flow->state[x] = TCPSTATE_CLOSED;
  look->previous[y] = flow->state[y] = TCPSTATE_LISTEN;
  usual_move(look, x, SENDS_SYN, TCPSTATE_SYN_SENT);
  usual_move(look, y, GETS_SYN, TCPSTATE_SYN_RECEIVED);
  flow->possible[x] = SET(SYN_SENT);
  flow->possible[y] = SET_NO_TCB | SET(SYN_RECEIVED);
  flow->pending[y] = PENDING_SYN;
  look_pass(look, y);
  take_syn(look);
  flow->control_segments = 1;
  flow->history = AFTER_SYN;
  look->handshake_role = TCPSTATE_HANDSHAKE_SYN;
  usual_count(look);
  return true;
}

static bool is_first_syn_ack(const struct look *look)
{
  const struct flow *flow = look->flow;
  const tcpstate_segment *segment = look->segment;
  unsigned x = look->x;
  unsigned y = look->y;
  return usual_is_plain(segment, TCPSTATE_SYN | TCPSTATE_ACK) && segment->payload_length == 0 &&
         flow->history == AFTER_SYN && is_clean(flow, y) && flow->segments[y] == 1 && flow->facts[x] == 0 &&
         usual_facts(flow, y) == EP_SEEN && segment->ack == flow->isn[y] + 1 && segment->ack == flow->ep[y].nxt &&
         has_states(flow, x, TCPSTATE_SYN_RECEIVED, SET_NO_TCB | SET(SYN_RECEIVED), PENDING_SYN) &&
         has_states(flow, y, TCPSTATE_SYN_SENT, SET(SYN_SENT), 0);
}

/* first_syn_ack(), receive_syn_ack(). */
static void syn_ack(struct look *look)
{
  struct flow *flow = look->flow;
  const tcpstate_segment *segment = look->segment;
  unsigned x = look->x;
  unsigned y = look->y;
  look_answered(look, x);
  vantage_note_syn_ack(look);
  flow->possible[x] = SET(SYN_RECEIVED);
  flow->pending[x] = 0;
  take_syn(look);
  usual_move(look, y, GETS_SYN_ACK, TCPSTATE_ESTABLISHED);
  flow->possible[y] = SET(SYN_SENT) | SET(ESTABLISHED);
  flow->pending[y] = PENDING_SYN_ACK;
  look_pass(look, y);
  endpoint_set(flow, y, EP_UNA);
  flow->ep[y].una = segment->ack;
  flow->control_segments++;
  flow->history = AFTER_SYN_ACK;
  look->handshake_role = TCPSTATE_HANDSHAKE_SYN_ACK;
  listeners_add(look->tracker->listeners, segment->src, segment->src_port, segment->domain);
  usual_count(look);
}

static bool is_ack_of_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  const tcpstate_segment *segment = look->segment;
  unsigned x = look->x;
  unsigned y = look->y;
  return usual_is_plain(segment, TCPSTATE_ACK) && segment->payload_length == 0 && flow->history == AFTER_SYN_ACK &&
         is_clean(flow, x) && usual_facts(flow, x) == (EP_SEEN | EP_UNA) && usual_facts(flow, y) == EP_SEEN &&
         segment->seq == flow->ep[x].nxt && flow->ep[x].una == flow->ep[x].nxt && segment->ack == flow->ep[y].nxt &&
         segment->ack == flow->isn[y] + 1 && usual_is_stamped(flow, segment, x) &&
         has_states(flow, x, TCPSTATE_ESTABLISHED, SET(SYN_SENT) | SET(ESTABLISHED), PENDING_SYN_ACK) &&
         has_states(flow, y, TCPSTATE_SYN_RECEIVED, SET(SYN_RECEIVED), 0);
}

/* sender_synchronized(), receiver_opening(). */
static void ack_of_syn(struct look *look)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  look->surely_sent = seq_ge(flow_edge(flow, y), flow->ep[x].nxt + FULL_SEGMENT);
  look_answered(look, x);
  vantage_judge_handshake(look);
  endpoint_set(flow, x, EP_SYNCED);
  flow->possible[x] = SET(ESTABLISHED);
  flow->pending[x] = 0;
  usual_move(look, y, GETS_ACK_OF_SYN, TCPSTATE_ESTABLISHED);
  flow->possible[y] = SET(SYN_RECEIVED) | SET(ESTABLISHED);
  flow->pending[y] = PENDING_ACK_OF_SYN;
  look_pass(look, y);
  endpoint_set(flow, y, EP_UNA);
  flow->ep[y].una = look->segment->ack;
  flow->control_segments++;
  flow->history = AFTER_HANDSHAKE;
  look->handshake_role = TCPSTATE_HANDSHAKE_ACK;
  note(look, TCPSTATE_EVENT_HANDSHAKE_COMPLETE);
  usual_count(look);
}

bool usual_opening(struct look *look)
{
  if (is_first_syn_ack(look)) {
    syn_ack(look);
    return true;
  }
  if (is_ack_of_syn(look)) {
    ack_of_syn(look);
    return true;
  }
  return false;
}
