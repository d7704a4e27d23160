/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "huge_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifndef TCPSTATE_PLAIN_PAGES
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#endif

#include <cmocka.h>

#define MIB ((size_t)1 << 20)

static const size_t sizes[] = {1,   63,      64,           1000,        16383,    16384,         16385,   100000,
                               MIB, 2 * MIB, 2 * MIB - 64, 3 * MIB + 1, 16 * MIB, 16 * MIB + 64, 70 * MIB};

enum { SIZES = sizeof sizes / sizeof *sizes, TURNS = 3 };

static bool holds(const uint8_t *memory, size_t size, uint8_t byte)
{
  return size == 0 || (memory[0] == byte && memcmp(memory, memory + 1, size - 1) == 0);
}

/* Each block is filled with a byte of its own, which nobody else may change. */
static void test_blocks_are_apart(void **state)
{
  uint8_t *blocks[TURNS][SIZES];

  (void)state;
  for (unsigned turn = 0; turn < TURNS; turn++) {
    for (unsigned i = 0; i < SIZES; i++) {
      blocks[turn][i] = huge_pages_get(sizes[i]);
      assert_non_null(blocks[turn][i]);
      assert_int_equal((uintptr_t)blocks[turn][i] % _Alignof(max_align_t), 0);
      memset(blocks[turn][i], (int)(turn * SIZES + i), sizes[i]);
    }
    for (unsigned i = 0; turn > 0 && i < SIZES; i++) { /* which the next turn takes again */
      assert_true(holds(blocks[turn - 1][i], sizes[i], (uint8_t)((turn - 1) * SIZES + i)));
      huge_pages_put(blocks[turn - 1][i], sizes[i]);
    }
  }
  for (unsigned i = 0; i < SIZES; i++) {
    assert_true(holds(blocks[TURNS - 1][i], sizes[i], (uint8_t)((TURNS - 1) * SIZES + i)));
    huge_pages_put(blocks[TURNS - 1][i], sizes[i]);
  }
}

static void test_clear_is_clear(void **state)
{
  (void)state;
  for (unsigned i = 0; i < SIZES; i++) {
    uint8_t *memory = huge_pages_get(sizes[i]);

    memset(memory, 0xee, sizes[i]);
    huge_pages_put(memory, sizes[i]);
    memory = huge_pages_get_clear(sizes[i]);
    assert_true(holds(memory, sizes[i], 0));
    huge_pages_put(memory, sizes[i]);
  }
}

static void test_what_cannot_be_had(void **state)
{
  (void)state;
  assert_null(huge_pages_get(0));
#ifndef TCPSTATE_PLAIN_PAGES /* sanitizers make an end of it */
  assert_null(huge_pages_get(PTRDIFF_MAX - 4096));
  assert_null(huge_pages_get(SIZE_MAX));
#endif
  huge_pages_put(NULL, 1);
  huge_pages_put(NULL, MIB);
}

#ifndef TCPSTATE_PLAIN_PAGES
static size_t address_space(void)
{
  FILE *file = fopen("/proc/self/statm", "r");
  char text[100];

  assert_non_null(file);
  assert_non_null(fgets(text, sizeof text, file)); /* pages, and more */
  fclose(file);
  return strtoul(text, NULL, 10) * 4096;
}

/* The first test: nobody has reserved any for what comes. */
static void test_address_space_is_short(void **state)
{
  enum { SIZE = 1 << 16, MOST = 200 };
  struct rlimit before;
  struct rlimit limit;
  uint8_t *blocks[MOST];
  size_t count = 0;

  (void)state;
  assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
  limit = before;
  limit.rlim_cur = address_space() + 8 * MIB;
  assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
  while (count < MOST && (blocks[count] = huge_pages_get(SIZE)) != NULL) {
    memset(blocks[count], (int)count, SIZE);
    count++;
  }
  assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
  assert_in_range(count, 100, MOST - 1);
  for (size_t i = 0; i < count; i++) {
    assert_true(holds(blocks[i], SIZE, (uint8_t)i));
    huge_pages_put(blocks[i], SIZE);
  }
}

static void test_large_blocks_go_back(void **state)
{
  const size_t size = 64 * MIB + 1;
  size_t before = address_space();
  uint8_t *memory = huge_pages_get(size);

  (void)state;
  memset(memory, 1, size);
  assert_in_range(address_space(), before + size, before + size + 2 * MIB);
  assert_int_equal((uintptr_t)memory % (2 * MIB), 0);
  huge_pages_put(memory, size);
  assert_in_range(address_space(), before, before + MIB);
}

static void test_others_are_for_the_next_that_fits(void **state)
{
  const size_t size = MIB + 320;
  uint8_t *first = huge_pages_get(size);
  uint8_t *second = huge_pages_get(size);

  (void)state;
  memset(second, 2, size);
  huge_pages_put(first, size);
  assert_ptr_not_equal(huge_pages_get(size + 64), first);
  assert_ptr_equal(huge_pages_get(size), first);
  huge_pages_put(first, size);
  for (size_t i = 0; i < 16; i++) {
    uint8_t *part = huge_pages_get(size / 17);

    assert_true(part >= first && part + size / 17 <= first + size);
    assert_false(holds(part, size / 17, (uint8_t)(i + 1)));
    memset(part, (int)i + 1, size / 17);
  }
  assert_true(holds(second, size, 2));
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
#ifndef TCPSTATE_PLAIN_PAGES
      cmocka_unit_test(test_address_space_is_short),
#endif
      cmocka_unit_test(test_blocks_are_apart),       cmocka_unit_test(test_clear_is_clear),
      cmocka_unit_test(test_what_cannot_be_had),
#ifndef TCPSTATE_PLAIN_PAGES
      cmocka_unit_test(test_large_blocks_go_back),   cmocka_unit_test(test_others_are_for_the_next_that_fits),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
