/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tangle.h"

#include "history.h"
#include "possible.h"
#include "seq.h"
#include "stream.h"

/* In the record of a tangled flow, bit e of `doubts` << kind. */
enum doubt {
  DOUBT_SINCE = 1,   /* e has sent a SYN or RST when its peer had got to since[e] */
  DOUBT_BEFORE = 4,  /* ... when its peer had sent nothing yet */
  DOUBT_NUMBER = 16, /* e has sent SYNs with different numbers */
  DOUBT_FIN = 64,    /* a FIN of e was not counted */
  DOUBT_RESET = 256  /* a RST of e with the numbers of this life too may be under way */
};

void tangle_begin(struct look *look)
{
  look->flow->tangled = 3;
}

static bool both(const struct flow *flow, unsigned facts)
{
  return (flow->ep[0].facts & flow->ep[1].facts & facts) == facts;
}

static bool has(const struct holes *record, unsigned e, enum doubt doubt)
{
  return (record->doubts & ((unsigned)doubt << e)) != 0;
}

static void set(struct holes *record, unsigned e, enum doubt doubt)
{
  record->doubts = (uint16_t)(record->doubts | ((unsigned)doubt << e));
}

static void clear(struct holes *record, unsigned e, enum doubt doubt)
{
  record->doubts = (uint16_t)(record->doubts & ~((unsigned)doubt << e));
}

/* x has begun or ended something: what it sent before may pass later. What acknowledges numbers that had not passed yet
 * was sent after. */
static void note_doubts(const struct look *look, struct holes *record)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  bool syn = flag(look, TCPSTATE_SYN);
  if ((syn && look->segment->seq != flow->ep[x].isn) || look->other_syn) {
    set(record, x, DOUBT_NUMBER);
  } else if (syn && has(record, y, DOUBT_BEFORE)) {
    record->since[y] = look->segment->seq;
    clear(record, y, DOUBT_BEFORE);
  }
  bool lazily = !has(record, x, DOUBT_SINCE) && history_has_reset(flow, x);
  if (look->fin_doubtful) {
    set(record, x, DOUBT_FIN);
  }
  if (look->in_flight & PENDING_RST) {
    set(record, y, DOUBT_RESET);
  }
  if (look->other_syn && (look->carried & SET_SENT_FIN)) {
    set(record, y, DOUBT_FIN);
  }
  if (flag(look, TCPSTATE_RST) || (syn && !flag(look, TCPSTATE_ACK)) || lazily || look->fin_doubtful ||
      look->other_syn) {
    record->since[x] = flow->ep[y].nxt;
    record->since_us[x] = look->now_us;
    set(record, x, DOUBT_SINCE);
    if (!endpoint_is(flow, y, EP_SEEN)) {
      set(record, x, DOUBT_BEFORE);
    }
  }
}

/* Nothing that x began or ended was sent after this segment: it acknowledges later numbers, or comes so much later. */
static bool sent_since(const struct look *look, const struct holes *record)
{
  unsigned x = look->x;
  return !has(record, x, DOUBT_SINCE) ||
         (!has(record, x, DOUBT_BEFORE) && seq_gt(look->segment->ack, record->since[x])) ||
         clock_since(look->now_us, record->since_us[x]) > look_patience_us(look->flow, x);
}

/* The sender speaks in the numbers of the latest life, and not out of SYN-RECEIVED. */
static bool proves_life(const struct look *look, uint16_t before, const struct holes *record)
{
  const struct flow *flow = look->flow;
  unsigned x = look->x;
  unsigned y = look->y;
  bool closes =
      (look->steps & (TCPSTATE_TEARDOWN_FIN_1 | TCPSTATE_TEARDOWN_FIN_2)) && !endpoint_is(flow, x, EP_FIN_UNSURE);
  if (flow->conn & FLOW_MID_STREAM) {
    return false; /* nothing is known of its SYN, nor of its FIN */
  }
  bool more = seq_gt(look->segment->ack, flow->ep[y].isn + 1) && !has(record, y, DOUBT_NUMBER);
  if (((before & SET(SYN_RECEIVED)) && !look->segment->payload_length && !closes && !more) ||
      !sent_since(look, record)) {
    return false;
  }
  bool shows_nxt = look->end == look->segment->seq && look->end == flow->ep[x].nxt; /* as a bare segment does */
  if (has(record, y, DOUBT_FIN) || (has(record, x, DOUBT_FIN) && !shows_nxt)) {
    return false;
  }
  return !flag(look, TCPSTATE_SYN | TCPSTATE_RST) && both(flow, EP_SYN) && endpoint_is(flow, x, EP_SYNCED) &&
         !endpoint_is(flow, x, EP_STRAY_SYN) && (closes || !endpoint_is(flow, x, EP_FIN)) &&
         (!endpoint_is(flow, y, EP_FIN) || (endpoint_is(flow, x, EP_GOT_FIN) && !(flow->tangled & (1u << y)))) &&
         seq_gt(look->segment->seq, flow->ep[x].isn) && seq_le(look->segment->seq, flow->ep[x].nxt) &&
         seq_gt(look->segment->ack, flow->ep[y].isn) && seq_le(look->segment->ack, flow->ep[y].nxt);
}

/* What it has shown is all that it has done. A RST of the life before has other numbers; a SYN fits any. */
static void forget_other_life(struct look *look, unsigned e, const struct holes *record)
{
  bool reset = history_has_reset(look->flow, 1 - e) || has(record, 1 - e, DOUBT_RESET);
  bool fin = endpoint_is(look->flow, e, EP_FIN);
  unsigned left = fin ? SET(FIN_WAIT_1) : SET(ESTABLISHED);
  if (endpoint_is(look->flow, e, EP_GOT_FIN)) {
    left = fin ? SET(LAST_ACK) | SET(CLOSING) : SET(CLOSE_WAIT);
  }
  unsigned gone = SET_OPENING | (SET_SYNCHRONIZED & ~left) | (reset ? 0u : SET_NO_TCB);
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
  if (flag(look, TCPSTATE_SYN)) { /* a SYN-ACK may be repeated behind a CLOSE, 3.10.4 */
    return flag(look, TCPSTATE_ACK) ? SET(SYN_RECEIVED) | (before & SET(FIN_WAIT_1)) : SET(SYN_SENT);
  }
  unsigned set = before | (is_foreign(look) ? SET(SYN_RECEIVED) | SET(ESTABLISHED) : 0u);
  return flag(look, TCPSTATE_FIN) ? transitions_map(transitions, (uint16_t)set, SENDS_FIN) : set;
}

/* 3.10.7.4 second and fourth: what a SYN or RST does where the rules for one life have no row for it. */
static unsigned strays(const struct flow *flow, unsigned e, const struct holes *record)
{
  unsigned set = flow->ep[e].possible;
  unsigned pending = flow->ep[e].pending;
  if ((pending & PENDING_SYN) && (set & SET(TIME_WAIT))) {
    set |= SET(SYN_RECEIVED);
  }
  bool unsure = (flow->tangled & (1u << e)) != 0;
  bool other_syn = (pending & PENDING_SYN) && (!record || has(record, 1 - e, DOUBT_NUMBER));
  if (unsure && (other_syn || (pending & (PENDING_SYN_ACK | PENDING_RST))) && (set & SET(SYN_RECEIVED))) {
    set |= SET_NO_TCB;
  }
  return set;
}

/* A SYN-ACK or a refusal that fits no other SYN than the peer's latest. */
static bool answers_syn(const struct look *look, const struct holes *record)
{
  const struct flow *flow = look->flow;
  unsigned y = look->y;
  return record && flag(look, TCPSTATE_SYN | TCPSTATE_RST) && endpoint_is(flow, y, EP_SYN) &&
         !has(record, y, DOUBT_NUMBER) && look->segment->ack == flow->ep[y].isn + 1 && sent_since(look, record);
}

/* A new SYN leaves nothing of its sender's life before, nor does the answer to one. */
static void widen_sender(struct look *look, uint16_t before, const struct holes *record)
{
  struct flow *flow = look->flow;
  unsigned x = look->x;
  bool opens = flag(look, TCPSTATE_SYN) && !flow->ep[x].segments && !flow->ep[look->y].segments;
  if (flag(look, TCPSTATE_ACK)) {
    opens = (flag(look, TCPSTATE_RST) || !flow->ep[x].segments) && answers_syn(look, record);
  }
  if (opens && flag(look, TCPSTATE_ACK) && flow->ep[look->y].segments == 1) {
    possible_settle(look, x, PENDING_SYN);
  } else if (!opens) {
    possible_pass(look, x, look->pending & (unsigned)~PENDING_PROBE);
  }
  flow->ep[x].possible |= (uint16_t)((opens ? 0u : before) | shown(look, before));
  if (!flag(look, TCPSTATE_SYN) || (shown(look, before) & SET(FIN_WAIT_1))) {
    look->departure = 0;
  }
}

void tangle_widen(struct look *look, const uint16_t before[2])
{
  struct flow *flow = look->flow;
  struct holes *record = stream_record(flow, &look->tracker->holes);
  if (record) {
    note_doubts(look, record);
  }
  if (record && proves_life(look, before[look->x], record)) {
    forget_other_life(look, look->x, record);
    flow->tangled = flow->tangled & (2u >> look->x) & 3u;
  } else if (flow->tangled & (1u << look->x)) {
    widen_sender(look, before[look->x], record);
  }
  if (flow->tangled & (1u << look->y)) {
    flow->ep[look->y].possible |= before[look->y];
    possible_pass(look, look->y, arrival(look));
  }
  if (flag(look, TCPSTATE_RST)) {
    flow->tangled = (flow->tangled | (1u << look->x)) & 3u; /* what it sent before may pass later */
  }
  flow->ep[0].possible = (uint16_t)strays(flow, 0, record);
  flow->ep[1].possible = (uint16_t)strays(flow, 1, record);
  if (!flow->tangled) {
    stream_settle(flow, &look->tracker->holes);
  }
}
