/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include <cmocka.h>

/* report.c: reading a tracker out. */

static tcpstate_tracker *new_tracker(uint32_t max_connections)
{
  tcpstate_tracker *tracker = NULL;
  tcpstate_settings settings;

  tcpstate_settings_init(&settings);
  settings.max_connections = max_connections;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_OK);
  return tracker;
}

static void test_an_empty_tracker(void **state)
{
  tcpstate_tracker *tracker = new_tracker(0);
  tcpstate_connection connection;
  tcpstate_statistics statistics;
  uint32_t cursor = 0;

  (void)state;
  assert_int_equal(tcpstate_connection_get(tracker, 0, 0, &connection), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(tcpstate_connection_get(tracker, 0, UINT32_MAX, &connection), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(tcpstate_connection_next(tracker, &cursor, &connection), TCPSTATE_ERROR_NOT_FOUND);
  tcpstate_statistics_get(tracker, &statistics);
  assert_int_equal(statistics.segments + statistics.connections + statistics.kept + statistics.evicted, 0);
  assert_true(statistics.memory > 0);
  tcpstate_free(tracker);
}

static void test_a_connection_is_found_by_stream_and_slot_together(void **state)
{
  tcpstate_tracker *tracker = new_tracker(0);
  struct conversation one = conversation_with(tracker);
  struct conversation two = conversation_with(tracker);
  tcpstate_connection connection;

  (void)state;
  two.client.port = 50000;
  assert_int_equal(shake_hands(&one), TCPSTATE_OK);
  assert_int_equal(shake_hands(&two), TCPSTATE_OK);
  assert_int_equal(tcpstate_connection_get(tracker, 0, one.said.slot, &connection), TCPSTATE_OK);
  assert_int_equal(connection.port[TCPSTATE_CLIENT], 40000);
  assert_int_equal(tcpstate_connection_get(tracker, 1, two.said.slot, &connection), TCPSTATE_OK);
  assert_int_equal(connection.port[TCPSTATE_CLIENT], 50000);
  assert_int_equal(connection.stream, 1);
  assert_int_equal(tcpstate_connection_get(tracker, 0, two.said.slot, &connection), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(tcpstate_connection_get(tracker, 1, two.said.slot + 1, &connection), TCPSTATE_ERROR_NOT_FOUND);
  tcpstate_free(tracker);
}

static void test_what_is_given_up_is_not_found_again(void **state)
{
  tcpstate_tracker *tracker = new_tracker(1);
  struct conversation talk = conversation_with(tracker);
  tcpstate_connection connection;

  (void)state;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  tcpstate_annotation before = talk.said;
  talk.client.port = 50000;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(tcpstate_connection_get(tracker, before.stream, before.slot, &connection), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(tcpstate_connection_get(tracker, talk.said.stream, talk.said.slot, &connection), TCPSTATE_OK);
  tcpstate_free(tracker);
}

/* Each that is kept comes once, also when some places in between are free. */
static void test_the_walk_meets_each_once(void **state)
{
  enum { STARTED = 3000, KEPT = 1500 };
  tcpstate_tracker *tracker = new_tracker(KEPT);
  tcpstate_connection connection;
  tcpstate_statistics statistics;
  uint8_t met[STARTED] = {0};
  uint32_t cursor = 0;
  unsigned count = 0;

  (void)state;
  for (unsigned i = 0; i < STARTED; i++) {
    struct conversation talk = conversation_with(tracker);

    talk.client.port = (uint16_t)(1000 + i);
    assert_int_equal(client_sends(&talk, TCPSTATE_SYN, i, 0, 0), TCPSTATE_OK);
  }
  while (tcpstate_connection_next(tracker, &cursor, &connection) == TCPSTATE_OK) {
    assert_in_range(connection.stream, 0, STARTED - 1);
    assert_int_equal(met[connection.stream]++, 0);
    assert_int_equal(connection.port[TCPSTATE_CLIENT], 1000 + connection.stream);
    count++;
  }
  assert_int_equal(count, KEPT);
  assert_int_equal(tcpstate_connection_next(tracker, &cursor, &connection), TCPSTATE_ERROR_NOT_FOUND);
  tcpstate_statistics_get(tracker, &statistics);
  assert_int_equal(statistics.segments, STARTED);
  assert_int_equal(statistics.connections, STARTED);
  assert_int_equal(statistics.kept, KEPT);
  assert_int_equal(statistics.evicted, STARTED - KEPT);
  tcpstate_free(tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_empty_tracker),
      cmocka_unit_test(test_a_connection_is_found_by_stream_and_slot_together),
      cmocka_unit_test(test_what_is_given_up_is_not_found_again),
      cmocka_unit_test(test_the_walk_meets_each_once),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
