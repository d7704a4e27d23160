/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "counting_allocator.h"
#include "memory.h"
#include <cmocka.h>

static void test_memory_is_zeroed_and_counted(void **state)
{
  struct counting_allocator counts;
  struct memory memory = {.allocator = counting_allocator_use(&counts)};
  uint8_t *block = memory_get(&memory, 100);

  (void)state;
  assert_non_null(block);
  for (unsigned i = 0; i < 100; i++) {
    assert_int_equal(block[i], 0);
  }
  assert_int_equal(memory.used, 100);
  memory_put(&memory, block, 100);
  assert_int_equal(memory.used, 0);
  assert_int_equal(counts.blocks, 0);
  assert_int_equal(counts.mistakes, 0);
}

static void test_the_limit_is_reached_and_not_passed(void **state)
{
  struct counting_allocator counts;
  struct memory memory = {.allocator = counting_allocator_use(&counts), .limit = 100};
  void *first = memory_get(&memory, 60);

  (void)state;
  assert_null(memory_get(&memory, 41));
  assert_null(memory_get(&memory, SIZE_MAX));
  assert_int_equal(counts.requests, 1); /* the allocator was not even asked */
  void *second = memory_get(&memory, 40);
  assert_non_null(second);
  assert_null(memory_get(&memory, 1));
  memory_put(&memory, first, 60);
  first = memory_get(&memory, 60);
  assert_non_null(first);
  memory_put(&memory, first, 60);
  memory_put(&memory, second, 40);
  assert_int_equal(memory.used, 0);
}

static void test_a_refusal_counts_nothing(void **state)
{
  struct counting_allocator counts;
  struct memory memory = {.allocator = counting_allocator_use(&counts)};

  (void)state;
  counts.refuse_at = 1;
  assert_null(memory_get(&memory, 10));
  assert_int_equal(memory.used, 0);
}

static void test_nothing_can_be_given_back(void **state)
{
  struct counting_allocator counts;
  struct memory memory = {.allocator = counting_allocator_use(&counts)};

  (void)state;
  memory_put(&memory, NULL, 10);
  assert_int_equal(memory.used, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_memory_is_zeroed_and_counted),
      cmocka_unit_test(test_the_limit_is_reached_and_not_passed),
      cmocka_unit_test(test_a_refusal_counts_nothing),
      cmocka_unit_test(test_nothing_can_be_given_back),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
