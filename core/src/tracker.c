/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * START HERE. tcpstate_feed: find the flow, judge the segment, annotate. */
#include "ahead.h"
#include "annotate.h"
#include "clock.h"
#include "connection.h"
#include "eviction.h"
#include "history.h"
#include "listeners.h"
#include "look.h"
#include "possible.h"
#include "renewal.h"
#include "seq.h"
#include "stream.h"
#include "tangle.h"
#include "usual_step.h"
#include <string.h>

static const int64_t LONG_SILENCE_NS = INT64_C(1800) * 1000000000; /* well below the wrap of the 32-bit microseconds */

/* ---------------------------------------------------------------- connections come and go */

static void give_up(struct tcpstate_tracker *tracker, struct flow *flow)
{
  if (tracker->settings.connection_end) {
    tcpstate_connection connection;
    connection_fill(tracker, flow, &connection);
    tracker->settings.connection_end(tracker->settings.connection_end_user, &connection);
  }
  stream_forget_holes(flow, &tracker->holes);
  history_forget(flow, &tracker->histories);
}

static void evict(struct tcpstate_tracker *tracker, uint32_t place, struct flow *flow)
{
  give_up(tracker, flow);
  flow_table_drop(&tracker->table, place, flow);
  tracker->evicted++;
}

/* `but`: the place that is spoken for. */
OUT_OF_LINE static bool make_room(struct tcpstate_tracker *tracker, uint32_t but)
{
  struct flow flow;
  uint32_t place;
  if (!eviction_pick(tracker, &place) || place == but) {
    return false;
  }
  flow_table_load(&tracker->table, place, &flow);
  evict(tracker, place, &flow);
  return true;
}

static ALWAYS_INLINE int add_flow(struct tcpstate_tracker *tracker, const struct lookup *lookup, uint32_t *place)
{
  uint32_t most = tracker->settings.max_connections;
  if (UNLIKELY(most && tracker->table.kept >= most)) {
    make_room(tracker, UINT32_MAX);
  }
  while (UNLIKELY(flow_table_add(&tracker->table, lookup, place) != TCPSTATE_OK)) {
    if (!make_room(tracker, UINT32_MAX)) {
      return TCPSTATE_ERROR_NO_MEMORY;
    }
  }
  return TCPSTATE_OK;
}

/* What is known of the connection now. Where there is no room for it another one has to go, or this one. */
static void keep(struct tcpstate_tracker *tracker, uint32_t place, struct flow *flow)
{
  while (UNLIKELY(flow_table_store(&tracker->table, place, flow) != TCPSTATE_OK)) {
    if (!make_room(tracker, place)) {
      evict(tracker, place, flow);
      return;
    }
  }
}

/* The same place and key, a new connection. */
static void renew(struct look *look)
{
  struct flow *flow = look->flow;
  struct flow fresh = {.key = flow->key, .conn = flow->conn & FLOW_IPV6};
  bool waited = state_in(look, 0, SET(TIME_WAIT)) || state_in(look, 1, SET(TIME_WAIT));
  note(look, waited ? TCPSTATE_EVENT_TIME_WAIT_REUSED : TCPSTATE_EVENT_TUPLE_REUSED);
  bool reset = history_has_reset(flow, look->x);
  give_up(look->tracker, flow);
  bool same = endpoint_is(flow, look->x, EP_SYN) && flow->ep[look->x].isn == look->segment->seq;
  look->carried = flow->ep[look->y].possible;
  look->carried_own = same || !endpoint_is(flow, look->x, EP_SYN) ? flow->ep[look->x].possible : 0;
  look->in_flight = flow->ep[look->x].pending & (same ? PENDING_SYN | PENDING_RST : PENDING_SYN);
  unsigned refusal = look->carried & SET(SYN_SENT) ? PENDING_RST : 0u;
  fresh.ep[look->y].pending = flow->ep[look->y].pending & (uint8_t)(same ? ~(unsigned)PENDING_PROBE : refusal);
  if (look->carried & SET(SYN_SENT)) {
    fresh.duplicates = (uint8_t)(64u << look->y);
  }
  if (reset) {
    look->carried_own |= SET(CLOSED); /* sent before the RST, perhaps */
  }
  if (same || !look_quiet(look, 0) || !look_quiet(look, 1)) {
    fresh.tangled = 3;
    look->other_syn = same || (flow->ep[look->y].pending & PENDING_SYN);
  }
  if (!same && ((look->carried | flow->ep[look->x].possible) & SET_OPENING)) {
    fresh.tangled = 3;
    fresh.ep[look->x].pending = flow->ep[look->x].pending & (uint8_t)~PENDING_PROBE;
    fresh.ep[look->y].pending = flow->ep[look->y].pending & (uint8_t)~PENDING_PROBE;
  }
  *flow = fresh;
}

static void number(struct look *look)
{
  struct flow *flow = look->flow;
  flow->stream = look->tracker->next_stream++;
  flow->first_ns = flow->last_ns = look->now_ns;
  flow->scale = 0xff;
  flow->ep[0].win = flow->ep[1].win = 0xffff;
  look->over = false;
}

/* ---------------------------------------------------------------- judging */

static bool is_illegal(unsigned flags)
{
  unsigned kind = flags & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK);
  unsigned control = kind & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST);
  if (kind == (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_ACK)) {
    return false; /* FIN on the SYN-ACK */
  }
  return kind == 0 || (control & (control - 1)) != 0;
}

static bool is_damaged(struct look *look)
{
  if (look->segment->facts & TCPSTATE_BAD_CHECKSUM) {
    note(look, TCPSTATE_EVENT_BAD_CHECKSUM);
    return true;
  }
  if (is_illegal(look->segment->flags)) {
    note(look, TCPSTATE_EVENT_ILLEGAL_FLAGS);
    return true;
  }
  return false;
}

/* TIME-WAIT ends by the capture's clock, in what is said from now on (RFC 9293 3.10.8). */
static void expire_time_wait(struct look *look)
{
  int64_t wait = look->tracker->settings.time_wait_ns;
  for (unsigned e = 0; e < 2; e++) {
    if (!state_in(look, e, SET(TIME_WAIT))) {
      continue;
    }
    int64_t silent = look->now_ns - look->flow->last_ns;
    int64_t moved = (int64_t)clock_since(look->now_us, look->flow->ep[e].moved_us) * 1000;
    int64_t waited = silent < LONG_SILENCE_NS ? moved : silent;
    if (waited > wait) {
      bool arrived = waited - wait > wait / 2; /* what started the timer, an MSL after it passed at the latest */
      uint16_t left = arrived ? 0 : look->flow->ep[e].possible & SET(TIME_WAIT);
      look_move(look, e, TIMES_OUT);
      possible_map(look, e, TIMES_OUT);
      look->flow->ep[e].possible |= left;
    }
  }
}

static void take_options(struct look *look)
{
  const tcpstate_segment *segment = look->segment;
  if (!flag(look, TCPSTATE_SYN)) {
    return;
  }
  if (segment->facts & TCPSTATE_HAS_WINDOW_SCALE) {
    flow_set_scale(look->flow, look->x, segment->window_scale);
  }
  if (!(segment->facts & TCPSTATE_NO_WINDOW)) {
    look->flow->ep[look->x].win = segment->window;
  }
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    endpoint_set(look->flow, look->x, EP_TS);
    look->flow->ep[look->x].ts = segment->ts_value;
  }
}

static void judge(struct look *look)
{
  unsigned kind = look->segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK | TCPSTATE_RST);
  if (kind & TCPSTATE_RST) {
    judge_reset(look);
  } else if (kind == TCPSTATE_SYN) {
    judge_syn(look);
  } else if (kind & TCPSTATE_SYN) {
    judge_syn_ack(look);
  } else {
    judge_ordinary(look);
  }
}

static void judge_first(struct look *look)
{
  number(look);
  if (is_damaged(look)) {
    begin_unknown(look);
    return;
  }
  begin(look);
  take_options(look);
}

static void judge_next(struct look *look)
{
  struct flow *flow = look->flow;
  look->over = ((SET_OVER >> flow->ep[0].state) & (SET_OVER >> flow->ep[1].state) & 1u) != 0;
  if (is_damaged(look)) {
    return;
  }
  expire_time_wait(look);
  if (starts_anew(look)) {
    renew(look);
    judge_first(look);
    return;
  }
  judge(look);
  if (look->over) {
    note(look, TCPSTATE_EVENT_STRAY);
  }
  take_options(look);
}

static void count(struct look *look, bool repeats)
{
  struct flow *flow = look->flow;
  const unsigned again = (1u << TCPSTATE_EVENT_SYN_RETRANSMITTED) | (1u << TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED);
  flow->ep[look->x].segments++;
  if (look->now_ns > flow->last_ns) {
    flow->last_ns = look->now_ns;
  }
  if (look->handshake_role && !(look->events & again) && flow_handshake_segments(flow) < 7) {
    flow->control_segments++;
  }
  if (look->steps && flow_teardown_segments(flow) < 7) {
    flow->control_segments = (uint8_t)(flow->control_segments + 8);
  }
  history_take(look, repeats);
}

static void remember_listener(struct look *look)
{
  const tcpstate_segment *segment = look->segment;
  if (look->handshake_role == TCPSTATE_HANDSHAKE_SYN_ACK && look->x != flow_client(look->flow)) {
    listeners_add(look->tracker->listeners, segment->src, segment->src_port, segment->domain);
  }
}

static void set_out(struct look *look, struct tcpstate_tracker *tracker, const tcpstate_segment *segment,
                    const struct lookup *lookup)
{
  memset(look, 0, sizeof *look);
  look->tracker = tracker;
  look->segment = segment;
  look->x = lookup->sender;
  look->y = 1 - look->x;
  look->end = segment->seq + segment->payload_length + (flag(look, TCPSTATE_SYN) ? 1u : 0u) +
              (flag(look, TCPSTATE_FIN) ? 1u : 0u);
  look->surely_sent = true;
}

static void set_time(struct look *look)
{
  bool timeless = (look->segment->facts & TCPSTATE_NO_TIME) != 0;
  look->now_ns = timeless && look->flow ? look->flow->last_ns : clock_bounded(look->segment->time_ns);
  look->now_us = clock_us(look->now_ns);
}

/* A segment in another domain than its connection so far: only if it is the answer that the other direction waits
 * for, else two connections with the same numbers would be mixed. */
static bool belongs_elsewhere(const struct look *look)
{
  const struct flow *flow = look->flow;
  uint32_t ack = look->segment->ack;
  return flag(look, TCPSTATE_ACK) && endpoint_is(flow, look->y, EP_SEEN) && !flow->ep[look->x].segments &&
         seq_le(ack, flow->ep[look->y].nxt) && seq_ge(ack, flow->ep[look->y].isn);
}

static void find_elsewhere(struct look *look, const struct lookup *lookup, struct flow *flow)
{
  struct flow_table *table = &look->tracker->table;
  if (look->flow || table->domains.count < 2 || !flow_table_find_elsewhere(table, lookup, &look->place)) {
    return;
  }
  flow_table_load(table, look->place, flow);
  look->flow = flow;
  if (belongs_elsewhere(look)) {
    flow_table_join(table, lookup, look->place);
    flow_table_load(table, look->place, flow);
  } else {
    look->flow = NULL;
  }
}

static int no_room(tcpstate_annotation *annotation)
{
  memset(annotation, 0, sizeof *annotation);
  annotation->stream = UINT32_MAX;
  return TCPSTATE_ERROR_NO_MEMORY;
}

/* By the rules, whatever it is. `flow` is that of the place, or room for one. */
static int feed_any(const struct usual *usual, const struct lookup *lookup, struct flow *flow, bool found,
                    tcpstate_annotation *annotation)
{
  tcpstate_tracker *tracker = usual->tracker;
  const tcpstate_segment *segment = usual->segment;
  struct look look;
  set_out(&look, tracker, segment, lookup);
  look.flow = found ? flow : NULL;
  look.place = usual->place;
  find_elsewhere(&look, lookup, flow);
  set_time(&look);
  bool repeats = look.flow && segment->payload_length && endpoint_is(look.flow, look.x, EP_SEEN) &&
                 seq_le(look.end, look.flow->ep[look.x].nxt);
  uint16_t before[2] = {0, 0};
  if (look.flow) {
    look.previous[0] = look.flow->ep[0].state;
    look.previous[1] = look.flow->ep[1].state;
    before[0] = look.flow->ep[0].possible;
    before[1] = look.flow->ep[1].possible;
    look.pending = look.flow->ep[look.x].pending;
    judge_next(&look);
  } else {
    if (add_flow(tracker, lookup, &look.place) != TCPSTATE_OK) {
      return no_room(annotation);
    }
    flow_table_begin(&tracker->table, lookup, look.place, flow);
    look.flow = flow;
    judge_first(&look);
  }
  if (look.flow->tangled) {
    tangle_widen(&look, before);
  }
  possible_close(&look);
  count(&look, repeats);
  remember_listener(&look);
  annotate(&look, annotation);
  keep(tracker, look.place, look.flow);
  return TCPSTATE_OK;
}

/* A usual one, the first of its kind in this posture: the next one is a step. */
static int keep_usual(const struct usual *usual, enum usual_way way, const tcpstate_annotation *annotation)
{
  struct sight sight;
  usual_step_see(usual, way, annotation, &sight);
  keep(usual->tracker, usual->place, usual->flow);
  usual_step_learn(usual, &sight);
  return TCPSTATE_OK;
}

/* With nothing but a place in the table to be found for it? See find_elsewhere(). */
static bool opens_usually(const tcpstate_tracker *tracker, const tcpstate_segment *segment)
{
  return !tracker->long_way && tracker->table.domains.count <= 1 && usual_opens(segment);
}

/* The first one of its kind. */
static int open_first(tcpstate_tracker *tracker, const tcpstate_segment *segment, const struct lookup *lookup,
                      uint32_t place, tcpstate_annotation *annotation)
{
  struct flow flow;
  const struct usual usual = {tracker, segment, &flow, lookup->sender, place};
  flow_table_begin(&tracker->table, lookup, place, &flow);
  usual_open(&usual, annotation);
  return keep_usual(&usual, WAY_OPEN, annotation);
}

static ALWAYS_INLINE int open_usually(tcpstate_tracker *tracker, const tcpstate_segment *segment,
                                      const struct lookup *lookup, tcpstate_annotation *annotation)
{
  uint32_t place;
  if (UNLIKELY(add_flow(tracker, lookup, &place) != TCPSTATE_OK)) {
    return no_room(annotation);
  }
  return LIKELY(usual_step_open(tracker, segment, place, lookup->sender, annotation))
             ? TCPSTATE_OK
             : open_first(tracker, segment, lookup, place, annotation);
}

static int feed_unknown(tcpstate_tracker *tracker, const tcpstate_segment *segment, const struct lookup *lookup,
                        tcpstate_annotation *annotation)
{
  struct flow flow;
  const struct usual usual = {tracker, segment, &flow, lookup->sender, 0};
  return feed_any(&usual, lookup, &flow, false, annotation);
}

/* What is no step, of the flow at `place`. */
static int feed_known(tcpstate_tracker *tracker, const tcpstate_segment *segment, const struct lookup *lookup,
                      uint32_t place, tcpstate_annotation *annotation)
{
  struct flow flow;
  const struct usual usual = {tracker, segment, &flow, lookup->sender, place};
  flow_table_load(&tracker->table, place, &flow);
  enum usual_way way = tracker->long_way ? NO_WAY : usual_take(&usual, annotation);
  return way == NO_WAY ? feed_any(&usual, lookup, &flow, true, annotation) : keep_usual(&usual, way, annotation);
}

/* Whatever is no step of a connection that was fetched ahead. */
static int feed_other(tcpstate_tracker *tracker, const tcpstate_segment *segment, const struct lookup *lookup,
                      tcpstate_annotation *annotation)
{
  uint32_t place = lookup->likely_place;
  if (lookup->likely) {
    return feed_known(tracker, segment, lookup, place, annotation);
  }
  if (!flow_table_find(&tracker->table, lookup, &place)) {
    return opens_usually(tracker, segment) ? open_usually(tracker, segment, lookup, annotation)
                                           : feed_unknown(tracker, segment, lookup, annotation);
  }
  if (!tracker->long_way && usual_step(tracker, segment, place, lookup->sender, annotation)) {
    return TCPSTATE_OK;
  }
  return feed_known(tracker, segment, lookup, place, annotation);
}

int tcpstate_feed(tcpstate_tracker *tracker, const tcpstate_segment *segment, tcpstate_annotation *annotation)
{
  struct lookup lookup;
  flow_table_key(&tracker->table, segment, &lookup);
  tracker->segments++;
  return feed_other(tracker, segment, &lookup, annotation);
}

/* `annotations`: NULL if nothing is to be said. */
static ALWAYS_INLINE int feed_some(tcpstate_tracker *tracker, const tcpstate_segment *segments, size_t count,
                                   struct lookup lookups[BATCH], tcpstate_annotation *annotations)
{
  tcpstate_annotation unread;
  const uint64_t removed = tracker->table.removed;
  bool as_found = tracker->table.domains.count <= 1 && !tracker->long_way; /* what was fetched ahead is still so */
  int result = TCPSTATE_OK;
  for (size_t i = 0; i < count; i++) {
    if (UNLIKELY(!as_found)) {
      lookups[i].likely = NULL;
    } else if (lookups[i].likely) {
      i += annotations ? usual_steps(tracker, segments + i, lookups + i, count - i, annotations + i)
                       : usual_steps_unsaid(tracker, segments + i, lookups + i, count - i);
      if (i == count) {
        break;
      }
    }
    int error = feed_other(tracker, &segments[i], &lookups[i], annotations ? &annotations[i] : &unread);
    result = result == TCPSTATE_OK ? error : result;
    as_found = as_found && removed == tracker->table.removed;
  }
  return result;
}

int tcpstate_feed_batch(tcpstate_tracker *tracker, const tcpstate_segment *segments, size_t count,
                        tcpstate_annotation *annotations)
{
  int result = TCPSTATE_OK;
  struct lookup lookups[BATCH];
  tracker->segments += count;
  for (size_t done = 0; done < count; done += BATCH) {
    size_t some = count - done < BATCH ? count - done : BATCH;
    look_ahead(&tracker->table, segments + done, some, count - done, lookups);
    int error = feed_some(tracker, segments + done, some, lookups, annotations ? annotations + done : NULL);
    result = result == TCPSTATE_OK ? error : result;
  }
  return result;
}

/* ---------------------------------------------------------------- ICMP */

static bool quotes_syn(const struct look *look)
{
  const struct flow *flow = look->flow;
  return state_in(look, look->x, SET(SYN_SENT)) && endpoint_is(flow, look->x, EP_SYN) &&
         flow->ep[look->x].isn == look->segment->seq;
}

int tcpstate_feed_icmp_error(tcpstate_tracker *tracker, const tcpstate_segment *quoted, int hard,
                             tcpstate_annotation *annotation)
{
  struct lookup lookup;
  struct look look;
  struct flow flow;
  flow_table_key(&tracker->table, quoted, &lookup);
  set_out(&look, tracker, quoted, &lookup);
  if (flow_table_find(&tracker->table, &lookup, &look.place)) {
    flow_table_load(&tracker->table, look.place, &flow);
    look.flow = &flow;
  }
  find_elsewhere(&look, &lookup, &flow);
  if (!look.flow || !hard || !quotes_syn(&look)) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  set_time(&look);
  look.previous[0] = look.flow->ep[0].state;
  look.previous[1] = look.flow->ep[1].state;
  note(&look, TCPSTATE_EVENT_REFUSED);
  look.flow->conn |= FLOW_REFUSED;
  endpoint_set(look.flow, look.x, EP_GOT_RST);
  look_move(&look, look.x, GETS_ICMP_ERROR);
  look_show(&look, look.y, TCPSTATE_CLOSED);
  look.reset = true;
  possible_close(&look);
  annotate(&look, annotation);
  keep(tracker, look.place, look.flow);
  return TCPSTATE_OK;
}
