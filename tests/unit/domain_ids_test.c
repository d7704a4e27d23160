/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "counting_allocator.h"
#include "domain_ids.h"
#include <cmocka.h>
#include <string.h>

enum { SHARED = 0xffff, MOST = 0xfffe };

struct bench {
  struct counting_allocator counts;
  struct memory memory;
  struct domain_ids ids;
};

static void set_up(struct bench *bench)
{
  memset(bench, 0, sizeof *bench);
  bench->memory.allocator = counting_allocator_use(&bench->counts);
  assert_int_equal(domain_ids_init(&bench->ids, &bench->memory, 1), TCPSTATE_OK);
}

static void tear_down(struct bench *bench)
{
  domain_ids_clear(&bench->ids, &bench->memory);
  assert_int_equal(bench->counts.blocks, 0);
  assert_int_equal(bench->counts.mistakes, 0);
  assert_int_equal(bench->memory.used, 0);
}

static uint16_t add(struct bench *bench, uint32_t name)
{
  return domain_ids_find_or_add(&bench->ids, &bench->memory, name);
}

enum { FIRST = 64 }; /* there is room for */

/* Names that are far apart, different for every i. */
static uint32_t name_of(uint32_t i)
{
  return i * 2654435761u;
}

static void test_ids_come_in_order_of_appearance(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  assert_int_equal(domain_ids_find(&bench.ids, 7), 0);
  assert_int_equal(add(&bench, 7), 1);
  assert_int_equal(add(&bench, 0), 2);
  assert_int_equal(add(&bench, UINT32_MAX), 3);
  assert_int_equal(add(&bench, 7), 1);
  assert_int_equal(add(&bench, 0), 2);
  assert_int_equal(domain_ids_find(&bench.ids, UINT32_MAX), 3);
  assert_int_equal(domain_ids_find(&bench.ids, 8), 0);
  assert_int_equal(bench.ids.count, 3);
  tear_down(&bench);
}

static void test_as_many_as_fit_keep_their_ids_and_the_rest_share_one(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  for (uint32_t i = 1; i <= MOST; i++) {
    assert_int_equal(add(&bench, name_of(i)), i);
  }
  assert_int_equal(add(&bench, name_of(MOST + 1)), SHARED);
  assert_int_equal(add(&bench, name_of(MOST + 2)), SHARED);
  assert_int_equal(domain_ids_find(&bench.ids, name_of(MOST + 1)), 0);
  for (uint32_t i = 1; i <= MOST; i++) {
    assert_int_equal(domain_ids_find(&bench.ids, name_of(i)), i);
    assert_int_equal(domain_ids_name(&bench.ids, (uint16_t)i), name_of(i));
  }
  tear_down(&bench);
}

static void test_an_id_that_names_no_single_domain_has_no_name(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  assert_int_equal(domain_ids_name(&bench.ids, 1), UINT32_MAX);
  add(&bench, 7);
  assert_int_equal(domain_ids_name(&bench.ids, 0), UINT32_MAX);
  assert_int_equal(domain_ids_name(&bench.ids, 1), 7);
  assert_int_equal(domain_ids_name(&bench.ids, 2), UINT32_MAX);
  assert_int_equal(domain_ids_name(&bench.ids, SHARED), UINT32_MAX);
  tear_down(&bench);
}

static void test_without_memory_they_share_one(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  for (uint32_t i = 1; i <= FIRST; i++) {
    assert_int_equal(add(&bench, name_of(i)), i);
  }
  bench.counts.refuse_at = bench.counts.requests + 1;
  assert_int_equal(add(&bench, 7), SHARED);
  assert_int_equal(bench.ids.count, FIRST);
  assert_int_equal(add(&bench, 7), FIRST + 1);
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ids_come_in_order_of_appearance),
      cmocka_unit_test(test_as_many_as_fit_keep_their_ids_and_the_rest_share_one),
      cmocka_unit_test(test_an_id_that_names_no_single_domain_has_no_name),
      cmocka_unit_test(test_without_memory_they_share_one),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
