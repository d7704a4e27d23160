/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include "usual_step.h"
#include <cmocka.h>
#include <string.h>

/* That steps change nothing shows tests/usual; here, that they are learned, taken, and not where the numbers differ. */

enum { MOST = 32 };

struct told {
  tcpstate_annotation said[MOST];
  unsigned count;
};

static void hear(struct told *told, const struct conversation *talk, int error)
{
  assert_int_equal(error, TCPSTATE_OK);
  assert_true(told->count < MOST);
  told->said[told->count] = talk->said;
  told->said[told->count].stream = told->said[told->count].slot = 0;
  told->count++;
}

/* RFC 9293 figures 6 and 12, with data between: its own numbers, the same segments. */
static struct told tell(tcpstate_tracker *tracker, uint16_t port, uint32_t isn, uint32_t length)
{
  struct conversation talk = conversation_with(tracker);
  struct told told = {.count = 0};
  uint32_t server = isn + 0x10000;

  talk.client.port = port;
  hear(&told, &talk, client_sends(&talk, TCPSTATE_SYN, isn, 0, 0));
  hear(&told, &talk, server_sends(&talk, TCPSTATE_SYN | TCPSTATE_ACK, server, isn + 1, 0));
  hear(&told, &talk, client_sends(&talk, TCPSTATE_ACK, isn + 1, server + 1, 0));
  hear(&told, &talk, client_sends(&talk, TCPSTATE_ACK, isn + 1, server + 1, length));
  hear(&told, &talk, server_sends(&talk, TCPSTATE_ACK, server + 1, isn + 1 + length, length));
  for (unsigned i = 0; i < 10; i++) {
    hear(&told, &talk, client_sends(&talk, TCPSTATE_ACK, isn + 1 + length, server + 1 + length, 0));
  }
  hear(&told, &talk, client_sends(&talk, TCPSTATE_ACK | TCPSTATE_FIN, isn + 1 + length, server + 1 + length, 0));
  hear(&told, &talk, server_sends(&talk, TCPSTATE_ACK, server + 1 + length, isn + 2 + length, 0));
  hear(&told, &talk, server_sends(&talk, TCPSTATE_ACK | TCPSTATE_FIN, server + 1 + length, isn + 2 + length, 0));
  hear(&told, &talk, client_sends(&talk, TCPSTATE_ACK, isn + 2 + length, server + 2 + length, 0));
  return told;
}

static void assert_same(const struct told *left, const struct told *right)
{
  assert_int_equal(left->count, right->count);
  for (unsigned i = 0; i < left->count; i++) {
    assert_memory_equal(&left->said[i], &right->said[i], sizeof left->said[i]);
  }
}

static void test_what_was_seen_once_is_a_step(void **state)
{
  tcpstate_tracker *tracker;
  const struct postures *postures;

  (void)state;
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  postures = &tracker->table.postures;
  struct told first = tell(tracker, 1000, 5000, 100);
  uint32_t steps = postures->step_count;
  uint32_t count = postures->count;
  assert_true(steps > 8); /* opening, exchange and closing */
  struct told second = tell(tracker, 1001, 0x7ffff000, 200);
  assert_same(&first, &second);
  assert_int_equal(postures->step_count, steps);
  assert_int_equal(postures->count, count);
  tcpstate_free(tracker);
}

/* The same segments around the end of the sequence space, and around the numbers that a step does not cross. */
static void test_steps_know_where_numbers_come_round(void **state)
{
  const uint32_t isns[] = {UINT32_MAX - 50, UINT32_MAX - 1, UINT32_MAX, NUMBERS_BLOCK - 101, NUMBERS_BLOCK - 2, 0};
  tcpstate_tracker *tracker;

  (void)state;
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  struct told first = tell(tracker, 1000, 5000, 100);
  for (unsigned i = 0; i < sizeof isns / sizeof *isns; i++) {
    struct told next = tell(tracker, (uint16_t)(1001 + i), isns[i], 100);
    assert_same(&first, &next);
  }
  tcpstate_free(tracker);
}

/* 4 GiB and a bit, in steps of less than a block: the ISN is passed once, wherever in its block it lies. */
static void test_bytes_are_counted_beyond_the_isn(void **state)
{
  const uint32_t isns[] = {100, NUMBERS_BLOCK / 2, NUMBERS_BLOCK - 1, UINT32_MAX};
  enum { LENGTH = 1000000, TIMES = 5000 };

  (void)state;
  for (unsigned i = 0; i < sizeof isns / sizeof *isns; i++) {
    tcpstate_tracker *tracker;
    tcpstate_connection connection;

    assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
    struct conversation talk = conversation_with(tracker);
    uint32_t next = isns[i] + 1;
    client_sends(&talk, TCPSTATE_SYN, isns[i], 0, 0);
    server_sends(&talk, TCPSTATE_SYN | TCPSTATE_ACK, 900, next, 0);
    client_sends(&talk, TCPSTATE_ACK, next, 901, 0);
    for (unsigned k = 0; k < TIMES; k++) {
      client_sends(&talk, TCPSTATE_ACK, next, 901, LENGTH);
      next += LENGTH;
      server_sends(&talk, TCPSTATE_ACK, 901, next, 0);
    }
    assert_int_equal(tcpstate_connection_get(tracker, talk.said.stream, talk.said.slot, &connection), TCPSTATE_OK);
    assert_true(connection.bytes[TCPSTATE_CLIENT] == (uint64_t)LENGTH * TIMES);
    assert_int_equal(connection.segments[TCPSTATE_CLIENT], TIMES + 2);
    assert_int_equal(connection.segments[TCPSTATE_SERVER], TIMES + 1);
    tcpstate_free(tracker);
  }
}

/* SYNs that say different things by turns, the nearness of their sender: each has a step of its own, up to a point. */
static void test_others_of_a_kind_are_kept_beside_it(void **state)
{
  const uint8_t ttls[] = {64, 50, 0, 64, 50, 0};
  tcpstate_tracker *tracker;
  uint32_t steps = 0;
  uint16_t postures[3] = {0};

  (void)state;
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  for (unsigned i = 0; i < 6; i++) {
    struct conversation talk = conversation_with(tracker);
    talk.client.port = (uint16_t)(1000 + i);
    talk.ttl[TCPSTATE_CLIENT] = ttls[i];
    client_sends(&talk, TCPSTATE_SYN, 5000, 0, 0);
    uint16_t posture = flow_table_at(&tracker->table, talk.said.slot)->posture;
    postures[i % 3] = i < 3 ? posture : postures[i % 3];
    assert_int_equal(posture, postures[i % 3]);
    assert_true(i < 3 ? tracker->table.postures.step_count > steps : tracker->table.postures.step_count == steps);
    steps = tracker->table.postures.step_count;
  }
  assert_int_not_equal(postures[0], postures[1]);
  tcpstate_free(tracker);
}

static void test_no_more_others_than_can_be_looked_through(void **state)
{
  enum { TIMES = 3 * STEP_OTHERS };
  struct tcpstate_tracker *tracker;

  (void)state;
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  struct postures *postures = &tracker->table.postures;
  uint32_t before = postures->step_count;
  for (unsigned i = 0; i < TIMES; i++) {
    struct step step = {.sign = i, .next = POSTURE_FIRST};
    postures_learn(postures, POSTURE_NONE, 0, STEP_SYN, &step);
    assert_true(postures->steps[postures->at[POSTURE_NONE].step[0][STEP_SYN]].sign == i);
  }
  assert_int_equal(postures->step_count - before, STEP_OTHERS);
  tcpstate_free(tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_was_seen_once_is_a_step),
      cmocka_unit_test(test_steps_know_where_numbers_come_round),
      cmocka_unit_test(test_bytes_are_counted_beyond_the_isn),
      cmocka_unit_test(test_others_of_a_kind_are_kept_beside_it),
      cmocka_unit_test(test_no_more_others_than_can_be_looked_through),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
