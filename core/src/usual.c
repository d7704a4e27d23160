/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "usual.h"

#include "history.h"
#include "seq.h"
#include "usual_parts.h"
#include <string.h>

/* Both in ESTABLISHED, both seen and acknowledged, no hole in the capture, no doubt, nothing on its way to the sender.
 * That the receiver has got the acknowledgement of its SYN need not be proven, if it is known to be on its way. */
static bool is_settled(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned own = usual_facts(flow, x);
  unsigned other = usual_facts(flow, 1 - x);
  bool syn_ack_unseen = !endpoint_is(flow, 1 - x, EP_SYN) && (flow->possible[1 - x] & SET(SYN_RECEIVED));
  if (flow->state[0] != TCPSTATE_ESTABLISHED || flow->state[1] != TCPSTATE_ESTABLISHED || flow->holes != 0 ||
      flow->tangled || syn_ack_unseen) {
    return false;
  }
  if (own == (EP_SEEN | EP_UNA)) {
    return other == USUAL_FACTS && flow->pending[x] == PENDING_ACK_OF_SYN && flow->pending[1 - x] == 0 &&
           flow->possible[x] == (SET(SYN_RECEIVED) | SET(ESTABLISHED)) && usual_proves_handshake(flow, segment, x);
  }
  other |= flow->pending[1 - x] & PENDING_ACK_OF_SYN ? EP_SYNCED : 0u;
  return own == USUAL_FACTS && other == USUAL_FACTS && flow->pending[x] == 0;
}

/* The sequence number is the next in line and the segment says nothing new about how far its sender has got. */
static bool is_next(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *own = &flow->ep[x];
  uint32_t sent = own->nxt - flow->isn[x];
  const unsigned opening = flow->pending[x] & PENDING_ACK_OF_SYN ? SET(SYN_RECEIVED) : 0u; /* no longer */
  const unsigned able = opening | (segment->payload_length ? SET(ESTABLISHED) | SET(CLOSE_WAIT) : SET_SYNCHRONIZED);
  return segment->seq == own->nxt && own->rcvd == own->nxt && seq_le(own->una, own->nxt) &&
         sent + segment->payload_length >= sent && (flow->possible[x] & SET(ESTABLISHED)) &&
         (flow->possible[x] & ~able) == 0;
}

/* It acknowledges what has passed, not less than before, and is no bare duplicate. */
static bool acknowledges_usually(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  const struct endpoint *peer = &flow->ep[1 - x];
  bool duplicate = segment->payload_length == 0 && segment->ack == peer->una && segment->window == flow->win[x];
  return seq_ge(segment->ack, peer->una) && seq_le(segment->ack, peer->nxt) && seq_le(segment->ack, peer->rcvd) &&
         !(duplicate && segment->ack != peer->nxt);
}

/* If it acknowledges less than what has passed, then because that may not have arrived yet. */
static bool is_in_time(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  uint32_t since_passed = clock_since(clock_us(segment->time_ns), flow->moved_us[x]);
  if (segment->time_ns != clock_bounded(segment->time_ns)) {
    return false;
  }
  return segment->ack == flow->ep[1 - x].nxt || since_passed <= look_patience_us(flow, x);
}

static bool is_in_window(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  return (flow->conn & FLOW_MID_STREAM) || seq_le(segment->seq, flow_edge(flow, 1 - x) + FULL_SEGMENT);
}

static unsigned letter_of(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned side = x == flow_client(flow) ? HISTORY_ORIGINATOR : 0;
  return (segment->payload_length ? HISTORY_DATA : HISTORY_ACK) | side;
}

/* weigh_queue() before, and note_hole() after the numbers move. */
static bool is_surely_sent(const struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  bool idle = !(flow->duplicates & (4u << x)) && flow->ep[x].una == flow->ep[x].nxt && segment->payload_length == 0;
  return idle && !(flow->conn & FLOW_MID_STREAM) && seq_ge(flow_edge(flow, 1 - x), flow->ep[x].nxt + FULL_SEGMENT);
}

/* note_overdue(), note_hole(), pass_data(): may what passed have been lost behind the capture point? */
static void weigh_holes(struct flow *flow, const tcpstate_segment *segment, unsigned x)
{
  unsigned y = 1 - x;
  for (unsigned e = 0; e < 2; e++) {
    if (usual_is_overdue(flow, e, segment->time_ns)) {
      endpoint_set(flow, e, EP_HOLE);
    }
  }
  if (segment->ack != flow->ep[y].una) {
    endpoint_clear(flow, y, EP_HOLE);
  }
  if (segment->payload_length && flow->ep[x].una == flow->ep[x].nxt) {
    endpoint_clear(flow, x, EP_HOLE);
  }
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
  flow->segments[x]++;
  if (!history_has(flow->history, letter)) {
    history_append(flow, letter);
  }
  if (segment->time_ns > flow->last_ns) {
    flow->last_ns = segment->time_ns;
  }
}

static bool is_doubtful(const struct flow *flow, unsigned e)
{
  return (flow->conn & FLOW_MID_STREAM) && (flow->possible[e] & (flow->possible[e] - 1)) != 0;
}

static void annotate_usual(const struct flow *flow, unsigned x, bool surely_sent, tcpstate_annotation *annotation)
{
  static const tcpstate_annotation usual = {
      .state = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},
      .previous = {TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED},
      .phase = TCPSTATE_PHASE_DATA,
  };
  unsigned client = flow_client(flow);
  unsigned own = x == client ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
  bool observed = surely_sent && flow->possible[x] == SET(ESTABLISHED);
  memcpy(annotation, &usual, sizeof usual);
  annotation->stream = flow->stream;
  annotation->possible[own] = flow->possible[x];
  annotation->possible[1 - own] = flow->possible[1 - x];
  annotation->certainty[own] = is_doubtful(flow, x) ? TCPSTATE_GUESSED
                               : observed           ? TCPSTATE_OBSERVED
                                                    : TCPSTATE_ASSUMED;
  annotation->certainty[1 - own] = is_doubtful(flow, 1 - x) ? TCPSTATE_GUESSED : TCPSTATE_ASSUMED;
  annotation->src_role = (uint8_t)own;
  annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
}

bool usual_take(struct flow *flow, const tcpstate_segment *segment, unsigned x, uint32_t place,
                tcpstate_annotation *annotation)
{
  unsigned letter = letter_of(flow, segment, x);
  if (!usual_is_plain(segment, TCPSTATE_ACK) || !is_settled(flow, segment, x) || !is_next(flow, segment, x) ||
      !acknowledges_usually(flow, segment, x) || !usual_is_stamped(flow, segment, x) || !is_in_time(flow, segment, x) ||
      !is_in_window(flow, segment, x) || !(history_has(flow->history, letter) || history_has_room(flow->history))) {
    return false;
  }
  bool surely_sent = is_surely_sent(flow, segment, x);
  if (flow->pending[x]) {
    usual_complete_handshake(flow, segment, x);
  }
  weigh_holes(flow, segment, x);
  commit(flow, segment, x, letter);
  annotate_usual(flow, x, surely_sent, annotation);
  annotation->slot = place;
  return true;
}
