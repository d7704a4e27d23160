/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "counting_allocator.h"
#include "seq.h"
#include "stream.h"
#include <cmocka.h>
#include <string.h>

/* Holes up to the number that is remembered, acknowledgements and all, for both directions of one flow. */

enum { LENGTH = 600, ROUNDS = 500, STEPS = 25 };

/* The naive form of one direction: a mark for each byte that passed or was acknowledged. */
struct map {
  uint32_t base;
  uint32_t sent;  /* highest end */
  uint32_t acked; /* highest acknowledgement */
  uint8_t mark[LENGTH + 1];
};

struct bench {
  struct counting_allocator counts;
  struct memory memory;
  struct slab holes;
  struct flow flow;
  struct map map[2];
};

static uint32_t next_random(uint32_t *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Each direction has sent its first byte. Their numbers are half the number space apart. */
static void set_up(struct bench *bench, uint32_t base)
{
  memset(bench, 0, sizeof *bench);
  bench->memory.allocator = counting_allocator_use(&bench->counts);
  slab_init(&bench->holes, &bench->memory, sizeof(struct holes));
  for (unsigned x = 0; x < 2; x++) {
    bench->map[x].base = base + x * 0x80000000u;
    bench->map[x].sent = 1;
    bench->map[x].mark[0] = 1;
    bench->flow.ep[x].isn = bench->map[x].base;
    stream_take(&bench->flow, &bench->holes, x, bench->map[x].base, bench->map[x].base + 1);
  }
}

static void tear_down(struct bench *bench)
{
  stream_forget_holes(&bench->flow, &bench->holes);
  slab_clear(&bench->holes);
  assert_int_equal(bench->counts.blocks, 0);
}

static void take(struct bench *bench, unsigned x, uint32_t start, uint32_t end)
{
  uint32_t base = bench->map[x].base;

  stream_take(&bench->flow, &bench->holes, x, base + start, base + end);
}

static void acknowledge(struct bench *bench, unsigned x, uint32_t ack)
{
  stream_acknowledge(&bench->flow, &bench->holes, x, bench->map[x].base + ack);
}

static uint32_t whole(const struct bench *bench, unsigned x)
{
  return bench->flow.ep[x].rcvd - bench->map[x].base;
}

static uint32_t first_gap(const struct map *map)
{
  uint32_t at = 0;

  while (map->mark[at]) {
    at++;
  }
  return at;
}

static unsigned blocks_behind_gap(const struct map *map)
{
  unsigned blocks = 0;

  for (uint32_t at = first_gap(map) + 1; at < LENGTH; at++) {
    blocks += map->mark[at] && !map->mark[at - 1];
  }
  return blocks;
}

/* A segment that would make one block too many is left out. */
static void random_segment(struct bench *bench, unsigned x, uint32_t *seed)
{
  struct map after = bench->map[x];
  uint32_t start = next_random(seed) % (LENGTH - 40);
  uint32_t end = start + next_random(seed) % 40;

  memset(after.mark + start, 1, end - start);
  after.sent = start < end && end > after.sent ? end : after.sent;
  if (blocks_behind_gap(&after) <= HOLE_BLOCKS) {
    bench->map[x] = after;
    take(bench, x, start, end);
  }
}

static void random_acknowledgement(struct bench *bench, unsigned x, uint32_t *seed)
{
  struct map *map = &bench->map[x];
  uint32_t ack = next_random(seed) % (map->sent + 1);

  memset(map->mark, 1, ack);
  map->acked = ack > map->acked ? ack : map->acked;
  acknowledge(bench, x, ack);
}

static void assert_as_mapped(const struct bench *bench)
{
  for (unsigned x = 0; x < 2; x++) {
    const struct map *map = &bench->map[x];

    assert_int_equal(whole(bench, x), first_gap(map));
    assert_int_equal(bench->flow.ep[x].nxt - map->base, map->sent);
    assert_true(!endpoint_is(&bench->flow, x, EP_UNA) || bench->flow.ep[x].una - map->base == map->acked);
    for (uint32_t end = first_gap(map) + 1; end <= LENGTH; end++) {
      int ends_here = map->mark[end - 1] && !map->mark[end];

      assert_int_equal(stream_has_block(&bench->flow, &bench->holes, x, map->base + end), ends_here);
    }
  }
  unsigned blocks = blocks_behind_gap(&bench->map[0]) + blocks_behind_gap(&bench->map[1]);
  assert_int_equal(bench->flow.holes != 0, blocks > 0);
}

static void test_both_directions_are_those_of_a_map(void **state)
{
  uint32_t seed = 1;

  (void)state;
  for (unsigned round = 0; round < ROUNDS; round++) {
    struct bench bench;

    set_up(&bench, UINT32_MAX - next_random(&seed) % LENGTH);
    for (unsigned step = 0; step < STEPS; step++) {
      unsigned x = next_random(&seed) % 2;

      if (next_random(&seed) % 5 == 0) {
        random_acknowledgement(&bench, x, &seed);
      } else {
        random_segment(&bench, x, &seed);
      }
      assert_as_mapped(&bench);
    }
    tear_down(&bench);
  }
}

static void take_four_blocks(struct bench *bench)
{
  for (uint32_t start = 100; start < 500; start += 100) {
    take(bench, 0, start, start + 10);
  }
}

static void test_a_nearer_fifth_block_drives_out_the_farthest(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench, 1000);
  take_four_blocks(&bench);
  take(&bench, 0, 50, 60);
  take(&bench, 0, 1, 400); /* fills every hole up to the fourth block */
  assert_int_equal(whole(&bench, 0), 400);
  assert_int_equal(bench.flow.ep[0].nxt, 1410);
  assert_int_equal(bench.flow.holes, 0);
  tear_down(&bench);
}

/* What was forgotten is known again once the peer acknowledges it. */
static void test_an_acknowledgement_makes_up_for_what_was_forgotten(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench, 1000);
  take_four_blocks(&bench);
  take(&bench, 0, 500, 510);
  acknowledge(&bench, 0, 510);
  assert_int_equal(whole(&bench, 0), 510);
  assert_int_equal(bench.flow.holes, 0);
  tear_down(&bench);
}

static void test_without_memory_the_hole_stays_until_it_is_acknowledged(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench, 1000);
  bench.counts.refuse_at = bench.counts.requests + 1;
  take(&bench, 0, 100, 110);
  assert_int_equal(bench.flow.holes, 0);
  take(&bench, 0, 1, 100);
  assert_int_equal(whole(&bench, 0), 100);
  acknowledge(&bench, 0, 110);
  assert_int_equal(whole(&bench, 0), 110);
  tear_down(&bench);
}

static void test_after_an_acknowledged_fin_nothing_moves(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench, 1000);
  endpoint_set(&bench.flow, 0, EP_FIN | EP_FIN_ACKED);
  take(&bench, 0, 1, 50);
  acknowledge(&bench, 0, 40);
  assert_int_equal(bench.flow.ep[0].nxt, 1001);
  assert_int_equal(whole(&bench, 0), 1);
  assert_int_equal(bench.flow.ep[0].una, 1040);
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_both_directions_are_those_of_a_map),
      cmocka_unit_test(test_a_nearer_fifth_block_drives_out_the_farthest),
      cmocka_unit_test(test_an_acknowledgement_makes_up_for_what_was_forgotten),
      cmocka_unit_test(test_without_memory_the_hole_stays_until_it_is_acknowledged),
      cmocka_unit_test(test_after_an_acknowledged_fin_nothing_moves),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
