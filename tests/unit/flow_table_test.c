/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "add_flow.h"

enum { FLOWS = 5000, STEPS = 60000 };

static struct memory new_memory(void)
{
  tcpstate_settings defaults;
  tcpstate_settings_init(&defaults);
  return (struct memory){.allocator = defaults.allocator};
}

static const uint64_t hash_key[2] = {11, 12};

/* Number n as a tuple: every third is IPv6, every fourth outside domain 0. `turned`: sent by the other end. */
static tcpstate_segment tuple(unsigned n, int turned)
{
  tcpstate_segment segment;
  memset(&segment, 0, sizeof segment);
  segment.ip_version = n % 3 == 0 ? 6 : 4;
  segment.domain = n % 4 == 0 ? n : 0;
  uint8_t *near = turned ? segment.dst : segment.src;
  uint8_t *far = turned ? segment.src : segment.dst;
  near[0] = 10;
  near[2] = (uint8_t)(n >> 8);
  near[3] = (uint8_t)n;
  far[0] = 192;
  segment.src_port = turned ? 443 : (uint16_t)(20000 + n % 7);
  segment.dst_port = turned ? (uint16_t)(20000 + n % 7) : 443;
  return segment;
}

/* A linear congruential generator (the constants of POSIX's example): every run takes the same steps. */
static unsigned random_number(uint32_t *seed)
{
  *seed = *seed * 1103515245u + 12345u;
  return *seed >> 16 & 0x7fff;
}

static void test_finds_what_a_plain_list_has(void **state)
{
  struct memory memory = new_memory();
  struct flow_table table;
  int64_t *places = malloc(FLOWS * sizeof *places);
  (void)state;
  assert_non_null(places);
  memset(places, -1, FLOWS * sizeof *places);
  assert_int_equal(flow_table_init(&table, &memory, hash_key), TCPSTATE_OK);
  uint32_t seed = 3;
  for (unsigned step = 0; step < STEPS; step++) {
    unsigned n = random_number(&seed) % FLOWS;
    tcpstate_segment segment = tuple(n, (int)(random_number(&seed) & 1));
    struct lookup lookup;
    uint32_t place = 0;
    flow_table_key(&table, &segment, &lookup);
    const struct hot *flow = flow_table_find(&table, &lookup, &place);
    assert_int_equal(flow ? (int64_t)place : -1, places[n]);
    if (flow && random_number(&seed) % 3 == 0) {
      flow_table_remove(&table, place);
      places[n] = -1;
    } else if (!flow) {
      assert_int_equal(add_flow(&table, &lookup, &place), TCPSTATE_OK);
      places[n] = place;
    }
  }
  flow_table_clear(&table);
  assert_true(memory.used == 0);
  free(places);
}

static void test_other_direction_in_another_domain(void **state)
{
  struct memory memory = new_memory();
  struct flow_table table;
  struct lookup there;
  struct lookup back;
  uint32_t place = 0;
  uint32_t found = 99;
  tcpstate_segment segment = tuple(1, 0);
  tcpstate_segment answer = tuple(1, 1);
  (void)state;
  segment.domain = 7;
  answer.domain = 8;
  assert_int_equal(flow_table_init(&table, &memory, hash_key), TCPSTATE_OK);
  flow_table_key(&table, &segment, &there);
  assert_int_equal(add_flow(&table, &there, &place), TCPSTATE_OK);
  flow_table_key(&table, &answer, &back);
  assert_null(flow_table_find(&table, &back, &found));
  assert_non_null(flow_table_find_elsewhere(&table, &back, &found));
  assert_int_equal(found, place);
  flow_table_join(&table, &back, place);
  assert_non_null(flow_table_find(&table, &back, &found));
  assert_non_null(flow_table_find(&table, &there, &found));
  flow_table_remove(&table, place);
  assert_null(flow_table_find(&table, &back, &found));
  assert_null(flow_table_find(&table, &there, &found));
  assert_int_equal(table.slot_used, 0);
  flow_table_clear(&table);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_finds_what_a_plain_list_has),
                                     cmocka_unit_test(test_other_direction_in_another_domain)};
  return cmocka_run_group_tests_name("flow_table", tests, NULL, NULL);
}
