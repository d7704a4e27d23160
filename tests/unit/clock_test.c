/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include <cmocka.h>

static void test_microseconds(void **state)
{
  (void)state;
  assert_int_equal(clock_us(0), 0);
  assert_int_equal(clock_us(1999), 1);
  assert_int_equal(clock_us(INT64_C(1700000000) * 1000000000), (uint32_t)(UINT64_C(1700000000) * 1000000));
}

static void test_time_since(void **state)
{
  (void)state;
  assert_int_equal(clock_since(1500, 1000), 500);
  assert_int_equal(clock_since(1000, 1000), 0);
}

static void test_a_clock_that_steps_back_stands_still(void **state)
{
  (void)state;
  assert_int_equal(clock_since(1000, 1001), 0);
  assert_int_equal(clock_since(clock_us(-1000), clock_us(0)), 0);
}

static void test_microseconds_wrap(void **state)
{
  const int64_t wrap_ns = (INT64_C(1) << 32) * 1000;

  (void)state;
  assert_int_equal(clock_us(wrap_ns), 0);
  assert_int_equal(clock_since(clock_us(wrap_ns + 2000), clock_us(wrap_ns - 3000)), 5);
}

/* Never 0, which means "not known"; never less than the truth up to a second, and at most 16 us more. */
static void test_a_round_trip_keeps_its_length(void **state)
{
  (void)state;
  assert_int_equal(rtt_unpack(0), 0);
  for (uint32_t us = 0; us < 1000000; us += 7) {
    uint32_t kept = rtt_unpack(rtt_pack(us));

    assert_in_range(kept, us + 1, us + 16);
  }
}

static void test_a_long_round_trip_is_capped(void **state)
{
  (void)state;
  assert_in_range(rtt_unpack(rtt_pack(2000000)), 1000000, 1100000);
  assert_int_equal(rtt_pack(2000000), rtt_pack(UINT32_MAX));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_microseconds),
      cmocka_unit_test(test_time_since),
      cmocka_unit_test(test_a_clock_that_steps_back_stands_still),
      cmocka_unit_test(test_microseconds_wrap),
      cmocka_unit_test(test_a_round_trip_keeps_its_length),
      cmocka_unit_test(test_a_long_round_trip_is_capped),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
