/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include <cmocka.h>

/* tcpstate_feed_icmp_error. */

enum { SOFT = 0, HARD = 1 };

struct bench {
  tcpstate_tracker *tracker;
  struct conversation talk;
};

static struct bench new_bench(void)
{
  struct bench bench = {0};

  assert_int_equal(tcpstate_new(&bench.tracker, NULL), TCPSTATE_OK);
  bench.talk = conversation_with(bench.tracker);
  return bench;
}

static int client_is_told(struct bench *bench, uint32_t seq, int hard, tcpstate_annotation *said)
{
  tcpstate_segment quoted = support_segment(&bench->talk.client, &bench->talk.server, 0, seq, 0, 0);

  quoted.time_ns = bench->talk.now_ns;
  return tcpstate_feed_icmp_error(bench->tracker, &quoted, hard, said);
}

static int server_is_told(struct bench *bench, uint32_t seq, tcpstate_annotation *said)
{
  tcpstate_segment quoted = support_segment(&bench->talk.server, &bench->talk.client, 0, seq, 0, 0);

  quoted.time_ns = bench->talk.now_ns;
  return tcpstate_feed_icmp_error(bench->tracker, &quoted, HARD, said);
}

/* RFC 9293 3.9.2.2, RFC 1122 4.2.3.9: a hard error aborts, a soft one does not. */
static void test_a_hard_error_ends_the_attempt(void **state)
{
  struct bench bench = new_bench();
  tcpstate_annotation said;
  tcpstate_connection connection;

  (void)state;
  assert_int_equal(client_sends(&bench.talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
  assert_int_equal(client_is_told(&bench, 100, SOFT, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_is_told(&bench, 100, HARD, &said), TCPSTATE_OK);
  assert_int_equal(said.previous[TCPSTATE_CLIENT], TCPSTATE_SYN_SENT);
  assert_int_equal(said.state[TCPSTATE_CLIENT], TCPSTATE_CLOSED);
  assert_int_equal(said.certainty[TCPSTATE_CLIENT], TCPSTATE_ASSUMED); /* the error has only passed by */
  assert_int_equal(said.stream, bench.talk.said.stream);
  assert_int_equal(tcpstate_connection_get(bench.tracker, said.stream, said.slot, &connection), TCPSTATE_OK);
  assert_int_equal(connection.outcome, TCPSTATE_OUTCOME_REFUSED);
  assert_int_equal(connection.segments[TCPSTATE_CLIENT], 1); /* the error is no segment of it */
  tcpstate_free(bench.tracker);
}

static void test_only_the_syn_itself_counts(void **state)
{
  struct bench bench = new_bench();
  tcpstate_annotation said;

  (void)state;
  assert_int_equal(client_is_told(&bench, 100, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_sends(&bench.talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
  assert_int_equal(client_is_told(&bench, 99, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_is_told(&bench, 101, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(server_is_told(&bench, 100, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_sends(&bench.talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
  assert_int_equal(bench.talk.said.state[TCPSTATE_CLIENT], TCPSTATE_SYN_SENT);
  tcpstate_free(bench.tracker);
}

/* RFC 5927: attacks by forged errors. Whoever is past SYN-SENT is not moved. */
static void test_nobody_past_syn_sent_moves(void **state)
{
  struct bench bench = new_bench();
  tcpstate_annotation said;

  (void)state;
  assert_int_equal(client_sends(&bench.talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
  assert_int_equal(server_sends(&bench.talk, TCPSTATE_SYN | TCPSTATE_ACK, 300, 101, 0), TCPSTATE_OK);
  assert_int_equal(server_is_told(&bench, 300, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_is_told(&bench, 100, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_sends(&bench.talk, TCPSTATE_ACK, 101, 301, 0), TCPSTATE_OK);
  assert_int_equal(client_is_told(&bench, 100, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(client_is_told(&bench, 101, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(server_sends(&bench.talk, TCPSTATE_ACK, 301, 101, 1), TCPSTATE_OK);
  assert_int_equal(bench.talk.said.state[TCPSTATE_CLIENT], TCPSTATE_ESTABLISHED);
  assert_int_equal(bench.talk.said.state[TCPSTATE_SERVER], TCPSTATE_ESTABLISHED);
  tcpstate_free(bench.tracker);
}

static void test_an_error_numbers_no_connection(void **state)
{
  struct bench bench = new_bench();
  tcpstate_annotation said;
  tcpstate_statistics statistics;

  (void)state;
  assert_int_equal(client_is_told(&bench, 100, HARD, &said), TCPSTATE_ERROR_NOT_FOUND);
  tcpstate_statistics_get(bench.tracker, &statistics);
  assert_int_equal(statistics.connections, 0);
  assert_int_equal(statistics.segments, 0);
  tcpstate_free(bench.tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_hard_error_ends_the_attempt),
      cmocka_unit_test(test_only_the_syn_itself_counts),
      cmocka_unit_test(test_nobody_past_syn_sent_moves),
      cmocka_unit_test(test_an_error_numbers_no_connection),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
