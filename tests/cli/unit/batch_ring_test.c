/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Batches come to the second thread in order, each once, and the caller can wait for them.
 */
#include "batch_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 20000 };

struct seen {
  uint64_t batches;
  uint64_t most; /* after so many it wants no more; 0: never */
  bool in_order;
};

static bool see(void *user, const struct batch *batch)
{
  struct seen *seen = user;

  seen->in_order = seen->in_order && batch->count == seen->batches % BATCH_LARGE && batch->frames[0] == seen->batches;
  seen->batches++;
  return seen->batches != seen->most;
}

static struct batch *fill(struct batch *batch, uint64_t number)
{
  assert_int_equal(batch->count, 0);
  batch->count = number % BATCH_LARGE;
  batch->frames[0] = number;
  return batch;
}

static void pass(struct batch_ring *ring, struct batch *batch, uint64_t count)
{
  for (uint64_t i = 0; i < count; i++) {
    fill(batch, i);
    batch = batch_ring_pass(ring);
  }
}

static void test_order(void **state)
{
  struct seen seen = {.in_order = true};
  struct batch_ring *ring = batch_ring_start(see, &seen);

  (void)state;
  assert_non_null(ring);
  pass(ring, batch_ring_first(ring), MANY);
  batch_ring_end(ring);
  assert_int_equal(seen.batches, MANY);
  assert_true(seen.in_order);
}

static void test_drain(void **state)
{
  struct seen seen = {.in_order = true};
  struct batch_ring *ring = batch_ring_start(see, &seen);
  struct batch *batch = batch_ring_first(ring);

  (void)state;
  batch_ring_drain(ring); /* of nothing */
  for (uint64_t i = 0; i < 1000; i++) {
    fill(batch, i);
    batch = batch_ring_pass(ring);
    batch_ring_drain(ring);
    assert_int_equal(seen.batches, i + 1);
  }
  assert_false(batch_ring_is_over(ring));
  batch_ring_end(ring);
}

static void test_no_more(void **state)
{
  struct seen seen = {.in_order = true, .most = 10};
  struct batch_ring *ring = batch_ring_start(see, &seen);

  (void)state;
  pass(ring, batch_ring_first(ring), MANY);
  batch_ring_drain(ring);
  assert_true(batch_ring_is_over(ring));
  batch_ring_end(ring);
  assert_int_equal(seen.batches, 10);
}

static void test_nothing(void **state)
{
  struct seen seen = {.in_order = true};

  (void)state;
  batch_ring_end(batch_ring_start(see, &seen));
  assert_int_equal(seen.batches, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order),
      cmocka_unit_test(test_drain),
      cmocka_unit_test(test_no_more),
      cmocka_unit_test(test_nothing),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
