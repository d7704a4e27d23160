/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The handshake of RFC 9293 figure 6: each of its three segments, where the ones before are all that was seen. */
#include "listeners.h"
#include "usual_parts.h"
#include "vantage.h"

enum { SYN_SEEN = EP_SEEN | EP_SYN };

/* Possible where one SYN has passed. */
enum { SET_AWAITS_SYN = SET(CLOSED) | SET(LISTEN) | SET(SYN_RECEIVED) };

static uint64_t after_syn(void)
{
  return history_with(0, HISTORY_SYN | HISTORY_ORIGINATOR);
}

/* take_options() */
static void take_options(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  if (segment->facts & TCPSTATE_HAS_WINDOW_SCALE) {
    flow_set_scale(flow, x, segment->window_scale);
  }
  flow->ep[x].win = segment->window;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    endpoint_set(flow, x, EP_TS);
    flow->ep[x].ts = segment->ts_value;
  }
}

/* stream_take() of a SYN, the first of its direction. */
static void take_syn(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  flow->ep[x].isn = segment->seq;
  flow->ep[x].nxt = flow->ep[x].rcvd = segment->seq + 1;
  endpoint_set(flow, x, SYN_SEEN);
}

static void annotate_opening(const struct usual *usual, const tcpstate_annotation *as, tcpstate_annotation *annotation)
{
  *annotation = *as;
  annotation->stream = usual->flow->stream;
  annotation->slot = usual->place;
}

/* ---------------------------------------------------------------- SYN */

/* begin_syn() */
void usual_open(const struct usual *usual, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation opened = {
      .possible = {SET(SYN_SENT), SET_AWAITS_SYN},
      .state = {TCPSTATE_SYN_SENT, TCPSTATE_SYN_RECEIVED},
      .previous = {TCPSTATE_CLOSED, TCPSTATE_LISTEN},
      .certainty = {TCPSTATE_OBSERVED, TCPSTATE_ASSUMED},
      .handshake_role = TCPSTATE_HANDSHAKE_SYN,
  };
  const struct transitions *transitions = &usual->tracker->transitions;
  struct flow *flow = usual->flow;
  unsigned x = usual->x;
  unsigned y = 1 - x;
  flow->stream = usual->tracker->next_stream++;
  flow->first_ns = flow->last_ns = usual->segment->time_ns;
  flow->scale = 0xff;
  flow->ep[y].win = 0xffff;
  flow->conn |= x ? FLOW_CLIENT_1 : 0;
  flow->ep[x].state = TCPSTATE_SYN_SENT;
  flow->ep[y].state = TCPSTATE_SYN_RECEIVED;
  flow->ep[x].possible = SET(SYN_SENT);
  flow->ep[y].possible = SET_AWAITS_SYN;
  flow->ep[y].pending = PENDING_SYN;
  flow->ep[y].moved_us = clock_us(usual->segment->time_ns);
  flow->ep[x].segments = 1;
  flow->control_segments = 1;
  flow->history = after_syn();
  take_syn(flow, usual->segment, x);
  vantage_read_syn(flow, usual->segment);
  take_options(flow, usual->segment, x);
  annotate_opening(usual, &opened, annotation);
  annotation->rule[TCPSTATE_CLIENT] = transitions->rule[SENDS_SYN][TCPSTATE_CLOSED];
  annotation->rule[TCPSTATE_SERVER] = transitions->rule[GETS_SYN][TCPSTATE_LISTEN];
}

/* ---------------------------------------------------------------- the answers */

/* Nothing but the segments before it in the handshake: none repeated, renewed or refused. */
static bool is_fresh(const struct flow *flow, unsigned client, unsigned syn_acks, uint64_t history)
{
  return flow_client(flow) == client && (flow->conn & ~(FLOW_CLIENT_1 | FLOW_IPV6)) == 0 && is_simple(flow) &&
         flow->duplicates == 0 && flow->ep[client].segments == 1 && flow->ep[1 - client].segments == syn_acks &&
         flow->history == history && flow->ep[client].nxt == flow->ep[client].isn + 1 &&
         flow->control_segments == 1 + syn_acks;
}

static void count_handshake(const struct usual *usual, unsigned letter)
{
  usual->flow->history = history_with(usual->flow->history, letter);
  usual->flow->control_segments++;
  count_usual(usual->flow, usual->segment, usual->x);
}

/* first_syn_ack(), receive_syn_ack() */
static void commit_syn_ack(const struct usual *usual)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  unsigned y = 1 - x;
  uint32_t now_us = clock_us(segment->time_ns);
  flow->rtt[x] = rtt_pack(clock_since(now_us, flow->ep[x].moved_us));
  flow->syn_ack_timed = 1;
  flow->ep[x].possible = SET(SYN_RECEIVED);
  flow->ep[x].pending = 0;
  vantage_read_syn_ack(flow, segment, x);
  take_syn(flow, segment, x);
  flow->ep[y].state = TCPSTATE_ESTABLISHED;
  flow->ep[y].possible = SET(SYN_SENT) | SET(ESTABLISHED);
  flow->ep[y].pending = PENDING_SYN_ACK;
  flow->ep[y].moved_us = now_us;
  flow->ep[y].una = segment->ack;
  endpoint_set(flow, y, EP_UNA);
  take_options(flow, segment, x);
  count_handshake(usual, HISTORY_SYN_ACK);
  listeners_add(usual->tracker->listeners, segment->src, segment->src_port, segment->domain);
}

bool usual_syn_ack(const struct usual *usual, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation answered = {
      .possible = {SET(SYN_SENT) | SET(ESTABLISHED), SET(SYN_RECEIVED)},
      .state = {TCPSTATE_ESTABLISHED, TCPSTATE_SYN_RECEIVED},
      .previous = {TCPSTATE_SYN_SENT, TCPSTATE_SYN_RECEIVED},
      .certainty = {TCPSTATE_ASSUMED, TCPSTATE_OBSERVED},
      .src_role = TCPSTATE_SERVER,
      .handshake_role = TCPSTATE_HANDSHAKE_SYN_ACK,
  };
  const struct flow *flow = usual->flow;
  unsigned x = usual->x;
  unsigned y = 1 - x;
  if (flow->ep[x].state != TCPSTATE_SYN_RECEIVED || flow->ep[y].state != TCPSTATE_SYN_SENT ||
      !is_fresh(flow, y, 0, after_syn()) || flow->ep[x].possible != SET_AWAITS_SYN ||
      flow->ep[y].possible != SET(SYN_SENT) || flow->ep[x].pending != PENDING_SYN || flow->ep[y].pending != 0 ||
      flow->ep[x].facts != 0 || (flow->ep[y].facts & ~EP_TS) != SYN_SEEN || usual->segment->ack != flow->ep[y].nxt ||
      usual->segment->payload_length || !clock_is_bounded(usual->segment->time_ns)) {
    return false;
  }
  commit_syn_ack(usual);
  annotate_opening(usual, &answered, annotation);
  annotation->rule[TCPSTATE_CLIENT] = usual->tracker->transitions.rule[GETS_SYN_ACK][TCPSTATE_SYN_SENT];
  return true;
}

/* sender_synchronized(), receiver_opening() */
static void commit_ack(const struct usual *usual)
{
  struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  unsigned y = 1 - x;
  struct look look; /* as far as it is asked for */
  look.segment = segment;
  look.flow = flow;
  look.x = x;
  look.y = y;
  look.end = segment->seq;
  look.now_us = clock_us(segment->time_ns);
  look_answered(&look, x);
  vantage_judge_handshake(&look);
  endpoint_set(flow, x, EP_SYNCED);
  flow->ep[x].pending = 0;
  flow->ep[x].possible = SET(ESTABLISHED);
  flow->ep[y].pending = PENDING_ACK_OF_SYN;
  flow->ep[y].state = TCPSTATE_ESTABLISHED;
  flow->ep[y].possible = SET(SYN_RECEIVED) | SET(ESTABLISHED);
  flow->ep[y].moved_us = look.now_us;
  flow->ep[y].una = segment->ack;
  endpoint_set(flow, y, EP_UNA);
  flow->ep[x].win = segment->window;
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    flow->ep[x].ts = segment->ts_value;
  }
  count_handshake(usual, HISTORY_ACK | HISTORY_ORIGINATOR);
}

bool usual_handshake_ack(const struct usual *usual, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation complete = {
      .events = UINT64_C(1) << TCPSTATE_EVENT_HANDSHAKE_COMPLETE,
      .possible = {SET(ESTABLISHED), SET(SYN_RECEIVED) | SET(ESTABLISHED)},
      .state = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},
      .previous = {TCPSTATE_ESTABLISHED, TCPSTATE_SYN_RECEIVED},
      .certainty = {TCPSTATE_ASSUMED, TCPSTATE_ASSUMED},
      .handshake_role = TCPSTATE_HANDSHAKE_ACK,
  };
  const uint64_t history = history_with(after_syn(), HISTORY_SYN_ACK);
  const struct flow *flow = usual->flow;
  const tcpstate_segment *segment = usual->segment;
  unsigned x = usual->x;
  unsigned y = 1 - x;
  if (!is_fresh(flow, x, 1, history) || flow->ep[x].possible != (SET(SYN_SENT) | SET(ESTABLISHED)) ||
      flow->ep[y].possible != SET(SYN_RECEIVED) || flow->ep[x].pending != PENDING_SYN_ACK || flow->ep[y].pending != 0 ||
      (flow->ep[x].facts & ~EP_TS) != (SYN_SEEN | EP_UNA) || (flow->ep[y].facts & ~EP_TS) != SYN_SEEN ||
      segment->payload_length || segment->seq != flow->ep[x].nxt || segment->ack != flow->ep[y].isn + 1 ||
      flow->ep[y].nxt != segment->ack || !clock_is_bounded(segment->time_ns) || !is_stamped_usually(flow, segment, x)) {
    return false;
  }
  bool surely_sent = is_surely_sent(flow, segment, x, flow_edge(flow, 1 - x));
  commit_ack(usual);
  annotate_opening(usual, &complete, annotation);
  annotation->certainty[TCPSTATE_CLIENT] = surely_sent ? TCPSTATE_OBSERVED : TCPSTATE_ASSUMED;
  annotation->rule[TCPSTATE_SERVER] = usual->tracker->transitions.rule[GETS_ACK_OF_SYN][TCPSTATE_SYN_RECEIVED];
  return true;
}
