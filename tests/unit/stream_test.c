/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "seq.h"
#include "stream.h"

enum { LENGTH = 400, ROUNDS = 2000 };

struct bench {
  struct memory memory;
  struct slab holes;
  struct flow flow;
};

static void set_up(struct bench *bench, uint32_t base)
{
  tcpstate_settings defaults;
  tcpstate_settings_init(&defaults);
  memset(bench, 0, sizeof *bench);
  bench->memory.allocator = defaults.allocator;
  slab_init(&bench->holes, &bench->memory, sizeof(struct holes));
  bench->flow.ep[0].isn = base;
  stream_take(&bench->flow, &bench->holes, 0, base, base + 1);
}

static void tear_down(struct bench *bench)
{
  stream_forget_holes(&bench->flow, &bench->holes);
  slab_clear(&bench->holes);
  assert_true(bench->memory.used == 0);
}

/* A linear congruential generator (the constants of POSIX's example): every run takes the same steps. */
static unsigned random_number(uint32_t *seed)
{
  *seed = *seed * 1103515245u + 12345u;
  return *seed >> 16 & 0x7fff;
}

/* Against a map of bytes. A stream with more than four blocks behind holes may know less, never more. */
static void test_contiguous_end_is_that_of_a_map(void **state)
{
  (void)state;
  uint32_t seed = 7;
  for (unsigned round = 0; round < ROUNDS; round++) {
    struct bench bench;
    uint8_t map[LENGTH + 1] = {1};
    uint32_t base = 0xffffffffu - (uint32_t)(random_number(&seed) % LENGTH);
    set_up(&bench, base);
    for (unsigned i = 0; i < 12; i++) {
      uint32_t start = (uint32_t)(random_number(&seed) % LENGTH);
      uint32_t end = start + 1 + (uint32_t)(random_number(&seed) % 60);
      end = end > LENGTH ? LENGTH : end;
      memset(map + start, 1, end - start);
      stream_take(&bench.flow, &bench.holes, 0, base + start, base + end);
      uint32_t whole = 0;
      while (map[whole]) {
        whole++;
      }
      assert_true(seq_le(bench.flow.ep[0].rcvd, base + whole));
      assert_true(i >= HOLE_BLOCKS || bench.flow.ep[0].rcvd == base + whole);
    }
    tear_down(&bench);
  }
}

static void test_acknowledgement_fills_what_the_capture_lacks(void **state)
{
  struct bench bench;
  (void)state;
  set_up(&bench, 1000);
  stream_take(&bench.flow, &bench.holes, 0, 1101, 1201);
  assert_int_equal(bench.flow.ep[0].rcvd, 1001);
  assert_int_equal(bench.flow.ep[0].nxt, 1201);
  assert_true(stream_has_block(&bench.flow, &bench.holes, 0, 1201));
  stream_acknowledge(&bench.flow, &bench.holes, 0, 1101);
  assert_int_equal(bench.flow.ep[0].rcvd, 1201);
  assert_int_equal(bench.flow.ep[0].una, 1101);
  assert_int_equal(bench.flow.holes, 0);
  tear_down(&bench);
}

static void test_wraps_are_counted(void **state)
{
  struct bench bench;
  (void)state;
  set_up(&bench, 10);
  for (uint64_t at = 11; at < UINT64_C(9000000000); at += 1000000) {
    stream_take(&bench.flow, &bench.holes, 0, (uint32_t)at, (uint32_t)(at + 1000000));
  }
  assert_int_equal(flow_wraps(&bench.flow, 0), 2);
  assert_int_equal(flow_wraps(&bench.flow, 1), 0);
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_contiguous_end_is_that_of_a_map),
                                     cmocka_unit_test(test_acknowledgement_fills_what_the_capture_lacks),
                                     cmocka_unit_test(test_wraps_are_counted)};
  return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
