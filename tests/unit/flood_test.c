/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * flood_test [SYNS]: a flood of SYNs with random tuples beside established connections, with a limit of connections
 * and with one of memory. Prints the memory as it goes: the curve has to be flat, the connections have to survive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conversation.h"
#include "counting_allocator.h"
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ESTABLISHED = 1000, MOST_CONNECTIONS = 20000, MEMORY_LIMIT = 4 << 20, STEPS = 10 };

static uint32_t syns = 200000;

static uint32_t draw(uint64_t *seed)
{
  *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
  return (uint32_t)(*seed >> 32);
}

static struct conversation connection(tcpstate_tracker *tracker, unsigned number)
{
  struct conversation talk = conversation_with(tracker);

  talk.client = support_ipv4(1, (uint16_t)(1024 + number));
  talk.server = support_ipv4(2, 443);
  return talk;
}

static void feed_syns(tcpstate_tracker *tracker, uint32_t count, uint64_t *seed)
{
  for (uint32_t i = 0; i < count; i++) {
    struct support_endpoint from = support_ipv4(3, (uint16_t)draw(seed));
    struct support_endpoint to = support_ipv4(2, (uint16_t)draw(seed));
    tcpstate_segment syn = support_segment(&from, &to, TCPSTATE_SYN, draw(seed), 0, 0);
    tcpstate_annotation said;
    uint32_t host = draw(seed);

    for (unsigned byte = 0; byte < 4; byte++) {
      syn.src[byte] = (uint8_t)(host >> (8 * byte));
    }
    syn.time_ns = 1000000000 + (int64_t)i * 1000;
    assert_int_equal(tcpstate_feed(tracker, &syn, &said), TCPSTATE_OK);
  }
}

static void flood(tcpstate_settings *settings)
{
  struct counting_allocator counts;
  tcpstate_tracker *tracker;
  tcpstate_statistics statistics;
  uint64_t seed = 1;

  settings->allocator = counting_allocator_use(&counts);
  assert_int_equal(tcpstate_new(&tracker, settings), TCPSTATE_OK);
  for (unsigned number = 0; number < ESTABLISHED; number++) {
    struct conversation talk = connection(tracker, number);

    assert_int_equal(shake_hands(&talk), TCPSTATE_OK);
  }
  for (unsigned step = 1; step <= STEPS; step++) {
    feed_syns(tracker, syns / STEPS, &seed);
    tcpstate_statistics_get(tracker, &statistics);
    printf("%10" PRIu32 " SYNs: %9" PRIu64 " bytes, %6" PRIu64 " kept, %9" PRIu64 " evicted\n", step * (syns / STEPS),
           statistics.memory, statistics.kept, statistics.evicted);
    assert_true(!settings->memory_limit || counts.bytes <= settings->memory_limit);
    assert_true(!settings->max_connections || statistics.kept <= settings->max_connections);
    assert_int_equal(statistics.kept + statistics.evicted, statistics.connections);
  }
  assert_true(statistics.evicted > 0);
  for (unsigned number = 0; number < ESTABLISHED; number++) {
    struct conversation talk = connection(tracker, number);

    assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 101, 301, 0), TCPSTATE_OK);
    assert_true(talk.said.stream < ESTABLISHED); /* the one it was, not a new one */
    assert_int_equal(talk.said.state[0], TCPSTATE_ESTABLISHED);
  }
  tcpstate_free(tracker);
  assert_int_equal(counts.blocks, 0);
}

static void test_limit_of_connections(void **state)
{
  tcpstate_settings settings;

  (void)state;
  tcpstate_settings_init(&settings);
  settings.max_connections = MOST_CONNECTIONS;
  flood(&settings);
}

static void test_limit_of_memory(void **state)
{
  tcpstate_settings settings;

  (void)state;
  tcpstate_settings_init(&settings);
  settings.memory_limit = MEMORY_LIMIT;
  flood(&settings);
}

int main(int count, char **arguments)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_limit_of_connections),
      cmocka_unit_test(test_limit_of_memory),
  };

  if (count > 1) {
    syns = (uint32_t)strtoul(arguments[1], NULL, 10);
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
