/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include "counting_allocator.h"
#include <cmocka.h>
#include <string.h>

/* tcpstate_new, tcpstate_free, tcpstate_settings_init. */

static void assert_refused(const tcpstate_settings *settings)
{
  tcpstate_tracker *tracker = NULL;

  assert_int_equal(tcpstate_new(&tracker, settings), TCPSTATE_ERROR_INVALID_ARGUMENT);
  assert_null(tracker);
}

static void test_defaults(void **state)
{
  tcpstate_settings settings;

  (void)state;
  memset(&settings, 0xff, sizeof settings);
  tcpstate_settings_init(&settings);
  assert_int_equal(settings.struct_size, sizeof settings);
  assert_int_equal(settings.time_wait_ns, INT64_C(60000000000));
  assert_int_equal(settings.max_connections, 0);
  assert_int_equal(settings.memory_limit, 0);
  assert_non_null(settings.allocator.allocate);
  assert_non_null(settings.allocator.release);
  assert_null(settings.connection_end);
}

static void test_settings_that_cannot_be_used_are_refused(void **state)
{
  tcpstate_settings good;

  (void)state;
  tcpstate_settings_init(&good);
  tcpstate_settings bad = good;
  bad.struct_size = 0;
  assert_refused(&bad);
  bad.struct_size = sizeof bad + 8;
  assert_refused(&bad);
  bad = good;
  bad.time_wait_ns = -1;
  assert_refused(&bad);
  bad = good;
  bad.allocator.allocate = NULL;
  assert_refused(&bad);
  bad = good;
  bad.allocator.release = NULL;
  assert_refused(&bad);
  assert_int_equal(tcpstate_new(NULL, &good), TCPSTATE_ERROR_INVALID_ARGUMENT);
}

static void test_a_time_wait_of_nothing_is_a_setting(void **state)
{
  tcpstate_settings settings;
  tcpstate_tracker *tracker = NULL;

  (void)state;
  tcpstate_settings_init(&settings);
  settings.time_wait_ns = 0;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_OK);
  tcpstate_free(tracker);
}

static void test_the_settings_may_go_once_the_tracker_is_there(void **state)
{
  struct counting_allocator counts;
  tcpstate_settings settings;
  tcpstate_tracker *tracker = NULL;

  (void)state;
  tcpstate_settings_init(&settings);
  settings.allocator = counting_allocator_use(&counts);
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_OK);
  memset(&settings, 0, sizeof settings);
  struct conversation talk = conversation_with(tracker);
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  tcpstate_free(tracker);
  assert_int_equal(counts.blocks, 0);
  assert_int_equal(counts.mistakes, 0);
}

static void test_freeing_nothing_is_fine(void **state)
{
  (void)state;
  tcpstate_free(NULL);
}

static void test_a_limit_too_small_to_begin_with(void **state)
{
  struct counting_allocator counts;
  tcpstate_settings settings;
  tcpstate_tracker *tracker = NULL;

  (void)state;
  tcpstate_settings_init(&settings);
  settings.allocator = counting_allocator_use(&counts);
  settings.memory_limit = 1000;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_ERROR_NO_MEMORY);
  assert_null(tracker);
  assert_int_equal(counts.blocks, 0);
}

static void test_two_trackers_know_nothing_of_each_other(void **state)
{
  tcpstate_tracker *one = NULL;
  tcpstate_tracker *other = NULL;

  (void)state;
  assert_int_equal(tcpstate_new(&one, NULL), TCPSTATE_OK);
  assert_int_equal(tcpstate_new(&other, NULL), TCPSTATE_OK);
  struct conversation talk = conversation_with(one);
  struct conversation elsewhere = conversation_with(other);
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(client_sends(&elsewhere, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
  assert_int_equal(elsewhere.said.state[TCPSTATE_CLIENT], TCPSTATE_SYN_SENT);
  assert_int_equal(elsewhere.said.stream, 0);
  tcpstate_free(one);
  tcpstate_free(other);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_defaults),
      cmocka_unit_test(test_settings_that_cannot_be_used_are_refused),
      cmocka_unit_test(test_a_time_wait_of_nothing_is_a_setting),
      cmocka_unit_test(test_the_settings_may_go_once_the_tracker_is_there),
      cmocka_unit_test(test_freeing_nothing_is_fine),
      cmocka_unit_test(test_a_limit_too_small_to_begin_with),
      cmocka_unit_test(test_two_trackers_know_nothing_of_each_other),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
