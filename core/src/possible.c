/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Soundness by construction: a segment that passed may arrive at any time or never, so the set is closed under the
 * arrival of everything pending, by the same rule table that moves the displayed state. What an endpoint sends takes
 * away the members that could not have sent it. */
#include "possible.h"

#include "history.h"
#include "seq.h"

static const struct {
  uint8_t pending;
  uint8_t what;
} arrivals[] = {
    {PENDING_SYN, GETS_SYN}, {PENDING_SYN_ACK, GETS_SYN_ACK},       {PENDING_ACK_OF_SYN, GETS_ACK_OF_SYN},
    {PENDING_FIN, GETS_FIN}, {PENDING_ACK_OF_FIN, GETS_ACK_OF_FIN}, {PENDING_FIN_AND_ACK, GETS_FIN_AND_ACK},
    {PENDING_RST, GETS_RST},
};

void possible_map(struct look *look, unsigned e, enum happening what)
{
  look->flow->ep[e].possible = transitions_map(&look->tracker->transitions, look->flow->ep[e].possible, what);
}

void possible_keep(struct look *look, unsigned e, unsigned set)
{
  unsigned kept = look->flow->ep[e].possible & set;
  if (kept) {
    look->flow->ep[e].possible = (uint16_t)kept;
  }
}

void possible_pass(struct look *look, unsigned e, unsigned pending)
{
  look->flow->ep[e].pending = (uint8_t)(look->flow->ep[e].pending | pending);
}

bool possible_other_syn(const struct look *look, unsigned e)
{
  return (look->flow->ep[e].possible & SET(SYN_SENT)) &&
         (state_of(look, e) != TCPSTATE_SYN_SENT || endpoint_is(look->flow, e, EP_STRAY_SYN));
}

void possible_settle(struct look *look, unsigned e, unsigned pending)
{
  look->flow->ep[e].pending = (uint8_t)(look->flow->ep[e].pending & ~pending);
}

/* x acknowledges the peer's FIN: it has got it, and with it what came on the same segment. */
static void possible_got_fin(struct look *look)
{
  unsigned x = look->x;
  unsigned pending = look->flow->ep[x].pending;
  bool together = (pending & PENDING_FIN_AND_ACK) && !(pending & PENDING_FIN);
  possible_map(look, x, together ? GETS_FIN_AND_ACK : GETS_FIN);
  if ((pending & PENDING_FIN_AND_ACK) && !together) {
    look->flow->ep[x].possible |=
        transitions_map(&look->tracker->transitions, look->flow->ep[x].possible, GETS_ACK_OF_FIN);
  }
  possible_settle(look, x, PENDING_FIN | PENDING_FIN_AND_ACK);
}

/* Has x acknowledged anything that the peer sent together with, or after, the first acknowledgement of x's FIN? */
static bool knows_fin_acked(const struct look *look)
{
  return endpoint_is(look->flow, look->x, EP_FIN_ACKED) && seq_gt(look->segment->ack, look->flow->ep[look->x].rcvd);
}

void possible_of_before(struct look *look)
{
  if (!history_has_reset(look->flow, look->x)) {
    possible_settle(look, look->y, PENDING_RST);
  }
  if (look->segment->payload_length || flag(look, TCPSTATE_FIN)) { /* it is past the handshake */
    possible_settle(look, look->x, PENDING_SYN | PENDING_SYN_ACK | PENDING_ACK_OF_SYN);
  }
}

/* x sends new data: it has not closed yet. Where the capture began late, that it is new can be told only of what
 * follows other segments of x; then no FIN of x is under way from before either. */
static unsigned without_fin(struct look *look)
{
  struct flow *flow = look->flow;
  if (flow->conn & FLOW_MID_STREAM) {
    if (!flow->ep[look->x].segments) {
      return TCPSTATE_MASK_ALL;
    }
    possible_settle(look, look->x, PENDING_ALL & ~(unsigned)(PENDING_RST | PENDING_FIN));
    possible_settle(look, look->y, PENDING_FIN | PENDING_FIN_AND_ACK);
    possible_keep(look, look->y, ~(unsigned)SET_GOT_FIN);
  }
  return ~(unsigned)SET_SENT_FIN;
}

void possible_ordinary(struct look *look, bool covers_fin, bool fin_again)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned keep = SET_SYNCHRONIZED;
  if (!endpoint_is(flow, x, EP_SYNCED)) {
    keep |= SET(SYN_RECEIVED);
  }
  if (covers_fin) {
    possible_got_fin(look);
    keep &= SET_GOT_FIN | SET(SYN_RECEIVED);
  } else if (endpoint_is(flow, look->y, EP_FIN)) {
    keep &= ~(unsigned)SET_GOT_FIN;
  }
  if (endpoint_is(flow, x, EP_FIN)) {
    keep &= SET_SENT_FIN | (endpoint_is(flow, x, EP_FIN_UNSURE) ? SET(ESTABLISHED) | SET(CLOSE_WAIT) : 0u);
  } else if (seq_gt(look->end, flow->ep[x].nxt) && !flag(look, TCPSTATE_FIN)) {
    keep &= without_fin(look);
  }
  if (fin_again) {
    keep &= ~(unsigned)SET_FIN_ACKED;
  }
  if (knows_fin_acked(look)) {
    possible_map(look, x, GETS_ACK_OF_FIN);
    if (flow->ep[x].pending & PENDING_FIN_AND_ACK) {
      possible_pass(look, x, PENDING_FIN);
    }
    possible_settle(look, x, PENDING_ACK_OF_FIN | PENDING_FIN_AND_ACK);
  }
  if (!(keep & SET(SYN_RECEIVED))) {
    possible_settle(look, x, PENDING_SYN_ACK | PENDING_ACK_OF_SYN);
    possible_map(look, x, GETS_SYN_ACK);
    possible_map(look, x, GETS_ACK_OF_SYN);
  }
  possible_keep(look, x, keep);
}

static uint16_t closure(const struct look *look, uint16_t set, unsigned pending)
{
  const struct transitions *transitions = &look->tracker->transitions;
  uint16_t before;
  do {
    before = set;
    for (unsigned i = 0; i < sizeof arrivals / sizeof arrivals[0]; i++) {
      if (pending & arrivals[i].pending) {
        set |= transitions_map(transitions, set, (enum happening)arrivals[i].what);
      }
    }
  } while (set != before);
  return set;
}

void possible_close(struct look *look)
{
  struct flow *flow = look->flow;
  if (history_has_reset(flow, look->x) && !flow->tangled && !look_long_due(look, look->x)) {
    flow->ep[look->x].possible |= SET(CLOSED); /* this one may have been sent before the RST, and be late */
  }
  for (unsigned e = 0; e < 2; e++) {
    if (flow->ep[e].state != TCPSTATE_UNKNOWN) {
      flow->ep[e].possible |= TCPSTATE_MASK(flow->ep[e].state);
    }
    unsigned pending = flow->ep[e].pending & (unsigned)~PENDING_PROBE;
    if (pending) {
      flow->ep[e].possible = closure(look, flow->ep[e].possible, pending);
    }
    if ((pending & PENDING_RST) && (flow->ep[e].possible & SET(SYN_RECEIVED))) {
      flow->ep[e].possible |= SET(CLOSED); /* if it opened actively, or its listener is gone */
    }
  }
}
