/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tuple_hash.h"

enum { PLACES = 1 << 16, TUPLES = PLACES / 4 * 3, KEYS = 32, CRAFTED = 2000, CROWDED = PLACES / 256 };

static uint32_t hash_of(const struct tuple_key *key, uint32_t left, uint32_t right)
{
  return tuple_finish(key, tuple_product(key, 0, left, right) + tuple_product(key, 1, right, left));
}

static struct tuple_key key_of(uint64_t number)
{
  const uint64_t secret[2] = {number, 7};
  struct tuple_key key;
  tuple_key_draw(&key, secret);
  return key;
}

/* Looks that it takes to find every tuple of a table that is three quarters full. */
static unsigned looks(const struct tuple_key *key, uint32_t step)
{
  static uint8_t taken[PLACES];
  unsigned count = 0;
  memset(taken, 0, sizeof taken);
  for (uint32_t i = 0; i < TUPLES; i++) {
    uint32_t place = hash_of(key, i * step, i >> 8) % PLACES;
    for (count++; taken[place]; count++) {
      place = (place + 1) % PLACES;
    }
    taken[place] = 1;
  }
  return count;
}

/* Tuples in a row, as those of a scan are. At random it takes (1 + 1 / (1 - 3/4)) / 2 = 2.5 looks each (Knuth, The Art
 * of Computer Programming 3, 6.4), and of this many hardly ever 3. */
static void test_rows_spread(void **state)
{
  (void)state;
  static const uint32_t steps[] = {1, 1 << 16, 1 << 24, UINT32_C(0x9e3779b1)};
  for (unsigned round = 0; round < 4 * KEYS; round++) {
    struct tuple_key key = key_of(round);
    assert_true(looks(&key, steps[round % 4]) < 3 * TUPLES);
  }
}

/* Looks that it takes to find all of `tuples` in an empty table. */
static unsigned looks_for(const struct tuple_key *key, uint32_t tuples[CRAFTED][2])
{
  static uint8_t taken[PLACES];
  unsigned count = 0;
  memset(taken, 0, sizeof taken);
  for (unsigned i = 0; i < CRAFTED; i++) {
    uint32_t place = hash_of(key, tuples[i][0], tuples[i][1]) % PLACES;
    for (count++; taken[place]; count++) {
      place = (place + 1) % PLACES;
    }
    taken[place] = 1;
  }
  return count;
}

/* Tuples that share a small part of the table under one key, as who knows the algorithm could choose them if he knew
 * the key too. Under any other key they are as good as drawn at random. */
static void test_crafted_for_another_key(void **state)
{
  (void)state;
  static uint32_t tuples[CRAFTED][2];
  struct tuple_key guessed = key_of(0);
  unsigned found = 0;
  for (uint32_t i = 0; found < CRAFTED; i++) {
    if (hash_of(&guessed, i, i >> 16) % PLACES < CROWDED) {
      tuples[found][0] = i;
      tuples[found++][1] = i >> 16;
    }
  }
  assert_true(looks_for(&guessed, tuples) > 100 * CRAFTED);
  for (unsigned round = 1; round <= KEYS; round++) {
    struct tuple_key key = key_of(round);
    assert_true(looks_for(&key, tuples) < CRAFTED + CRAFTED / 20); /* a table one part in 33 full: 1.02 looks each */
  }
}

static void test_key_decides(void **state)
{
  (void)state;
  unsigned equal = 0;
  for (unsigned i = 0; i < KEYS; i++) {
    struct tuple_key one = key_of(i);
    struct tuple_key other = key_of(i + 1);
    equal += hash_of(&one, 1, 2) == hash_of(&other, 1, 2);
  }
  assert_int_equal(equal, 0);
}

static void test_every_word_counts(void **state)
{
  (void)state;
  struct tuple_key key = key_of(1);
  uint64_t sum = tuple_product(&key, 0, 1, 2);
  for (unsigned pair = 1; pair < TUPLE_MOST_PAIRS; pair++) {
    uint32_t usual = tuple_finish(&key, sum + tuple_product(&key, pair, 3, 4));
    assert_int_not_equal(usual, tuple_finish(&key, sum + tuple_product(&key, pair, 4, 3)));
    assert_int_not_equal(usual, tuple_finish(&key, sum + tuple_product(&key, pair, 3, 5)));
    assert_int_not_equal(usual, tuple_finish(&key, sum + tuple_product(&key, pair, 5, 4)));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows_spread),
      cmocka_unit_test(test_crafted_for_another_key),
      cmocka_unit_test(test_key_decides),
      cmocka_unit_test(test_every_word_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
