/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "connection.h"
#include "conversation.h"
#include <cmocka.h>
#include <string.h>

/* connection.c by the public API. Outcomes and Zeek's letters one by one are in tests/scenarios; here are the parts of
 * the record that no scenario asks for, and what depends on which end has the lower address. */

enum {
  SYN_ACK = TCPSTATE_SYN | TCPSTATE_ACK,
  FIN_ACK = TCPSTATE_FIN | TCPSTATE_ACK,
  RST_ACK = TCPSTATE_RST | TCPSTATE_ACK
};

static const int64_t STEP_NS = 10000000;

struct bench {
  tcpstate_tracker *tracker;
  struct conversation talk;
};

/* `turned`: the client has the higher address. */
static struct bench new_bench(int turned)
{
  struct bench bench = {0};

  assert_int_equal(tcpstate_new(&bench.tracker, NULL), TCPSTATE_OK);
  bench.talk = conversation_with(bench.tracker);
  bench.talk.client = support_ipv4(turned ? 9 : 1, 40000);
  return bench;
}

/* What a glance tells, too; the addresses as far as they are set. */
static void assert_peeked(const struct bench *bench, const tcpstate_connection *whole)
{
  const tcpstate_annotation *said = &bench->talk.said;
  tcpstate_connection peeked;

  memset(&peeked, 0xff, sizeof peeked);
  assert_int_equal(tcpstate_connection_peek(bench->tracker, said->stream, said->slot, &peeked), TCPSTATE_OK);
  assert_int_equal(peeked.kind, whole->kind);
  assert_int_equal(peeked.ip_version, whole->ip_version);
  assert_int_equal(peeked.stream, whole->stream);
  assert_true(peeked.first_time_ns == whole->first_time_ns && peeked.last_time_ns == whole->last_time_ns);
  for (unsigned role = 0; role < 2; role++) {
    assert_memory_equal(peeked.address[role], whole->address[role], whole->ip_version == 4 ? 4 : 16);
    assert_int_equal(peeked.port[role], whole->port[role]);
    assert_int_equal(peeked.bytes[role], whole->bytes[role]);
  }
}

/* By what the posture tells, and the same to the last byte from the whole flow, but for the kind, which is the
 * posture's. */
static tcpstate_connection record_of(const struct bench *bench)
{
  tcpstate_connection connection;
  tcpstate_connection whole;
  const tcpstate_annotation *said = &bench->talk.said;
  struct flow flow;

  memset(&connection, 0xff, sizeof connection);
  assert_int_equal(tcpstate_connection_get(bench->tracker, said->stream, said->slot, &connection), TCPSTATE_OK);
  memset(&whole, 0xff, sizeof whole);
  flow_table_load(&bench->tracker->table, said->slot, &flow);
  connection_fill(bench->tracker, &flow, &whole);
  assert_int_equal(whole.kind, 0);
  whole.kind = connection.kind;
  assert_memory_equal(&connection, &whole, sizeof connection);
  assert_peeked(bench, &connection);
  return connection;
}

static void assert_close(const struct bench *bench, unsigned outcome, unsigned close, unsigned closer)
{
  tcpstate_connection connection = record_of(bench);

  assert_string_equal(tcpstate_outcome_name(connection.outcome), tcpstate_outcome_name(outcome));
  assert_string_equal(tcpstate_close_name(connection.close), tcpstate_close_name(close));
  assert_string_equal(tcpstate_closer_name(connection.active_closer), tcpstate_closer_name(closer));
}

static void test_who_talked_and_when(void **state)
{
  (void)state;
  for (int turned = 0; turned < 2; turned++) {
    struct bench bench = new_bench(turned);
    const uint8_t client[16] = {10, 0, 0, (uint8_t)(turned ? 9 : 1)};
    const uint8_t server[16] = {10, 0, 0, 2};
    bench.talk.client_domain = bench.talk.server_domain = 77;
    int64_t before = bench.talk.now_ns;

    assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
    tcpstate_connection connection = record_of(&bench);
    assert_memory_equal(connection.address[TCPSTATE_CLIENT], client, 16);
    assert_memory_equal(connection.address[TCPSTATE_SERVER], server, 16);
    assert_int_equal(connection.port[TCPSTATE_CLIENT], 40000);
    assert_int_equal(connection.port[TCPSTATE_SERVER], 443);
    assert_int_equal(connection.ip_version, 4);
    assert_int_equal(connection.domain, 77);
    assert_int_equal(connection.roles, TCPSTATE_ROLES_OBSERVED);
    assert_true(connection.first_time_ns == before + STEP_NS);
    assert_true(connection.last_time_ns == before + 3 * STEP_NS);
    assert_int_equal(connection.segments[TCPSTATE_CLIENT], 2);
    assert_int_equal(connection.segments[TCPSTATE_SERVER], 1);
    assert_int_equal(connection.handshake_segments, 3);
    assert_int_equal(connection.teardown_segments, 0);
    tcpstate_free(bench.tracker);
  }
}

static void test_ipv6_keeps_whole_addresses(void **state)
{
  struct bench bench = new_bench(0);

  (void)state;
  bench.talk.client = support_ipv6(9, 40000);
  bench.talk.server = support_ipv6(2, 443);
  assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
  tcpstate_connection connection = record_of(&bench);
  assert_int_equal(connection.ip_version, 6);
  assert_memory_equal(connection.address[TCPSTATE_CLIENT], bench.talk.client.address, 16);
  assert_memory_equal(connection.address[TCPSTATE_SERVER], bench.talk.server.address, 16);
  tcpstate_free(bench.tracker);
}

/* The domain is the client's, or the server's while the client is silent. */
static void test_directions_in_two_domains(void **state)
{
  struct bench bench = new_bench(1);

  (void)state;
  bench.talk.client_domain = 5;
  bench.talk.server_domain = 6;
  assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
  assert_int_equal(bench.talk.said.stream, 0);
  assert_int_equal(record_of(&bench).domain, 5);
  bench.talk.server.port = 80;
  assert_int_equal(server_sends(&bench.talk, SYN_ACK, 300, 101, 0), TCPSTATE_OK);
  assert_int_equal(record_of(&bench).domain, 6);
  tcpstate_free(bench.tracker);
}

/* Bytes by sequence space: no SYN, no FIN, nothing twice, what the capture lacks included. */
static void test_each_byte_counts_once(void **state)
{
  (void)state;
  for (int turned = 0; turned < 2; turned++) {
    struct bench bench = new_bench(turned);
    tcpstate_connection connection;

    assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
    connection = record_of(&bench);
    assert_true(connection.bytes[TCPSTATE_CLIENT] == 0 && connection.bytes[TCPSTATE_SERVER] == 0);
    client_sends(&bench.talk, TCPSTATE_ACK, 101, 301, 50);
    client_sends(&bench.talk, TCPSTATE_ACK, 101, 301, 50);
    server_sends(&bench.talk, TCPSTATE_ACK, 301, 151, 1000);
    client_sends(&bench.talk, TCPSTATE_ACK, 201, 1301, 10);
    client_sends(&bench.talk, FIN_ACK, 211, 1301, 0);
    connection = record_of(&bench);
    assert_true(connection.bytes[TCPSTATE_CLIENT] == 110);
    assert_true(connection.bytes[TCPSTATE_SERVER] == 1000);
    tcpstate_free(bench.tracker);
  }
}

/* More than 32 bits can count. */
static void test_bytes_beyond_four_gigabytes(void **state)
{
  enum { CHUNK = 1 << 20, CHUNKS = 10000 };
  struct bench bench = new_bench(0);
  uint32_t seq = 101;

  (void)state;
  assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
  for (unsigned i = 0; i < CHUNKS; i++) {
    client_sends(&bench.talk, TCPSTATE_ACK, seq, 301, CHUNK);
    seq += CHUNK;
    server_sends(&bench.talk, TCPSTATE_ACK, 301, seq, 0);
  }
  assert_true(record_of(&bench).bytes[TCPSTATE_CLIENT] == (uint64_t)CHUNK * CHUNKS);
  tcpstate_free(bench.tracker);
}

/* Retransmissions are no further segments of the handshake. */
static void test_control_segments_are_counted(void **state)
{
  struct bench bench = new_bench(0);

  (void)state;
  client_sends(&bench.talk, TCPSTATE_SYN, 100, 0, 0);
  bench.talk.now_ns += 100 * STEP_NS;
  assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
  assert_int_equal(record_of(&bench).handshake_segments, 3);
  client_sends(&bench.talk, FIN_ACK, 101, 301, 0);
  server_sends(&bench.talk, TCPSTATE_ACK, 301, 102, 0);
  assert_int_equal(record_of(&bench).teardown_segments, 2);
  server_sends(&bench.talk, FIN_ACK, 301, 102, 0);
  client_sends(&bench.talk, TCPSTATE_ACK, 102, 302, 0);
  assert_int_equal(record_of(&bench).teardown_segments, 4);
  assert_int_equal(record_of(&bench).handshake_segments, 3);
  tcpstate_free(bench.tracker);
}

static void test_four_segments(void **state)
{
  (void)state;
  for (int turned = 0; turned < 2; turned++) {
    struct bench bench = new_bench(turned);

    assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
    server_sends(&bench.talk, FIN_ACK, 301, 101, 0);
    assert_close(&bench, TCPSTATE_OUTCOME_HALF_CLOSED, TCPSTATE_CLOSE_NONE, TCPSTATE_CLOSER_SERVER);
    client_sends(&bench.talk, TCPSTATE_ACK, 101, 302, 0);
    client_sends(&bench.talk, FIN_ACK, 101, 302, 0);
    server_sends(&bench.talk, TCPSTATE_ACK, 302, 102, 0);
    assert_close(&bench, TCPSTATE_OUTCOME_CLOSED, TCPSTATE_CLOSE_FOUR_SEGMENT, TCPSTATE_CLOSER_SERVER);
    assert_int_equal(record_of(&bench).state[TCPSTATE_CLIENT], TCPSTATE_CLOSED);
    assert_int_equal(record_of(&bench).state[TCPSTATE_SERVER], TCPSTATE_TIME_WAIT);
    tcpstate_free(bench.tracker);
  }
}

static void test_three_segments(void **state)
{
  (void)state;
  for (int turned = 0; turned < 2; turned++) {
    struct bench bench = new_bench(turned);

    assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
    assert_int_equal(close_in_three(&bench.talk), TCPSTATE_OK);
    assert_close(&bench, TCPSTATE_OUTCOME_CLOSED, TCPSTATE_CLOSE_THREE_SEGMENT, TCPSTATE_CLOSER_CLIENT);
    assert_int_equal(record_of(&bench).teardown_segments, 3);
    tcpstate_free(bench.tracker);
  }
}

/* RFC 9293 figure 13. */
static void test_both_close_at_once(void **state)
{
  struct bench bench = new_bench(1);

  (void)state;
  assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
  client_sends(&bench.talk, FIN_ACK, 101, 301, 0);
  server_sends(&bench.talk, FIN_ACK, 301, 101, 0);
  client_sends(&bench.talk, TCPSTATE_ACK, 102, 302, 0);
  server_sends(&bench.talk, TCPSTATE_ACK, 302, 102, 0);
  assert_close(&bench, TCPSTATE_OUTCOME_CLOSED, TCPSTATE_CLOSE_SIMULTANEOUS, TCPSTATE_CLOSER_BOTH);
  tcpstate_free(bench.tracker);
}

static void test_resets(void **state)
{
  (void)state;
  for (int turned = 0; turned < 2; turned++) {
    struct bench bench = new_bench(turned);

    assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
    client_sends(&bench.talk, RST_ACK, 101, 301, 0);
    assert_close(&bench, TCPSTATE_OUTCOME_RESET, TCPSTATE_CLOSE_RESET_BY_CLIENT, TCPSTATE_CLOSER_CLIENT);
    bench.talk.client.port++;
    assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
    server_sends(&bench.talk, RST_ACK, 301, 101, 0);
    assert_close(&bench, TCPSTATE_OUTCOME_RESET, TCPSTATE_CLOSE_RESET_BY_SERVER, TCPSTATE_CLOSER_SERVER);
    tcpstate_free(bench.tracker);
  }
}

/* A FIN came first, and the peer answered with RST: the closer is who closed, the close is the reset. */
static void test_a_close_cut_short_by_a_reset(void **state)
{
  struct bench bench = new_bench(0);

  (void)state;
  assert_int_equal(shake_hands(&bench.talk), TCPSTATE_OK);
  client_sends(&bench.talk, FIN_ACK, 101, 301, 0);
  server_sends(&bench.talk, RST_ACK, 301, 102, 0);
  assert_close(&bench, TCPSTATE_OUTCOME_RESET, TCPSTATE_CLOSE_RESET_BY_SERVER, TCPSTATE_CLOSER_CLIENT);
  tcpstate_free(bench.tracker);
}

static void test_attempts(void **state)
{
  struct bench bench = new_bench(1);

  (void)state;
  client_sends(&bench.talk, TCPSTATE_SYN, 100, 0, 0);
  assert_close(&bench, TCPSTATE_OUTCOME_NO_ANSWER, TCPSTATE_CLOSE_NONE, TCPSTATE_CLOSER_NONE);
  server_sends(&bench.talk, RST_ACK, 0, 101, 0);
  assert_close(&bench, TCPSTATE_OUTCOME_REFUSED, TCPSTATE_CLOSE_NONE, TCPSTATE_CLOSER_NONE);
  tcpstate_free(bench.tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_who_talked_and_when),
      cmocka_unit_test(test_ipv6_keeps_whole_addresses),
      cmocka_unit_test(test_directions_in_two_domains),
      cmocka_unit_test(test_each_byte_counts_once),
      cmocka_unit_test(test_bytes_beyond_four_gigabytes),
      cmocka_unit_test(test_control_segments_are_counted),
      cmocka_unit_test(test_four_segments),
      cmocka_unit_test(test_three_segments),
      cmocka_unit_test(test_both_close_at_once),
      cmocka_unit_test(test_resets),
      cmocka_unit_test(test_a_close_cut_short_by_a_reset),
      cmocka_unit_test(test_attempts),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
