/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tangle.h"

#include "history.h"
#include "possible.h"
#include "seq.h"

void tangle_begin(struct look *look)
{
  look->flow->tangled = 3;
}

static bool both(const struct flow *flow, unsigned facts)
{
  return (flow->facts[0] & flow->facts[1] & facts) == facts;
}

/* The sender speaks in the numbers of the latest life, and not out of SYN-RECEIVED. */
static bool proves_life(const struct look *look, uint16_t before)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  bool more = seq_gt(look->segment->ack, flow->isn[y] + 1) && !(flow->tangled & (1u << y));
  if ((before & SET(SYN_RECEIVED)) && !look->segment->payload_length && !more) {
    return false;
  }
  return !flag(look, TCPSTATE_SYN | TCPSTATE_RST) && both(flow, EP_SYN) && endpoint_is(flow, x, EP_SYNCED) &&
         !endpoint_is(flow, x, EP_STRAY_SYN | EP_FIN) && !endpoint_is(flow, y, EP_FIN) &&
         seq_gt(look->segment->seq, flow->isn[x]) && seq_le(look->segment->seq, flow->ep[x].nxt) &&
         seq_gt(look->segment->ack, flow->isn[y]) && seq_le(look->segment->ack, flow->ep[y].nxt);
}

/* It has not closed in this life, nor has its peer. A RST of the life before has other numbers; a SYN fits any. */
static void forget_other_life(struct look *look, unsigned e)
{
  uint64_t history = look->flow->history;
  bool reset = history_has(history, HISTORY_RST) || history_has(history, HISTORY_RST | HISTORY_ORIGINATOR);
  unsigned gone = SET_OPENING | (SET_SYNCHRONIZED & ~SET(ESTABLISHED)) | (reset ? 0u : SET_NO_TCB);
  possible_settle(look, e, ~(unsigned)(PENDING_SYN | PENDING_PROBE | (reset ? PENDING_RST : 0u)));
  possible_keep(look, e, ~gone);
}

/* What may happen to a receiver of whatever life when this segment arrives. */
static unsigned arrival(const struct look *look)
{
  if (flag(look, TCPSTATE_RST)) {
    return PENDING_RST;
  }
  unsigned pending = flag(look, TCPSTATE_ACK) ? PENDING_ACK_OF_SYN | PENDING_ACK_OF_FIN : 0u;
  if (flag(look, TCPSTATE_SYN)) {
    pending |= flag(look, TCPSTATE_ACK) ? PENDING_SYN_ACK : PENDING_SYN;
  }
  return flag(look, TCPSTATE_FIN) ? pending | PENDING_FIN | PENDING_FIN_AND_ACK : pending;
}

/* Beyond the numbers of the life that is known. */
static bool is_foreign(const struct look *look)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  return endpoint_is(flow, x, EP_SEEN) &&
         (seq_gt(look->segment->seq, flow->ep[x].nxt) || seq_gt(look->segment->ack, flow->ep[look->y].nxt));
}

/* What this segment shows of a sender of whatever life. */
static unsigned shown(const struct look *look, uint16_t before)
{
  const struct transitions *transitions = &look->tracker->transitions;
  if (flag(look, TCPSTATE_RST)) {
    return SET(CLOSED);
  }
  if (flag(look, TCPSTATE_SYN)) {
    return flag(look, TCPSTATE_ACK) ? SET(SYN_RECEIVED) : SET(SYN_SENT);
  }
  unsigned set = before | (is_foreign(look) ? SET(SYN_RECEIVED) | SET(ESTABLISHED) : 0u);
  return flag(look, TCPSTATE_FIN) ? transitions_map(transitions, (uint16_t)set, SENDS_FIN) : set;
}

/* 3.10.7.4 second and fourth: what a SYN or RST does where the rules for one life have no row for it. */
static unsigned strays(const struct flow *flow, unsigned e)
{
  unsigned set = flow->possible[e];
  unsigned pending = flow->pending[e];
  if ((pending & PENDING_SYN) && (set & SET(TIME_WAIT))) {
    set |= SET(SYN_RECEIVED);
  }
  bool unsure = (flow->tangled & (1u << e)) != 0;
  if (unsure && (pending & (PENDING_SYN | PENDING_SYN_ACK | PENDING_RST)) && (set & SET(SYN_RECEIVED))) {
    set |= SET_NO_TCB;
  }
  return set;
}

/* A new SYN leaves nothing of its sender's life before. */
static void widen_sender(struct look *look, uint16_t before)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool opens = flag(look, TCPSTATE_SYN) && !flag(look, TCPSTATE_ACK) && look->segment->seq == flow->isn[x];
  flow->possible[x] |= (uint16_t)((opens ? 0u : before) | shown(look, before));
  if (!flag(look, TCPSTATE_SYN)) {
    look->departure = 0;
  }
}

void tangle_widen(struct look *look, const uint16_t before[2])
{
  struct flow *flow = look->flow;
  if (proves_life(look, before[look->x])) {
    forget_other_life(look, look->x);
    flow->tangled = flow->tangled & (2u >> look->x) & 3u;
  } else if (flow->tangled & (1u << look->x)) {
    widen_sender(look, before[look->x]);
  }
  if (flow->tangled & (1u << look->y)) {
    flow->possible[look->y] |= before[look->y];
    possible_pass(look, look->y, arrival(look));
  }
  flow->possible[0] = (uint16_t)strays(flow, 0);
  flow->possible[1] = (uint16_t)strays(flow, 1);
}
