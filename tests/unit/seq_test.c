/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "seq.h"
#include <cmocka.h>

/* A pair whose first is the later one, on the number line and across its end. */
struct pair {
  uint32_t later;
  uint32_t earlier;
};

static const struct pair pairs[] = {
    {1, 0}, {1000, 999}, {0, UINT32_MAX}, {5, 0xfffffff0u}, {0x80000000u, 0x7fffffffu}, {0x7fffffffu, 0},
};

enum { PAIR_COUNT = sizeof pairs / sizeof pairs[0] };

static void test_later_is_greater(void **state)
{
  (void)state;
  for (unsigned i = 0; i < PAIR_COUNT; i++) {
    uint32_t later = pairs[i].later;
    uint32_t earlier = pairs[i].earlier;

    assert_true(seq_gt(later, earlier) && seq_ge(later, earlier));
    assert_true(seq_lt(earlier, later) && seq_le(earlier, later));
    assert_false(seq_lt(later, earlier) || seq_le(later, earlier));
    assert_false(seq_gt(earlier, later) || seq_ge(earlier, later));
  }
}

static void test_a_number_is_neither_before_nor_after_itself(void **state)
{
  (void)state;
  for (unsigned i = 0; i < PAIR_COUNT; i++) {
    uint32_t number = pairs[i].later;

    assert_true(seq_le(number, number) && seq_ge(number, number));
    assert_false(seq_lt(number, number) || seq_gt(number, number));
    assert_int_equal(seq_diff(number, number), 0);
  }
}

static void test_distance_has_a_sign(void **state)
{
  (void)state;
  assert_int_equal(seq_diff(2, UINT32_MAX), 3);
  assert_int_equal(seq_diff(UINT32_MAX, 2), -3);
  assert_int_equal(seq_diff(0x7fffffffu, 0), INT32_MAX);
}

static void test_greatest_and_least(void **state)
{
  (void)state;
  for (unsigned i = 0; i < PAIR_COUNT; i++) {
    uint32_t later = pairs[i].later;
    uint32_t earlier = pairs[i].earlier;

    assert_int_equal(seq_max(later, earlier), later);
    assert_int_equal(seq_max(earlier, later), later);
    assert_int_equal(seq_min(later, earlier), earlier);
    assert_int_equal(seq_min(earlier, later), earlier);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_later_is_greater),
      cmocka_unit_test(test_a_number_is_neither_before_nor_after_itself),
      cmocka_unit_test(test_distance_has_a_sign),
      cmocka_unit_test(test_greatest_and_least),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
