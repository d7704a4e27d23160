/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "counting_allocator.h"
#include "slab.h"
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

enum { RECORD = 64, MANY = 20 * SLAB_CHUNK + 1 }; /* more chunks than the first list of them holds */

struct bench {
  struct counting_allocator counts;
  struct memory memory;
  struct slab slab;
};

static void set_up(struct bench *bench)
{
  memset(bench, 0, sizeof *bench);
  bench->memory.allocator = counting_allocator_use(&bench->counts);
  slab_init(&bench->slab, &bench->memory, RECORD);
}

static void tear_down(struct bench *bench)
{
  slab_clear(&bench->slab);
  assert_int_equal(bench->counts.blocks, 0);
  assert_int_equal(bench->counts.mistakes, 0);
  assert_int_equal(bench->memory.used, 0);
}

static uint32_t take(struct bench *bench)
{
  static const uint8_t zeros[RECORD];
  uint32_t place = UINT32_MAX;

  assert_int_equal(slab_take(&bench->slab, &place), TCPSTATE_OK);
  assert_memory_equal(slab_at(&bench->slab, place), zeros, RECORD);
  return place;
}

static void test_records_are_apart_and_stay_where_they_are(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  uint32_t *first = slab_at(&bench.slab, take(&bench));
  first[0] = 0;
  for (uint32_t i = 1; i < MANY; i++) {
    uint32_t place = take(&bench);
    uint32_t *record = slab_at(&bench.slab, place);

    assert_int_equal(place, i);
    assert_int_equal((uintptr_t)record % RECORD, 0);
    record[0] = i;
    record[RECORD / 4 - 1] = ~i;
  }
  assert_ptr_equal(slab_at(&bench.slab, 0), first);
  for (uint32_t i = 1; i < MANY; i++) {
    const uint32_t *record = slab_at(&bench.slab, i);

    assert_int_equal(record[0], i);
    assert_int_equal(record[RECORD / 4 - 1], ~i);
  }
  tear_down(&bench);
}

static void test_what_is_given_back_is_taken_again_zeroed(void **state)
{
  struct bench bench;
  uint32_t places[3];
  unsigned seen = 0;

  (void)state;
  set_up(&bench);
  for (unsigned i = 0; i < 3; i++) {
    places[i] = take(&bench);
    memset(slab_at(&bench.slab, places[i]), 0xff, RECORD);
  }
  uint64_t used = bench.memory.used;
  for (unsigned i = 0; i < 3; i++) {
    slab_give(&bench.slab, places[i]);
  }
  for (unsigned i = 0; i < 3; i++) {
    seen |= 1u << take(&bench);
  }
  assert_int_equal(seen, 7);
  assert_int_equal(take(&bench), 3);
  assert_int_equal(bench.memory.used, used);
  tear_down(&bench);
}

/* Until nothing more can be refused: first the first request, then each second one. How often. */
static unsigned take_though_refused(struct bench *bench, uint32_t expected)
{
  unsigned refused = 0;
  uint32_t place = UINT32_MAX;

  bench->counts.refuse_at = bench->counts.requests + 1;
  while (slab_take(&bench->slab, &place) != TCPSTATE_OK) {
    assert_int_equal(bench->counts.requests, bench->counts.refuse_at);
    assert_int_equal(bench->memory.used, bench->counts.bytes);
    refused++;
    bench->counts.refuse_at = bench->counts.requests + 2;
  }
  assert_int_equal(place, expected);
  return refused;
}

/* The first record asks for a list of chunks and a chunk. Then they come one by one, and after the fourth a huge page
 * full at a time, for which the list has to grow twice. */
static void test_a_refused_request_leaves_the_slab_as_it_was(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  for (uint32_t i = 0; i < 35 * SLAB_CHUNK; i++) {
    bool is_new = i == bench.slab.chunk_count * SLAB_CHUNK;
    unsigned refused = take_though_refused(&bench, i);

    if (i == 0) {
      assert_int_equal(refused, 2);
    } else if (i == 4 * SLAB_CHUNK) {
      assert_int_equal(refused, 3);
    } else {
      assert_int_equal(refused, is_new);
    }
  }
  tear_down(&bench);
}

/* Where a limit has to be kept, no more is asked for than is needed. */
static void test_chunks_come_one_by_one_below_a_limit(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.memory.limit = 64 << 20;
  for (uint32_t i = 0; i <= 8 * SLAB_CHUNK; i++) {
    take(&bench);
    assert_int_equal(bench.slab.chunk_count, i / SLAB_CHUNK + 1);
  }
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_records_are_apart_and_stay_where_they_are),
      cmocka_unit_test(test_what_is_given_back_is_taken_again_zeroed),
      cmocka_unit_test(test_a_refused_request_leaves_the_slab_as_it_was),
      cmocka_unit_test(test_chunks_come_one_by_one_below_a_limit),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
