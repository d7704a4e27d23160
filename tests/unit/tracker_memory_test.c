/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include "counting_allocator.h"
#include <cmocka.h>
#include <string.h>

/* tracker.c when memory is short. */

enum { MANY = 2000 }; /* connections: the index and the list of flows grow more than once */

struct bench {
  struct counting_allocator counts;
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
};

static void prepare(struct bench *bench)
{
  memset(bench, 0, sizeof *bench);
  tcpstate_settings_init(&bench->settings);
  bench->settings.allocator = counting_allocator_use(&bench->counts);
}

static void assert_all_given_back(struct bench *bench)
{
  tcpstate_free(bench->tracker);
  assert_int_equal(bench->counts.blocks, 0);
  assert_int_equal(bench->counts.bytes, 0);
  assert_int_equal(bench->counts.mistakes, 0);
}

static tcpstate_statistics statistics_of(const struct bench *bench)
{
  tcpstate_statistics statistics;

  tcpstate_statistics_get(bench->tracker, &statistics);
  return statistics;
}

static struct conversation talk_number(const struct bench *bench, unsigned number)
{
  struct conversation talk = conversation_with(bench->tracker);

  talk.client = number % 2 ? support_ipv6(1, (uint16_t)number) : support_ipv4(1, (uint16_t)number);
  talk.server = number % 2 ? support_ipv6(2, 443) : support_ipv4(2, 443);
  talk.client_domain = talk.server_domain = number % 100;
  return talk;
}

static int is_refusal(const tcpstate_annotation *said)
{
  return said->stream == UINT32_MAX && said->state[0] == TCPSTATE_UNKNOWN && said->state[1] == TCPSTATE_UNKNOWN;
}

/* One connection with a hole on each side. Memory may fail: then the annotation says so. */
static void talk_with_holes(struct conversation *talk)
{
  int error = shake_hands(talk);

  assert_true(error == TCPSTATE_OK || error == TCPSTATE_ERROR_NO_MEMORY);
  assert_int_equal(client_sends(talk, TCPSTATE_ACK, 201, 301, 100), TCPSTATE_OK);
  assert_int_equal(server_sends(talk, TCPSTATE_ACK, 401, 101, 100), TCPSTATE_OK);
}

static void tell_everything(struct bench *bench)
{
  for (unsigned number = 0; number < MANY; number++) {
    struct conversation talk = talk_number(bench, number);
    uint64_t kept = statistics_of(bench).kept;
    int error = client_sends(&talk, TCPSTATE_SYN, 100, 0, 0);

    assert_int_equal(is_refusal(&talk.said), error == TCPSTATE_ERROR_NO_MEMORY);
    assert_true(error == TCPSTATE_OK || statistics_of(bench).kept == kept);
    assert_int_equal(client_sends(&talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
    if (number % 500 == 0) {
      talk_with_holes(&talk);
    }
  }
}

/* Every single request is refused once. What was refused then is granted when the segment comes again. */
static void test_each_allocation_may_fail_once(void **state)
{
  struct bench bench;
  uint64_t most = 1;

  (void)state;
  for (uint64_t nth = 0; nth <= most; nth++) {
    prepare(&bench);
    bench.counts.refuse_at = nth;
    int error = tcpstate_new(&bench.tracker, &bench.settings);
    assert_int_equal(error, nth == 0 || nth > 7 ? TCPSTATE_OK : TCPSTATE_ERROR_NO_MEMORY);
    if (error == TCPSTATE_OK) {
      tell_everything(&bench);
      assert_int_equal(statistics_of(&bench).memory, bench.counts.bytes);
      most = nth == 0 ? bench.counts.requests : most;
    }
    assert_all_given_back(&bench);
  }
  assert_true(most > 10);
}

static void test_without_any_memory_nothing_is_numbered(void **state)
{
  struct bench bench;

  (void)state;
  prepare(&bench);
  assert_int_equal(tcpstate_new(&bench.tracker, &bench.settings), TCPSTATE_OK);
  bench.counts.refuse_at = bench.counts.requests + 1;
  bench.counts.refusals = UINT64_MAX;
  struct conversation talk = talk_number(&bench, 0);
  assert_int_equal(shake_hands(&talk), TCPSTATE_ERROR_NO_MEMORY);
  assert_true(is_refusal(&talk.said));
  assert_int_equal(statistics_of(&bench).connections, 0);
  assert_int_equal(statistics_of(&bench).kept, 0);
  assert_int_equal(statistics_of(&bench).segments, 3); /* fed all the same */
  bench.counts.refuse_at = 0;
  assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  assert_int_equal(talk.said.stream, 0);
  assert_all_given_back(&bench);
}

/* When the table cannot grow any more, old connections make room for new ones. */
static void test_memory_limit_is_kept_and_the_tracker_goes_on(void **state)
{
  struct bench bench;

  (void)state;
  prepare(&bench);
  bench.settings.memory_limit = 600000;
  assert_int_equal(tcpstate_new(&bench.tracker, &bench.settings), TCPSTATE_OK);
  for (unsigned number = 0; number < 20000; number++) {
    struct conversation talk = talk_number(&bench, 2 * number);

    talk.now_ns += (int64_t)number * 1000000;
    assert_int_equal(client_sends(&talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
    assert_true(bench.counts.bytes <= bench.settings.memory_limit);
  }
  tcpstate_statistics statistics = statistics_of(&bench);
  assert_int_equal(statistics.memory, bench.counts.bytes);
  assert_int_equal(statistics.kept + statistics.evicted, statistics.connections);
  assert_true(statistics.evicted > 0);
  assert_true(statistics.kept > 500);
  assert_all_given_back(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_allocation_may_fail_once),
      cmocka_unit_test(test_without_any_memory_nothing_is_numbered),
      cmocka_unit_test(test_memory_limit_is_kept_and_the_tracker_goes_on),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
