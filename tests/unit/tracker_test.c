/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <tcpstate/tcpstate.h>

enum { FLOOD = 20000, KEPT = 500 };

/* Fails the allocation whose number comes up. */
struct fragile {
  unsigned count;
  unsigned fails;
  size_t in_use;
};

static void *allocate(void *user, size_t size)
{
  struct fragile *fragile = user;
  if (++fragile->count == fragile->fails) {
    return NULL;
  }
  fragile->in_use += size;
  return malloc(size);
}

static void release(void *user, void *block, size_t size)
{
  ((struct fragile *)user)->in_use -= size;
  free(block);
}

static tcpstate_segment segment(unsigned client, int from_client, unsigned flags, uint32_t seq, uint32_t ack)
{
  tcpstate_segment s;
  memset(&s, 0, sizeof s);
  uint8_t *near = from_client ? s.src : s.dst;
  uint8_t *far = from_client ? s.dst : s.src;
  near[0] = 10;
  near[1] = (uint8_t)(client >> 16);
  near[2] = (uint8_t)(client >> 8);
  near[3] = (uint8_t)client;
  far[0] = 192;
  s.src_port = from_client ? 40000 : 443;
  s.dst_port = from_client ? 443 : 40000;
  s.ip_version = 4;
  s.flags = (uint8_t)flags;
  s.seq = seq;
  s.ack = ack;
  s.window = 65535;
  return s;
}

static int handshake(tcpstate_tracker *tracker, unsigned client, tcpstate_annotation *last)
{
  const tcpstate_segment story[] = {segment(client, 1, TCPSTATE_SYN, 100, 0),
                                    segment(client, 0, TCPSTATE_SYN | TCPSTATE_ACK, 300, 101),
                                    segment(client, 1, TCPSTATE_ACK, 101, 301)};
  int result = TCPSTATE_OK;
  for (unsigned i = 0; i < 3; i++) {
    int error = tcpstate_feed(tracker, &story[i], last);
    result = error ? error : result;
  }
  return result;
}

static void test_settings_are_checked(void **state)
{
  tcpstate_settings settings;
  tcpstate_tracker *tracker = NULL;
  (void)state;
  tcpstate_settings_init(&settings);
  settings.struct_size = 1;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_ERROR_INVALID_ARGUMENT);
  tcpstate_settings_init(&settings);
  settings.time_wait_ns = -1;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_ERROR_INVALID_ARGUMENT);
  assert_null(tracker);
}

static void test_every_allocation_may_fail(void **state)
{
  (void)state;
  for (unsigned fails = 1; fails < 20; fails++) {
    struct fragile fragile = {0, fails, 0};
    tcpstate_settings settings;
    tcpstate_tracker *tracker = NULL;
    tcpstate_annotation last;
    tcpstate_settings_init(&settings);
    settings.allocator.allocate = allocate;
    settings.allocator.release = release;
    settings.allocator.user = &fragile;
    int made = tcpstate_new(&tracker, &settings);
    if (made == TCPSTATE_OK) {
      (void)handshake(tracker, 1, &last);
      assert_int_equal(handshake(tracker, 2, &last), TCPSTATE_OK); /* only one fails: it goes on */
      assert_int_equal(last.state[TCPSTATE_SERVER], TCPSTATE_ESTABLISHED);
      tcpstate_free(tracker);
    } else {
      assert_int_equal(made, TCPSTATE_ERROR_NO_MEMORY);
    }
    assert_int_equal(fragile.in_use, 0);
  }
}

static void count_end(void *user, const tcpstate_connection *connection)
{
  (void)connection;
  ++*(unsigned *)user;
}

static void test_a_flood_does_not_throw_out_the_established(void **state)
{
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  tcpstate_annotation first;
  tcpstate_annotation last;
  tcpstate_statistics statistics;
  tcpstate_connection connection;
  unsigned ended = 0;
  (void)state;
  tcpstate_settings_init(&settings);
  settings.max_connections = KEPT;
  settings.connection_end = count_end;
  settings.connection_end_user = &ended;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_OK);
  assert_int_equal(handshake(tracker, 1, &first), TCPSTATE_OK);
  for (unsigned i = 2; i < FLOOD; i++) {
    tcpstate_segment syn = segment(i, 1, TCPSTATE_SYN, i, 0);
    assert_int_equal(tcpstate_feed(tracker, &syn, &last), TCPSTATE_OK);
  }
  tcpstate_statistics_get(tracker, &statistics);
  assert_int_equal(statistics.kept, KEPT);
  assert_int_equal(statistics.evicted, ended);
  assert_int_equal(statistics.connections, statistics.kept + statistics.evicted);
  assert_int_equal(tcpstate_connection_get(tracker, first.stream, first.slot, &connection), TCPSTATE_OK);
  assert_int_equal(connection.state[TCPSTATE_CLIENT], TCPSTATE_ESTABLISHED);
  unsigned walked = 0;
  for (uint32_t cursor = 0; tcpstate_connection_next(tracker, &cursor, &connection) == TCPSTATE_OK;) {
    walked++;
  }
  assert_int_equal(walked, KEPT);
  tcpstate_free(tracker);
}

static void test_memory_stays_under_its_limit(void **state)
{
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  tcpstate_annotation last;
  tcpstate_statistics statistics;
  (void)state;
  tcpstate_settings_init(&settings);
  settings.memory_limit = 1 << 20;
  assert_int_equal(tcpstate_new(&tracker, &settings), TCPSTATE_OK);
  for (unsigned i = 1; i < FLOOD; i++) {
    assert_int_equal(handshake(tracker, i, &last), TCPSTATE_OK);
    assert_int_equal(last.state[TCPSTATE_SERVER], TCPSTATE_ESTABLISHED);
  }
  tcpstate_statistics_get(tracker, &statistics);
  assert_true(statistics.memory <= settings.memory_limit);
  assert_true(statistics.evicted > 0);
  tcpstate_free(tracker);
}

static void test_only_a_hard_icmp_error_ends_an_attempt(void **state)
{
  tcpstate_tracker *tracker;
  tcpstate_annotation last;
  tcpstate_segment syn = segment(1, 1, TCPSTATE_SYN, 100, 0);
  (void)state;
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  assert_int_equal(tcpstate_feed(tracker, &syn, &last), TCPSTATE_OK);
  assert_int_equal(tcpstate_feed_icmp_error(tracker, &syn, 0, &last), TCPSTATE_ERROR_NOT_FOUND);
  assert_int_equal(tcpstate_feed_icmp_error(tracker, &syn, 1, &last), TCPSTATE_OK);
  assert_int_equal(last.state[TCPSTATE_CLIENT], TCPSTATE_CLOSED);
  assert_true((last.events >> TCPSTATE_EVENT_REFUSED) & 1);
  assert_int_equal(tcpstate_feed_icmp_error(tracker, &syn, 1, &last), TCPSTATE_ERROR_NOT_FOUND);
  tcpstate_free(tracker);
}

static void test_two_vlans_one_connection_three_vlans_three(void **state)
{
  tcpstate_tracker *tracker;
  tcpstate_annotation said;
  (void)state;
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  tcpstate_segment syn = segment(1, 1, TCPSTATE_SYN, 100, 0);
  tcpstate_segment syn_ack = segment(1, 0, TCPSTATE_SYN | TCPSTATE_ACK, 300, 101);
  syn.domain = 5;
  syn_ack.domain = 6;
  assert_int_equal(tcpstate_feed(tracker, &syn, &said), TCPSTATE_OK);
  assert_int_equal(tcpstate_feed(tracker, &syn_ack, &said), TCPSTATE_OK);
  assert_int_equal(said.stream, 0);
  assert_int_equal(said.state[TCPSTATE_CLIENT], TCPSTATE_ESTABLISHED);
  for (unsigned domain = 7; domain < 10; domain++) {
    syn.domain = syn_ack.domain = domain;
    assert_int_equal(tcpstate_feed(tracker, &syn, &said), TCPSTATE_OK);
    assert_int_equal(tcpstate_feed(tracker, &syn_ack, &said), TCPSTATE_OK);
    assert_int_equal(said.stream, domain - 6);
  }
  tcpstate_free(tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_settings_are_checked),
                                     cmocka_unit_test(test_every_allocation_may_fail),
                                     cmocka_unit_test(test_a_flood_does_not_throw_out_the_established),
                                     cmocka_unit_test(test_memory_stays_under_its_limit),
                                     cmocka_unit_test(test_only_a_hard_icmp_error_ends_an_attempt),
                                     cmocka_unit_test(test_two_vlans_one_connection_three_vlans_three)};
  return cmocka_run_group_tests_name("tracker", tests, NULL, NULL);
}
