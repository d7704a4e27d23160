/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain/fill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_filled(const char *sentence, uint64_t count, const char *expected)
{
  struct values values = {0};
  char text[64];

  values_text(&values, "sender", "client");
  values_number(&values, "count", count);
  values_seconds(&values, "seconds", 1500000000);
  fill(text, sizeof text, sentence, &values);
  assert_string_equal(text, expected);
}

static void test_places_are_filled(void **state)
{
  (void)state;
  assert_filled("", 0, "");
  assert_filled("no place", 0, "no place");
  assert_filled("{sender}", 0, "client");
  assert_filled("the {sender} waits {seconds} s", 0, "the client waits 1.500000 s");
  assert_filled("{count}{sender}", 18446744073709551615u, "18446744073709551615client");
}

static void test_numbers_choose_their_word(void **state)
{
  (void)state;
  assert_filled("{count|byte|bytes}.", 0, "0 bytes.");
  assert_filled("{count|byte|bytes}.", 1, "1 byte.");
  assert_filled("{count|byte|bytes}.", 11, "11 bytes.");
}

static void test_what_is_no_place_stays(void **state)
{
  (void)state;
  assert_filled("{unknown} {sender}", 0, "{unknown} client");
  assert_filled("{sender", 0, "{sender");
  assert_filled("{sen}{", 0, "{sen}{");
}

static void test_a_piece_that_does_not_fit_is_left_out(void **state)
{
  struct values values = {0};
  char text[8];

  (void)state;
  values_text(&values, "long", "12345678");
  values_text(&values, "short", "1234567");
  fill(text, sizeof text, "{long}", &values);
  assert_string_equal(text, "");
  fill(text, sizeof text, "{short}", &values);
  assert_string_equal(text, "1234567");
  fill(text, sizeof text, "ab{short}c", &values);
  assert_string_equal(text, "abc");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_places_are_filled),
      cmocka_unit_test(test_numbers_choose_their_word),
      cmocka_unit_test(test_what_is_no_place_stays),
      cmocka_unit_test(test_a_piece_that_does_not_fit_is_left_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
