/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "listeners.h"
#include <cmocka.h>
#include <string.h>

static const uint8_t here[16] = {10, 0, 0, 1};
static const uint8_t there[16] = {10, 0, 0, 2};

static struct listeners nobody(void)
{
  struct listeners listeners;

  memset(&listeners, 0, sizeof listeners);
  listeners.hash_key[0] = 1;
  listeners.hash_key[1] = 2;
  return listeners;
}

static void test_nobody_listens_at_first(void **state)
{
  struct listeners listeners = nobody();

  (void)state;
  for (unsigned port = 0; port <= UINT16_MAX; port++) {
    assert_false(listeners_have(&listeners, here, (uint16_t)port, 0));
  }
}

static void test_address_port_and_domain_all_count(void **state)
{
  struct listeners listeners = nobody();
  const uint8_t far[16] = {10, 0, 0, 1, [15] = 1};

  (void)state;
  listeners_add(&listeners, here, 443, 7);
  assert_true(listeners_have(&listeners, here, 443, 7));
  assert_false(listeners_have(&listeners, there, 443, 7));
  assert_false(listeners_have(&listeners, far, 443, 7));
  assert_false(listeners_have(&listeners, here, 444, 7));
  assert_false(listeners_have(&listeners, here, 443, 8));
}

/* It may forget, but of a thousand all are kept, and none is made up. */
static void test_forgets_little_and_makes_up_nothing(void **state)
{
  struct listeners listeners = nobody();
  unsigned kept = 0;
  unsigned made_up = 0;

  (void)state;
  for (unsigned port = 0; port < 1000; port++) {
    listeners_add(&listeners, here, (uint16_t)port, 0);
  }
  assert_true(listeners_have(&listeners, here, 999, 0)); /* the last one always */
  for (unsigned port = 0; port < 1000; port++) {
    kept += listeners_have(&listeners, here, (uint16_t)port, 0);
    made_up += listeners_have(&listeners, there, (uint16_t)port, 0);
  }
  assert_in_range(kept, 1000, 1000);
  assert_int_equal(made_up, 0);
}

/* What is said of a capture must not depend on the key. */
static void test_the_key_does_not_matter(void **state)
{
  struct listeners listeners;

  (void)state;
  for (uint64_t key = 0; key < 300; key++) {
    memset(&listeners, 0, sizeof listeners);
    listeners.hash_key[0] = key;
    for (unsigned port = 0; port < 500; port++) {
      listeners_add(&listeners, here, (uint16_t)port, 0);
      listeners_add(&listeners, there, 443, 0); /* the same once more pushes nobody out */
    }
    for (unsigned port = 0; port < 500; port++) {
      assert_true(listeners_have(&listeners, here, (uint16_t)port, 0));
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nobody_listens_at_first),
      cmocka_unit_test(test_address_port_and_domain_all_count),
      cmocka_unit_test(test_forgets_little_and_makes_up_nothing),
      cmocka_unit_test(test_the_key_does_not_matter),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
