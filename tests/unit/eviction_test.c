/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include "eviction.h"
#include <cmocka.h>

static tcpstate_tracker *new_tracker(void)
{
  tcpstate_tracker *tracker = NULL;

  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  return tracker;
}

/* A conversation of its own for each port; later ports are later in time. */
static struct conversation talk_from(tcpstate_tracker *tracker, uint16_t port)
{
  struct conversation talk = conversation_with(tracker);

  talk.client.port = port;
  talk.now_ns += INT64_C(1000000000) * port;
  return talk;
}

static void assert_picks(tcpstate_tracker *tracker, uint32_t stream)
{
  uint32_t place = UINT32_MAX;

  assert_true(eviction_pick(tracker, &place));
  assert_int_equal(flow_table_at(&tracker->table, place)->stream, stream);
}

static void test_an_empty_table_has_nothing_to_give(void **state)
{
  tcpstate_tracker *tracker = new_tracker();
  uint32_t place;

  (void)state;
  assert_false(eviction_pick(tracker, &place));
  tcpstate_free(tracker);
}

/* The one that is over goes first, though it is the youngest; then the attempt; then the living. */
static void test_over_before_attempt_before_alive(void **state)
{
  tcpstate_tracker *tracker = new_tracker();
  struct conversation alive = talk_from(tracker, 1);
  struct conversation attempt = talk_from(tracker, 2);
  struct conversation over = talk_from(tracker, 3);
  uint32_t place;

  (void)state;
  assert_int_equal(shake_hands(&alive), TCPSTATE_OK);
  assert_int_equal(client_sends(&attempt, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
  assert_int_equal(shake_hands(&over), TCPSTATE_OK);
  assert_int_equal(close_in_three(&over), TCPSTATE_OK);
  assert_picks(tracker, 2);
  assert_true(eviction_pick(tracker, &place));
  flow_table_remove(&tracker->table, place);
  assert_picks(tracker, 1);
  assert_true(eviction_pick(tracker, &place));
  flow_table_remove(&tracker->table, place);
  assert_picks(tracker, 0);
  assert_true(eviction_pick(tracker, &place));
  flow_table_remove(&tracker->table, place);
  assert_false(eviction_pick(tracker, &place));
  tcpstate_free(tracker);
}

static void test_of_equals_the_one_silent_for_longest(void **state)
{
  tcpstate_tracker *tracker = new_tracker();

  (void)state;
  for (uint16_t i = 0; i < 10; i++) {
    struct conversation talk = talk_from(tracker, (uint16_t)(1 + (i + 4) % 10)); /* port 1 is stream 6 */
    assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  }
  assert_picks(tracker, 6);
  tcpstate_free(tracker);
}

/* More than are looked at in one go, but the living alone do not fill a look. */
static void test_every_attempt_goes_before_one_of_many_living(void **state)
{
  enum { LIVING = 25, ATTEMPTS = 100 };
  tcpstate_tracker *tracker = new_tracker();

  (void)state;
  for (unsigned port = 1; port <= LIVING + ATTEMPTS; port++) {
    struct conversation talk = talk_from(tracker, (uint16_t)port);
    int error = port % 5 == 0 ? shake_hands(&talk) : client_sends(&talk, TCPSTATE_SYN, 100, 0, 0);
    assert_int_equal(error, TCPSTATE_OK);
  }
  for (unsigned i = 0; i < ATTEMPTS; i++) {
    uint32_t place = UINT32_MAX;

    assert_true(eviction_pick(tracker, &place));
    assert_int_not_equal((flow_table_at(&tracker->table, place)->stream + 1) % 5, 0);
    flow_table_remove(&tracker->table, place);
  }
  tcpstate_free(tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_empty_table_has_nothing_to_give),
      cmocka_unit_test(test_over_before_attempt_before_alive),
      cmocka_unit_test(test_of_equals_the_one_silent_for_longest),
      cmocka_unit_test(test_every_attempt_goes_before_one_of_many_living),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
