/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The comparison takes all memory from its caller's allocator, gives all of it back, and survives every refusal.
 */
#include "compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct pool {
  size_t used;
  unsigned left; /* allocations that will be granted */
};

static void *allocate(void *user, size_t size)
{
  struct pool *pool = user;

  if (pool->left == 0) {
    return NULL;
  }
  pool->left--;
  pool->used += size;
  return malloc(size);
}

static void release(void *user, void *memory, size_t size)
{
  ((struct pool *)user)->used -= size;
  free(memory);
}

/* Segment i of a connection whose segments all go from the client to the server. */
static int add(struct compare *compare, enum compare_side side, uint32_t i)
{
  tcpstate_segment segment = {
      .time_ns = (int64_t)i * 1000000 + (side == COMPARE_B ? 500000 : 0),
      .src = {192, 0, 2, 1},
      .dst = {198, 51, 100, 2},
      .seq = 100 + i * 10,
      .ack = 900,
      .payload_length = 10,
      .src_port = 40000,
      .dst_port = 80,
      .window = 500,
      .ip_version = 4,
      .flags = TCPSTATE_ACK,
  };
  const struct compare_segment added = {.segment = &segment, .frame = i + 1};

  return compare_add(compare, side, &added);
}

static int run(struct compare *compare)
{
  for (uint32_t i = 0; i < 200; i++) {
    if (add(compare, COMPARE_A, i) != TCPSTATE_OK || (i != 50 && add(compare, COMPARE_B, i) != TCPSTATE_OK)) {
      return TCPSTATE_ERROR_NO_MEMORY;
    }
  }
  return compare_run(compare);
}

static void test_every_refusal(void **state)
{
  int result = TCPSTATE_ERROR_NO_MEMORY;

  (void)state;
  for (unsigned granted = 0; result != TCPSTATE_OK; granted++) {
    struct pool pool = {0, granted};
    const struct compare_settings settings = {.allocator = {allocate, release, &pool}};
    struct compare *compare = compare_new(&settings);

    assert_true(granted < 100);
    if (compare != NULL) {
      result = run(compare);
      compare_free(compare);
    }
    assert_int_equal(pool.used, 0);
  }
}

static void test_limit(void **state)
{
  const struct compare_settings settings = {.memory_limit = 20000};
  struct compare *compare = compare_new(&settings);

  (void)state;
  assert_non_null(compare);
  assert_int_equal(run(compare), TCPSTATE_ERROR_NO_MEMORY);
  compare_free(compare);
}

static void test_what_is_found(void **state)
{
  const struct compare_settings settings = {.hash_key = 7};
  struct compare *compare = compare_new(&settings);
  struct compare_summary summary;
  struct compare_row row;

  (void)state;
  assert_int_equal(run(compare), TCPSTATE_OK);
  compare_summary_get(compare, &summary);
  assert_int_equal(summary.connections, 1);
  assert_int_equal(summary.rows, 200);
  assert_false(summary.clock.two_way);
  compare_row_get(compare, compare_row_of(compare, COMPARE_A, 50), &row);
  assert_int_equal(row.verdict, COMPARE_LOST);
  compare_row_get(compare, compare_row_of(compare, COMPARE_B, 50), &row);
  assert_int_equal(row.sight[COMPARE_A].frame, 52);
  compare_free(compare);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_refusal),
      cmocka_unit_test(test_limit),
      cmocka_unit_test(test_what_is_found),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
