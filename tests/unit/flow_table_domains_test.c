/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "add_flow.h"
#include "counting_allocator.h"
#include <cmocka.h>
#include <string.h>

/* Flows whose two directions travel in different domains, against a plain list; and the table without memory. */

enum { TUPLES = 400, MOST = 4 * TUPLES, STEPS = 40000, DOMAINS = 4 };

/* A flow as the list has it: domain + 1 of what endpoint 0 and 1 send, 0 = not seen. */
struct entry {
  unsigned tuple;
  unsigned domain[2];
  uint32_t place;
};

struct bench {
  struct counting_allocator counts;
  struct memory memory;
  struct flow_table table;
  struct entry list[MOST];
  unsigned count;
  uint32_t seed;
};

static uint32_t next_random(struct bench *bench)
{
  bench->seed = bench->seed * 1664525u + 1013904223u;
  return bench->seed >> 8;
}

static void set_up(struct bench *bench)
{
  const uint64_t key[2] = {3, 4};

  memset(bench, 0, sizeof *bench);
  bench->memory.allocator = counting_allocator_use(&bench->counts);
  assert_int_equal(flow_table_init(&bench->table, &bench->memory, key), TCPSTATE_OK);
}

static void tear_down(struct bench *bench)
{
  flow_table_clear(&bench->table);
  assert_int_equal(bench->counts.blocks, 0);
  assert_int_equal(bench->counts.mistakes, 0);
}

/* Endpoint 0 is 10.0.0.1 (or 0a00:1::), the other ones are above it; odd tuples are IPv6. */
static struct lookup key_of(struct bench *bench, unsigned tuple, unsigned sender, uint32_t domain)
{
  struct lookup lookup;
  tcpstate_segment segment;

  memset(&segment, 0, sizeof segment);
  segment.ip_version = tuple % 2 ? 6 : 4;
  uint8_t *low = sender ? segment.dst : segment.src;
  uint8_t *high = sender ? segment.src : segment.dst;
  memcpy(low, (const uint8_t[]){10, 0, 0, 1}, 4);
  memcpy(high, (const uint8_t[]){10, 0, 1 + (uint8_t)(tuple >> 9), (uint8_t)(tuple >> 1)}, 4);
  *(sender ? &segment.dst_port : &segment.src_port) = 1000;
  *(sender ? &segment.src_port : &segment.dst_port) = 443;
  segment.domain = domain;
  flow_table_key(&bench->table, &segment, &lookup);
  assert_int_equal(lookup.sender, sender);
  return lookup;
}

static struct entry *entry_at(struct bench *bench, uint32_t place)
{
  for (unsigned i = 0; i < bench->count; i++) {
    if (bench->list[i].place == place) {
      return &bench->list[i];
    }
  }
  return NULL;
}

static int matches(const struct entry *entry, unsigned tuple, unsigned sender, unsigned domain)
{
  unsigned own = entry->domain[sender];
  return entry->tuple == tuple && (own == domain + 1 || (own == 0 && entry->domain[1 - sender] == domain + 1));
}

static int waits(const struct entry *entry, unsigned tuple, unsigned sender)
{
  return entry->tuple == tuple && entry->domain[sender] == 0;
}

static void add(struct bench *bench, const struct lookup *lookup, unsigned tuple, unsigned domain)
{
  struct entry *entry = &bench->list[bench->count++];

  assert_true(bench->count < MOST);
  memset(entry, 0, sizeof *entry);
  entry->tuple = tuple;
  entry->domain[lookup->sender] = domain + 1;
  assert_int_equal(add_flow(&bench->table, lookup, &entry->place), TCPSTATE_OK);
}

static void drop(struct bench *bench, struct entry *entry)
{
  flow_table_remove(&bench->table, entry->place);
  *entry = bench->list[--bench->count];
}

/* Is there one in the list that the table must find, or find elsewhere? Then the table's must be one of those. */
static void assert_same(struct bench *bench, const struct lookup *lookup, unsigned tuple, unsigned domain)
{
  uint32_t place = UINT32_MAX;
  unsigned own = 0;
  unsigned waiting = 0;

  for (unsigned i = 0; i < bench->count; i++) {
    own += matches(&bench->list[i], tuple, lookup->sender, domain) != 0;
    waiting += waits(&bench->list[i], tuple, lookup->sender) != 0;
  }
  const struct hot *flow = flow_table_find(&bench->table, lookup, &place);
  assert_int_equal(flow != NULL, own > 0);
  if (flow) {
    assert_true(matches(entry_at(bench, place), tuple, lookup->sender, domain));
    return;
  }
  flow = flow_table_find_elsewhere(&bench->table, lookup, &place);
  assert_int_equal(flow != NULL, waiting > 0);
  assert_true(!flow || waits(entry_at(bench, place), tuple, lookup->sender));
}

/* What the tracker does with a segment, and sometimes a removal instead. */
static void step(struct bench *bench)
{
  unsigned tuple = next_random(bench) % TUPLES;
  unsigned domain = next_random(bench) % DOMAINS;
  struct lookup lookup = key_of(bench, tuple, next_random(bench) % 2, domain);
  uint32_t place = UINT32_MAX;

  assert_same(bench, &lookup, tuple, domain);
  if (flow_table_find(&bench->table, &lookup, &place)) {
    if (next_random(bench) % 2) {
      drop(bench, entry_at(bench, place));
    }
  } else if (flow_table_find_elsewhere(&bench->table, &lookup, &place) && next_random(bench) % 2) {
    flow_table_join(&bench->table, &lookup, place);
    entry_at(bench, place)->domain[lookup.sender] = domain + 1;
  } else {
    add(bench, &lookup, tuple, domain);
  }
}

static void test_domains_are_those_of_a_plain_list(void **state)
{
  static struct bench bench;

  (void)state;
  set_up(&bench);
  for (unsigned i = 0; i < STEPS; i++) {
    step(&bench);
    assert_int_equal(bench.table.kept, bench.count);
  }
  assert_true(flow_table_slots(&bench.table) > 1024); /* it has grown */
  while (bench.count > 0) {
    drop(&bench, &bench.list[next_random(&bench) % bench.count]);
  }
  assert_int_equal(bench.table.kept, 0);
  assert_int_equal(bench.table.slot_used, 0);
  tear_down(&bench);
}

/* Address and port are the same on both ends: the direction cannot be told, and is always 0. */
static void test_both_ends_alike(void **state)
{
  static struct bench bench;
  struct lookup lookup;
  uint32_t place = UINT32_MAX;
  tcpstate_segment segment;

  (void)state;
  set_up(&bench);
  memset(&segment, 0, sizeof segment);
  segment.ip_version = 4;
  flow_table_key(&bench.table, &segment, &lookup);
  assert_int_equal(lookup.sender, 0);
  assert_int_equal(add_flow(&bench.table, &lookup, &place), TCPSTATE_OK);
  assert_non_null(flow_table_find(&bench.table, &lookup, &place));
  segment.ip_version = 6; /* the same bytes, another connection */
  flow_table_key(&bench.table, &segment, &lookup);
  assert_null(flow_table_find(&bench.table, &lookup, &place));
  tear_down(&bench);
}

static void test_coming_and_going_takes_no_memory(void **state)
{
  static struct bench bench;
  uint64_t used = 0;

  (void)state;
  set_up(&bench);
  for (unsigned i = 0; i < 5000; i++) {
    for (unsigned tuple = 0; tuple < 2; tuple++) {
      struct lookup lookup = key_of(&bench, tuple, 0, 5);
      uint32_t place = UINT32_MAX;

      assert_int_equal(add_flow(&bench.table, &lookup, &place), TCPSTATE_OK);
      flow_table_remove(&bench.table, place);
    }
    used = i == 0 ? bench.memory.used : used;
  }
  assert_int_equal(bench.memory.used, used);
  tear_down(&bench);
}

static void assert_refused(struct bench *bench, unsigned tuple)
{
  struct lookup lookup = key_of(bench, tuple, 0, 0);
  uint32_t kept = bench->table.kept;
  uint32_t used = bench->table.slot_used;
  uint32_t place = UINT32_MAX;

  bench->counts.refuse_at = bench->counts.requests + 1;
  assert_int_equal(add_flow(&bench->table, &lookup, &place), TCPSTATE_ERROR_NO_MEMORY);
  assert_int_equal(bench->counts.requests, bench->counts.refuse_at);
  assert_null(flow_table_find(&bench->table, &lookup, &place));
  assert_int_equal(bench->table.kept, kept);
  assert_int_equal(bench->table.slot_used, used);
}

/* 714 is seven tenths of the first index. Each place is used up to there, so none is lost where an add failed. */
static void test_a_refused_add_leaves_the_table_as_it_was(void **state)
{
  enum { INDEX_FULL = 714 };
  static struct bench bench;

  (void)state;
  set_up(&bench);
  for (unsigned number = 0; number <= INDEX_FULL; number++) {
    struct lookup lookup = key_of(&bench, number, 0, 0);
    uint32_t place = UINT32_MAX;

    if (number == 0 || number == 1 || number == INDEX_FULL) { /* first flow, first IPv6 pair, index */
      assert_refused(&bench, number);
    }
    assert_int_equal(add_flow(&bench.table, &lookup, &place), TCPSTATE_OK);
    assert_int_equal(place, number);
  }
  tear_down(&bench);
}

static void test_a_refused_join_leaves_the_direction_open(void **state)
{
  static struct bench bench;
  uint32_t place = UINT32_MAX;
  uint32_t found = UINT32_MAX;

  (void)state;
  set_up(&bench);
  struct lookup there = key_of(&bench, 0, 0, 5);
  struct lookup back = key_of(&bench, 0, 1, 6);
  assert_int_equal(add_flow(&bench.table, &there, &place), TCPSTATE_OK);
  for (unsigned number = 1; bench.table.slot_used < 714; number++) {
    struct lookup other = key_of(&bench, number, 0, 0);

    assert_int_equal(add_flow(&bench.table, &other, &found), TCPSTATE_OK);
  }
  bench.counts.refuse_at = bench.counts.requests + 1;
  flow_table_join(&bench.table, &back, place);
  assert_int_equal(bench.counts.requests, bench.counts.refuse_at);
  assert_null(flow_table_find(&bench.table, &back, &found));
  assert_non_null(flow_table_find_elsewhere(&bench.table, &back, &found));
  flow_table_join(&bench.table, &back, place);
  assert_non_null(flow_table_find(&bench.table, &back, &found));
  assert_int_equal(found, place);
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_domains_are_those_of_a_plain_list),
      cmocka_unit_test(test_both_ends_alike),
      cmocka_unit_test(test_coming_and_going_takes_no_memory),
      cmocka_unit_test(test_a_refused_add_leaves_the_table_as_it_was),
      cmocka_unit_test(test_a_refused_join_leaves_the_direction_open),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
