/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "record.h"

#include "history.h"

/* Of a flow's history that has a record of its own: the place of that. */
static const uint64_t HISTORY_PLACE = (uint64_t)UINT32_MAX << HISTORY_START;

/* Where a stance has enum stance_rst. */
static const uint64_t HISTORY_RST_BITS = UINT64_C(15) << HISTORY_END;

static struct overflow *overflow_at(const struct slab *records, uint32_t place)
{
  return (struct overflow *)(void *)hot_at(records, place);
}

static bool is_whole(const struct hot *hot)
{
  return hot->posture == POSTURE_WHOLE;
}

const struct stance *record_stance(const struct slab *records, const struct postures *postures, uint32_t place)
{
  const struct hot *hot = hot_at(records, place);
  return UNLIKELY(is_whole(hot)) ? &overflow_at(records, cold_at(records, place)->extra)->stance
                                 : &postures->at[hot->posture].stance;
}

/* ---------------------------------------------------------------- loading */

static void set_domains(uint16_t domain[2], const struct stance *stance, uint32_t extra)
{
  uint32_t domains = stance_extra(stance) & STANCE_DOMAINS ? extra : stance_domains(stance);
  domain[0] = (uint16_t)domains;
  domain[1] = (uint16_t)(domains >> 16);
}

void record_domains(const struct slab *records, const struct postures *postures, uint32_t place, uint16_t domain[2])
{
  set_domains(domain, record_stance(records, postures, place), cold_at(records, place)->extra);
}

/* Of the flow itself, what no number of the connection's own decides. */
static ALWAYS_INLINE void spread(const struct stance *stance, struct flow *flow)
{
  flow->history = stance->history & ~HISTORY_RST_BITS;
  flow->bits = (uint32_t)stance->rest;
  flow->scale = (uint8_t)stance_scale(stance);
  flow->conn = (uint8_t)stance_conn(stance);
  flow->control_segments = (uint8_t)stance_control_segments(stance);
}

void stance_spread(const struct stance *stance, struct flow *flow)
{
  memset(flow, 0, sizeof *flow);
  for (unsigned e = 0; e < 2; e++) {
    standing_set(&flow->ep[e], standing_with(stance->end[e], 0));
  }
  spread(stance, flow);
  set_domains(flow->key.domain, stance, 0);
}

static uint32_t rcvd_of(const struct flow *flow, unsigned e, const struct stance *stance, uint32_t extra)
{
  uint32_t peer = flow->ep[1 - e].nxt;
  const uint32_t known[] = {flow->ep[e].nxt, peer, peer - 1, extra};
  return known[stance_extra(stance) >> (STANCE_RCVD_BITS * e) & 3u];
}

static uint32_t rst_of(const struct flow *flow, unsigned side, const struct stance *stance, uint32_t extra)
{
  const uint32_t known[] = {0, flow->ep[0].nxt, flow->ep[1].nxt, extra};
  return known[stance->history >> (HISTORY_END + 2 * side) & 3u];
}

static void load_rst(const struct slab *records, const struct cold *cold, const struct stance *stance, bool whole,
                     struct flow *flow)
{
  for (unsigned side = 0; side < 2; side++) {
    flow->rst[side] =
        UNLIKELY(whole) ? overflow_at(records, cold->extra)->rst[side] : rst_of(flow, side, stance, cold->extra);
  }
}

void record_load(const struct slab *records, const struct postures *postures, uint32_t place, struct flow *flow)
{
  const struct hot *hot = hot_at(records, place);
  const struct cold *cold = cold_at(records, place);
  const struct stance *stance = record_stance(records, postures, place);
  flow->key.ends = hot->ends;
  set_domains(flow->key.domain, stance, cold->extra);
  for (unsigned e = 0; e < 2; e++) {
    struct endpoint *ep = &flow->ep[e];
    ep->numbers = hot->end[e];
    ep->isn = cold->isn[e];
    ep->segments = cold->segments[e] + hot_tally(hot, e);
    standing_set(ep, standing_with(stance->end[e], hot->win[e]));
  }
  for (unsigned e = 0; e < 2; e++) {
    flow->ep[e].rcvd =
        UNLIKELY(is_whole(hot)) ? overflow_at(records, cold->extra)->rcvd[e] : rcvd_of(flow, e, stance, cold->extra);
  }
  load_rst(records, cold, stance, is_whole(hot), flow);
  spread(stance, flow);
  if (UNLIKELY(stance_extra(stance) & STANCE_HISTORY)) {
    flow->history |= (uint64_t)cold->extra << HISTORY_START;
  }
  flow->first_ns = cold->first_ns;
  flow->last_ns = hot->last_ns;
  flow->stream = hot->stream;
  memcpy(flow->rtt, cold->rtt, sizeof flow->rtt);
  flow->duplicates = hot->duplicates;
}

/* ---------------------------------------------------------------- storing */

/* What a posture and one more number can say of a flow. */
struct sketch {
  struct stance stance;
  uint32_t extra;
  bool fits; /* it is all */
};

static ALWAYS_INLINE unsigned rcvd_is(const struct flow *flow, unsigned e)
{
  uint32_t rcvd = flow->ep[e].rcvd;
  uint32_t peer = flow->ep[1 - e].nxt;
  if (LIKELY(rcvd == flow->ep[e].nxt)) {
    return RCVD_ALL;
  }
  return rcvd == peer ? RCVD_AS_PEER : rcvd == peer - 1 ? RCVD_AS_PEER_BEFORE_FIN : RCVD_EXTRA;
}

static ALWAYS_INLINE unsigned rst_is(const struct flow *flow, unsigned side)
{
  uint32_t rst = flow->rst[side];
  if (LIKELY(rst == 0)) {
    return RST_ZERO;
  }
  return rst == flow->ep[0].nxt ? RST_NXT_0 : rst == flow->ep[1].nxt ? RST_NXT_1 : RST_EXTRA;
}

static uint32_t domains_of(const struct flow *flow)
{
  return flow->key.domain[0] | (uint32_t)flow->key.domain[1] << 16;
}

/* All of the flow, in the words of a stance. */
static ALWAYS_INLINE void take_stance(const struct flow *flow, unsigned extras, struct stance *stance)
{
  stance->end[0] = standing_gather(&flow->ep[0], flow->scale | (unsigned)flow->conn << 8);
  stance->end[1] = standing_gather(&flow->ep[1], flow->control_segments | extras << 8);
  stance->history = flow->history;
  stance->rest = (uint64_t)domains_of(flow) << 32 | flow->bits;
}

/* One of the numbers goes to the record, if there is no other. */
OUT_OF_LINE static void set_apart(const struct flow *flow, const unsigned rcvd[2], const unsigned rst[2],
                                  struct sketch *sketch)
{
  bool is_long = (flow->history & HISTORY_LONG) != 0;
  bool domains = (flow->key.domain[0] | flow->key.domain[1]) > 1; /* a capture may have many */
  unsigned extras = rcvd[0] | rcvd[1] << STANCE_RCVD_BITS;
  unsigned count = (unsigned)is_long + (unsigned)domains + (rcvd[0] == RCVD_EXTRA) + (rcvd[1] == RCVD_EXTRA) +
                   (rst[0] == RST_EXTRA) + (rst[1] == RST_EXTRA);
  sketch->fits = sketch->fits && count <= 1;
  if (is_long) {
    sketch->extra = (uint32_t)((flow->history & HISTORY_PLACE) >> HISTORY_START);
    sketch->stance.history &= ~HISTORY_PLACE;
    extras |= STANCE_HISTORY;
  } else if (domains) {
    sketch->extra = domains_of(flow);
    sketch->stance.rest = flow->bits;
    extras |= STANCE_DOMAINS;
  } else if (rst[0] == RST_EXTRA || rst[1] == RST_EXTRA) {
    sketch->extra = flow->rst[rst[1] == RST_EXTRA];
  } else {
    sketch->extra = flow->ep[rcvd[1] == RCVD_EXTRA].rcvd;
  }
  sketch->stance.end[1] = standing_gather(&flow->ep[1], flow->control_segments | extras << 8);
}

static ALWAYS_INLINE void draw(const struct flow *flow, struct sketch *sketch)
{
  const unsigned rcvd[2] = {rcvd_is(flow, 0), rcvd_is(flow, 1)};
  const unsigned rst[2] = {rst_is(flow, 0), rst_is(flow, 1)};
  take_stance(flow, rcvd[0] | rcvd[1] << STANCE_RCVD_BITS, &sketch->stance);
  sketch->stance.history |= (uint64_t)(rst[0] | rst[1] << 2) << HISTORY_END;
  sketch->extra = 0;
  sketch->fits = flow->holes == 0;
  if (UNLIKELY((rcvd[0] == RCVD_EXTRA) | (rcvd[1] == RCVD_EXTRA) | (rst[0] == RST_EXTRA) | (rst[1] == RST_EXTRA) |
               ((flow->history & HISTORY_LONG) != 0) | ((flow->key.domain[0] | flow->key.domain[1]) > 1))) {
    set_apart(flow, rcvd, rst, sketch);
  }
}

/* The overflow of a whole record, made if it is none yet. */
OUT_OF_LINE static int store_overflow(struct slab *records, uint32_t place, const struct flow *flow)
{
  struct cold *cold = cold_at(records, place);
  uint32_t at;
  if (!is_whole(hot_at(records, place))) {
    if (slab_take(records, &at) != TCPSTATE_OK) {
      return TCPSTATE_ERROR_NO_MEMORY;
    }
    cold->extra = at;
  }
  struct overflow *overflow = overflow_at(records, cold->extra);
  overflow->posture = POSTURE_OVERFLOW;
  take_stance(flow, 0, &overflow->stance);
  overflow->rcvd[0] = flow->ep[0].rcvd;
  overflow->rcvd[1] = flow->ep[1].rcvd;
  overflow->rst[0] = flow->rst[0];
  overflow->rst[1] = flow->rst[1];
  return TCPSTATE_OK;
}

/* Does its ISN lie ahead, in the same block? */
static bool wraps_soon(const struct flow *flow, unsigned e)
{
  uint32_t ahead = flow->ep[e].isn - flow->ep[e].nxt;
  uint32_t left = NUMBERS_BLOCK - flow->ep[e].nxt % NUMBERS_BLOCK;
  return ahead != 0 && ahead < left;
}

static ALWAYS_INLINE void store_numbers(struct hot *hot, struct cold *cold, const struct flow *flow)
{
  hot->stream = flow->stream;
  for (unsigned e = 0; e < 2; e++) {
    hot->end[e].nxt = flow->ep[e].nxt; /* one by one: see standing_gather() */
    hot->end[e].una = flow->ep[e].una;
    hot->end[e].ts = flow->ep[e].ts;
    hot->end[e].moved_us = flow->ep[e].moved_us;
    hot->win[e] = flow->ep[e].win;
    cold->isn[e] = flow->ep[e].isn;
    cold->segments[e] = flow->ep[e].segments;
  }
  hot->last_ns = flow->last_ns;
  hot->duplicates = flow->duplicates;
  hot->tally = (uint8_t)((hot->tally & TALLY_IPV6) | (wraps_soon(flow, 0) || wraps_soon(flow, 1) ? TALLY_WRAPS : 0));
  cold->first_ns = flow->first_ns;
  memcpy(cold->rtt, flow->rtt, sizeof cold->rtt);
}

int record_store(struct slab *records, struct postures *postures, uint32_t place, const struct flow *flow)
{
  struct hot *hot = hot_at(records, place);
  struct cold *cold = cold_at(records, place);
  struct sketch sketch;
  draw(flow, &sketch);
  uint16_t number = LIKELY(sketch.fits) ? postures_find(postures, &sketch.stance) : POSTURE_NONE;
  if (UNLIKELY(number == POSTURE_NONE)) {
    if (store_overflow(records, place, flow) != TCPSTATE_OK) {
      return TCPSTATE_ERROR_NO_MEMORY;
    }
    hot->posture = POSTURE_WHOLE;
  } else {
    if (UNLIKELY(is_whole(hot))) {
      slab_give(records, cold->extra);
    }
    hot->posture = number;
    cold->extra = sketch.extra;
  }
  store_numbers(hot, cold, flow);
  return TCPSTATE_OK;
}

void record_give(struct slab *records, uint32_t place)
{
  if (is_whole(hot_at(records, place))) {
    slab_give(records, cold_at(records, place)->extra);
  }
  slab_give(records, place);
}
