/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include <cmocka.h>
#include <string.h>

/* tracker.c: what comes in and goes out, and time. */

static const int64_t SECOND = 1000000000;

static tcpstate_tracker *new_tracker(const tcpstate_settings *settings)
{
  tcpstate_tracker *tracker = NULL;

  assert_int_equal(tcpstate_new(&tracker, settings), TCPSTATE_OK);
  return tracker;
}

static uint32_t next_random(uint32_t *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Anything at all between a few hosts: numbers near each other, all flags, four domains, both versions. */
static tcpstate_segment any_segment(uint32_t *seed, int64_t time_ns)
{
  unsigned pick = next_random(seed);
  struct support_endpoint one = pick & 1 ? support_ipv4((uint8_t)(pick >> 1 & 7), 1) : support_ipv6(1, 1);
  struct support_endpoint other = pick & 1 ? support_ipv4(9, 2) : support_ipv6(2, (uint16_t)(pick >> 1 & 7));
  int turned = (pick >> 8 & 1) != 0;
  uint8_t flags = (uint8_t)(next_random(seed) % 3 ? TCPSTATE_ACK : next_random(seed));
  tcpstate_segment segment = support_segment(turned ? &other : &one, turned ? &one : &other, flags,
                                             next_random(seed) % 50, next_random(seed) % 50, next_random(seed) % 5);

  segment.domain = next_random(seed) % 8 ? 0 : next_random(seed) % 4;
  segment.time_ns = time_ns;
  segment.facts = next_random(seed) % 4 ? 0 : (uint8_t)next_random(seed);
  return segment;
}

static void expect_same_connections(const tcpstate_tracker *left, const tcpstate_tracker *right)
{
  tcpstate_connection one = {0};
  tcpstate_connection other = {0};
  uint32_t cursor = 0;
  uint32_t walked = 0;
  uint32_t stream;
  uint32_t slot;

  while (tcpstate_slot_next(left, &cursor, &stream, &slot) == TCPSTATE_OK) {
    assert_int_equal(tcpstate_connection_get(left, stream, slot, &one), TCPSTATE_OK);
    assert_int_equal(tcpstate_connection_get(right, stream, slot, &other), TCPSTATE_OK);
    assert_memory_equal(&one, &other, sizeof one);
    assert_int_equal(tcpstate_connection_next(right, &walked, &other), TCPSTATE_OK);
    assert_int_equal(other.stream, stream);
    assert_int_equal(walked, cursor);
  }
  assert_int_equal(tcpstate_connection_next(right, &walked, &other), TCPSTATE_ERROR_NOT_FOUND);
}

/* Batches of any length, none and one included, against single segments, and against those of which nothing is said. */
static void test_a_batch_is_the_same_as_one_by_one(void **state)
{
  enum { COUNT = 5000, MOST = 50 };
  static tcpstate_segment segments[COUNT];
  tcpstate_annotation in_batch[MOST];
  tcpstate_tracker *singly = new_tracker(NULL);
  tcpstate_tracker *batched = new_tracker(NULL);
  tcpstate_tracker *unsaid = new_tracker(NULL);
  uint32_t seed = 5;
  size_t some;

  (void)state;
  for (size_t i = 0; i < COUNT; i++) {
    segments[i] = any_segment(&seed, (int64_t)i * SECOND / 10);
  }
  for (size_t done = 0; done < COUNT; done += some) {
    some = next_random(&seed) % MOST;
    some = some > COUNT - done ? COUNT - done : some;
    assert_int_equal(tcpstate_feed_batch(batched, segments + done, some, in_batch), TCPSTATE_OK);
    assert_int_equal(tcpstate_feed_batch(unsaid, segments + done, some, NULL), TCPSTATE_OK);
    for (size_t i = 0; i < some; i++) {
      tcpstate_annotation alone;

      assert_int_equal(tcpstate_feed(singly, &segments[done + i], &alone), TCPSTATE_OK);
      assert_memory_equal(&alone, &in_batch[i], sizeof alone);
    }
  }
  expect_same_connections(singly, batched);
  expect_same_connections(singly, unsaid);
  tcpstate_free(unsaid);
  tcpstate_free(singly);
  tcpstate_free(batched);
}

struct ended {
  unsigned count;
  tcpstate_connection last;
};

static void note_end(void *user, const tcpstate_connection *connection)
{
  struct ended *ended = user;

  ended->count++;
  ended->last = *connection;
}

static tcpstate_settings settings_with(struct ended *ended)
{
  tcpstate_settings settings;

  memset(ended, 0, sizeof *ended);
  tcpstate_settings_init(&settings);
  settings.connection_end = note_end;
  settings.connection_end_user = ended;
  return settings;
}

static void test_a_tuple_used_anew_ends_the_connection_before(void **state)
{
  struct ended ended;
  tcpstate_settings settings = settings_with(&ended);
  tcpstate_tracker *tracker = new_tracker(&settings);
  struct conversation talk = conversation_with(tracker);

  (void)state;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(close_in_three(&talk), TCPSTATE_OK);
  assert_int_equal(ended.count, 0);
  talk.now_ns += 120 * SECOND;
  assert_int_equal(client_sends(&talk, TCPSTATE_SYN, 900000, 0, 0), TCPSTATE_OK);
  assert_int_equal(ended.count, 1);
  assert_int_equal(ended.last.stream, 0);
  assert_int_equal(ended.last.outcome, TCPSTATE_OUTCOME_CLOSED);
  assert_int_equal(ended.last.port[TCPSTATE_CLIENT], 40000);
  assert_int_equal(talk.said.stream, 1);
  assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_SYN_SENT);
  tcpstate_free(tracker);
  assert_int_equal(ended.count, 1); /* not for what is left when the tracker goes */
}

static void test_a_connection_that_makes_room_is_told(void **state)
{
  struct ended ended;
  tcpstate_settings settings = settings_with(&ended);
  settings.max_connections = 2;
  tcpstate_tracker *tracker = new_tracker(&settings);
  struct conversation talk = conversation_with(tracker);
  tcpstate_statistics statistics;

  (void)state;
  for (uint16_t port = 1; port <= 3; port++) {
    talk.client.port = port;
    assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  }
  assert_int_equal(ended.count, 1);
  assert_int_equal(ended.last.stream, 0); /* the one silent for longest */
  assert_int_equal(ended.last.outcome, TCPSTATE_OUTCOME_OPEN);
  tcpstate_statistics_get(tracker, &statistics);
  assert_int_equal(statistics.kept, 2);
  assert_int_equal(statistics.evicted, 1);
  assert_int_equal(statistics.connections, 3);
  tcpstate_free(tracker);
}

/* ---------------------------------------------------------------- time */

/* A bare acknowledgement that arrives after the whole close: which state does it find the client in? */
static unsigned client_state_after(const tcpstate_settings *settings, int64_t wait_ns)
{
  tcpstate_tracker *tracker = new_tracker(settings);
  struct conversation talk = conversation_with(tracker);

  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(close_in_three(&talk), TCPSTATE_OK);
  assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
  talk.now_ns += wait_ns;
  assert_int_equal(server_sends(&talk, TCPSTATE_ACK, 302, 102, 0), TCPSTATE_OK);
  assert_int_equal(talk.said.previous[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
  tcpstate_free(tracker);
  return talk.said.state[TCPSTATE_CLIENT];
}

static void test_time_wait_lasts_as_long_as_the_settings_say(void **state)
{
  tcpstate_settings settings;

  (void)state;
  assert_int_equal(client_state_after(NULL, 59 * SECOND), TCPSTATE_TIME_WAIT);
  assert_int_equal(client_state_after(NULL, 61 * SECOND), TCPSTATE_CLOSED);
  assert_int_equal(client_state_after(NULL, 4000000 * SECOND), TCPSTATE_CLOSED);
  tcpstate_settings_init(&settings);
  settings.time_wait_ns = 240 * SECOND; /* RFC 9293 3.4.2: MSL is two minutes */
  assert_int_equal(client_state_after(&settings, 239 * SECOND), TCPSTATE_TIME_WAIT);
  assert_int_equal(client_state_after(&settings, 241 * SECOND), TCPSTATE_CLOSED);
}

/* Strays that move nobody do not keep it waiting. */
static void test_strays_do_not_prolong_time_wait(void **state)
{
  tcpstate_tracker *tracker = new_tracker(NULL);
  struct conversation talk = conversation_with(tracker);

  (void)state;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(close_in_three(&talk), TCPSTATE_OK);
  for (unsigned i = 0; i < 4; i++) {
    assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
    talk.now_ns += 19 * SECOND;
    assert_int_equal(server_sends(&talk, TCPSTATE_ACK, 302, 102, 0), TCPSTATE_OK);
  }
  assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_CLOSED);
  tcpstate_free(tracker);
}

/* RFC 9293 3.10.7.4 eighth: a repeated FIN restarts the 2 MSL. */
static void test_a_repeated_fin_restarts_time_wait(void **state)
{
  tcpstate_tracker *tracker = new_tracker(NULL);
  struct conversation talk = conversation_with(tracker);

  (void)state;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(close_in_three(&talk), TCPSTATE_OK);
  for (unsigned i = 0; i < 3; i++) {
    talk.now_ns += 50 * SECOND;
    assert_int_equal(server_sends(&talk, TCPSTATE_FIN | TCPSTATE_ACK, 301, 102, 0), TCPSTATE_OK);
    assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
    assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 102, 302, 0), TCPSTATE_OK);
  }
  tcpstate_free(tracker);
}

static void test_a_clock_that_steps_back_ends_nothing(void **state)
{
  tcpstate_tracker *tracker = new_tracker(NULL);
  struct conversation talk = conversation_with(tracker);
  tcpstate_connection connection;

  (void)state;
  talk.now_ns = 1000000 * SECOND;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  int64_t latest = talk.now_ns;
  talk.now_ns -= 3600 * SECOND;
  assert_int_equal(close_in_three(&talk), TCPSTATE_OK);
  assert_int_equal(talk.said.stream, 0);
  assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
  assert_int_equal(talk.said.state[TCPSTATE_SERVER], TCPSTATE_CLOSED);
  talk.now_ns = 0;
  assert_int_equal(server_sends(&talk, TCPSTATE_ACK, 302, 102, 0), TCPSTATE_OK);
  assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
  assert_int_equal(tcpstate_connection_get(tracker, talk.said.stream, talk.said.slot, &connection), TCPSTATE_OK);
  assert_true(connection.last_time_ns == latest);
  tcpstate_free(tracker);
}

static void test_segments_without_a_time_are_at_the_time_of_the_last(void **state)
{
  tcpstate_tracker *tracker = new_tracker(NULL);
  struct conversation talk = conversation_with(tracker);
  tcpstate_segment late = support_segment(&talk.server, &talk.client, TCPSTATE_ACK, 302, 102, 0);

  (void)state;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(close_in_three(&talk), TCPSTATE_OK);
  late.facts = TCPSTATE_NO_TIME;
  late.time_ns = talk.now_ns + 3600 * SECOND; /* says nothing */
  assert_int_equal(tcpstate_feed(tracker, &late, &talk.said), TCPSTATE_OK);
  assert_int_equal(talk.said.state[TCPSTATE_CLIENT], TCPSTATE_TIME_WAIT);
  tcpstate_free(tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_batch_is_the_same_as_one_by_one),
      cmocka_unit_test(test_a_tuple_used_anew_ends_the_connection_before),
      cmocka_unit_test(test_a_connection_that_makes_room_is_told),
      cmocka_unit_test(test_time_wait_lasts_as_long_as_the_settings_say),
      cmocka_unit_test(test_strays_do_not_prolong_time_wait),
      cmocka_unit_test(test_a_repeated_fin_restarts_time_wait),
      cmocka_unit_test(test_a_clock_that_steps_back_ends_nothing),
      cmocka_unit_test(test_segments_without_a_time_are_at_the_time_of_the_last),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
