/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "counting_allocator.h"
#include "history.h"
#include "record.h"
#include <cmocka.h>
#include <string.h>

/* What is stored is loaded again, whatever it is: of every record but the ends, which its owner sets. */

enum { PLACES = 64, STEPS = 200000 };

struct bench {
  struct counting_allocator counts;
  struct memory memory;
  struct slab records;
  struct postures postures;
  struct flow flow[PLACES]; /* as it was stored last */
  bool stored[PLACES];
  uint32_t place[PLACES];
  uint32_t seed;
};

static void set_up(struct bench *bench)
{
  memset(bench, 0, sizeof *bench);
  bench->memory.allocator = counting_allocator_use(&bench->counts);
  slab_init(&bench->records, &bench->memory, RECORD_SIZE);
  assert_int_equal(postures_init(&bench->postures, &bench->memory, 7), TCPSTATE_OK);
}

static void tear_down(struct bench *bench)
{
  slab_clear(&bench->records);
  postures_clear(&bench->postures);
  assert_int_equal(bench->counts.blocks, 0);
  assert_int_equal(bench->counts.mistakes, 0);
}

static uint32_t random_number(struct bench *bench)
{
  bench->seed = bench->seed * 1664525u + 1013904223u;
  return bench->seed >> 8;
}

/* Most of them as they usually are, so that what is strange is alone. */
static bool sometimes(struct bench *bench)
{
  return random_number(bench) % 8 == 0;
}

static uint32_t wide(struct bench *bench)
{
  return random_number(bench) << 16 ^ random_number(bench);
}

static void draw_endpoint(struct bench *bench, struct endpoint *ep)
{
  ep->nxt = wide(bench);
  ep->una = wide(bench);
  ep->ts = wide(bench);
  ep->moved_us = wide(bench);
  ep->rcvd = ep->nxt;
  ep->isn = sometimes(bench) ? ep->nxt + random_number(bench) % 1000 : wide(bench);
  ep->segments = wide(bench);
  ep->facts = (uint16_t)(sometimes(bench) ? random_number(bench) : EP_SEEN | EP_SYN | EP_UNA);
  ep->possible = (uint16_t)(sometimes(bench) ? random_number(bench) : 1u << TCPSTATE_ESTABLISHED);
  ep->state = (uint8_t)(sometimes(bench) ? random_number(bench) % TCPSTATE_STATE_COUNT : TCPSTATE_ESTABLISHED);
  ep->pending = (uint8_t)(sometimes(bench) ? random_number(bench) : 0);
  ep->win = (uint16_t)random_number(bench);
}

static uint64_t draw_history(struct bench *bench)
{
  uint64_t history = 0;
  for (unsigned count = random_number(bench) % 4; count > 0; count--) {
    unsigned letter = (1 + random_number(bench) % HISTORY_COMMON) | (random_number(bench) % 2 * HISTORY_ORIGINATOR);
    history = history_has(history, letter) ? history : history_with(history, letter);
  }
  return sometimes(bench) ? HISTORY_LONG | (uint64_t)random_number(bench) << HISTORY_START | (history & 0xfff)
                          : history;
}

static void draw(struct bench *bench, struct flow *flow)
{
  memset(flow, 0, sizeof *flow);
  for (unsigned e = 0; e < 2; e++) {
    draw_endpoint(bench, &flow->ep[e]);
    flow->key.domain[e] = (uint16_t)(sometimes(bench) ? random_number(bench) : 1);
    flow->rtt[e] = (uint16_t)random_number(bench);
  }
  for (unsigned e = 0; e < 2; e++) {
    uint32_t peer = flow->ep[1 - e].nxt;
    const uint32_t rcvd[] = {peer, peer - 1, wide(bench)};
    const uint32_t rst[] = {flow->ep[0].nxt, flow->ep[1].nxt, wide(bench)};
    flow->ep[e].rcvd = sometimes(bench) ? rcvd[random_number(bench) % 3] : flow->ep[e].rcvd;
    flow->rst[e] = sometimes(bench) ? rst[random_number(bench) % 3] : 0;
  }
  flow->history = draw_history(bench);
  flow->first_ns = (int64_t)((uint64_t)wide(bench) << 32 | wide(bench));
  flow->last_ns = flow->first_ns + random_number(bench);
  flow->stream = wide(bench);
  flow->holes = (sometimes(bench) ? random_number(bench) % 1000 : 0) & 0x7ffffu;
  flow->tangled = sometimes(bench) & 1u;
  flow->vantage = random_number(bench) & 3u;
  flow->wraps = sometimes(bench) ? random_number(bench) & 0xffu : 0;
  flow->scale = (uint8_t)(random_number(bench) % 3);
  flow->conn = (uint8_t)(random_number(bench) % 4);
  flow->control_segments = (uint8_t)(random_number(bench) % 4);
  flow->duplicates = (uint8_t)random_number(bench);
}

static void assert_kept(struct bench *bench, unsigned i)
{
  struct flow flow;
  memset(&flow, 0, sizeof flow);
  record_load(&bench->records, &bench->postures, bench->place[i], &flow);
  flow.key.ends = bench->flow[i].key.ends;
  assert_memory_equal(&flow, &bench->flow[i], sizeof flow);
  assert_true(hot_is_kept(hot_at(&bench->records, bench->place[i])));
}

static void take_place(struct bench *bench, unsigned i)
{
  assert_int_equal(slab_take(&bench->records, &bench->place[i]), TCPSTATE_OK);
  bench->stored[i] = true;
}

static void test_what_is_stored_is_loaded_again(void **state)
{
  static struct bench bench;
  (void)state;
  set_up(&bench);
  for (unsigned step = 0; step < STEPS; step++) {
    unsigned i = random_number(&bench) % PLACES;
    if (bench.stored[i]) {
      assert_kept(&bench, i);
      if (random_number(&bench) % 4 == 0) {
        record_give(&bench.records, bench.place[i]);
        bench.stored[i] = false;
        continue;
      }
    } else {
      take_place(&bench, i);
    }
    draw(&bench, &bench.flow[i]);
    assert_int_equal(record_store(&bench.records, &bench.postures, bench.place[i], &bench.flow[i]), TCPSTATE_OK);
    assert_kept(&bench, i);
  }
  assert_true(bench.postures.count > 1000); /* postures and whole ones were met */
  assert_true(bench.records.fresh <= 2 * PLACES + 1);
  tear_down(&bench);
}

/* The connection is kept whole once there are as many postures as may be. */
static void test_more_postures_than_there_may_be(void **state)
{
  static struct bench bench;
  (void)state;
  set_up(&bench);
  for (unsigned i = 0; i < 2; i++) {
    take_place(&bench, i);
  }
  draw(&bench, &bench.flow[0]);
  bench.flow[0].holes = 0;
  for (uint32_t number = 0; number < POSTURE_MOST + 10u; number++) {
    bench.flow[0].ep[0].possible = (uint16_t)number;
    bench.flow[0].ep[1].pending = (uint8_t)(number >> 16);
    assert_int_equal(record_store(&bench.records, &bench.postures, bench.place[0], &bench.flow[0]), TCPSTATE_OK);
    assert_kept(&bench, 0);
  }
  assert_int_equal(bench.postures.count, POSTURE_MOST);
  assert_int_equal(hot_at(&bench.records, bench.place[0])->posture, POSTURE_WHOLE);
  bench.flow[0].ep[0].possible = 0; /* known: the overflow is given back */
  assert_int_equal(record_store(&bench.records, &bench.postures, bench.place[0], &bench.flow[0]), TCPSTATE_OK);
  assert_true(hot_at(&bench.records, bench.place[0])->posture >= POSTURE_FIRST);
  assert_kept(&bench, 0);
  tear_down(&bench);
}

/* Without memory for the second record all stays as it was. */
static void test_without_memory_the_record_stays(void **state)
{
  static struct bench bench;
  struct flow whole;
  (void)state;
  set_up(&bench);
  for (uint32_t i = 0; i < SLAB_CHUNK; i++) { /* a whole chunk */
    assert_int_equal(slab_take(&bench.records, &bench.place[i % PLACES]), TCPSTATE_OK);
  }
  draw(&bench, &bench.flow[0]);
  bench.flow[0].holes = 0;
  bench.flow[0].history = 0;
  assert_int_equal(record_store(&bench.records, &bench.postures, bench.place[0], &bench.flow[0]), TCPSTATE_OK);
  whole = bench.flow[0];
  whole.holes = 1;
  bench.counts.refuse_at = bench.counts.requests + 1;
  assert_int_equal(record_store(&bench.records, &bench.postures, bench.place[0], &whole), TCPSTATE_ERROR_NO_MEMORY);
  assert_kept(&bench, 0);
  bench.flow[0].holes = 1;
  assert_int_equal(record_store(&bench.records, &bench.postures, bench.place[0], &bench.flow[0]), TCPSTATE_OK);
  assert_kept(&bench, 0);
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_stored_is_loaded_again),
      cmocka_unit_test(test_more_postures_than_there_may_be),
      cmocka_unit_test(test_without_memory_the_record_stays),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
