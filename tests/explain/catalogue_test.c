/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Both languages say the same: the same sentences, with the same places in them, and every rule of the engine.
 */
#include "explain/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The name of the place that starts at the brace, without the forms of its number. */
static size_t name_size(const char *brace)
{
  return strcspn(brace + 1, "|}");
}

static bool has_place(const char *sentence, const char *brace)
{
  size_t size = name_size(brace);

  for (const char *at = strchr(sentence, '{'); at != NULL; at = strchr(at + 1, '{')) {
    if (name_size(at) == size && memcmp(at + 1, brace + 1, size) == 0) {
      return true;
    }
  }
  return false;
}

static void assert_places_of(const char *sentence, const char *other)
{
  for (const char *brace = strchr(sentence, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
    assert_non_null(strchr(brace, '}'));
    if (!has_place(other, brace)) {
      fail_msg("%.*s} of \"%s\" is missing in \"%s\"", (int)name_size(brace) + 1, brace, sentence, other);
    }
  }
}

static void assert_same(const char *english, const char *chinese, const char *table, size_t key)
{
  if ((english == NULL) != (chinese == NULL)) {
    fail_msg("%s[%zu] is there in one language only", table, key);
  }
  if (english != NULL && chinese != NULL) {
    assert_places_of(english, chinese);
    assert_places_of(chinese, english);
  }
}

static void test_messages_are_the_same_in_both_languages(void **state)
{
  (void)state;
  for (size_t i = 0; i < MESSAGE_COUNT; i++) {
    assert_non_null(catalogue_english.messages[i]);
    assert_same(catalogue_english.messages[i], catalogue_chinese.messages[i], "messages", i);
  }
}

static void test_every_event_is_explained(void **state)
{
  (void)state;
  for (size_t i = 0; i < TCPSTATE_EVENT_COUNT; i++) {
    assert_non_null(catalogue_english.events[i]);
    assert_same(catalogue_english.events[i], catalogue_chinese.events[i], "events", i);
  }
}

static void test_every_state_waits_for_something(void **state)
{
  (void)state;
  for (size_t i = 0; i < TCPSTATE_STATE_COUNT; i++) {
    assert_non_null(catalogue_english.waits[i]);
    assert_same(catalogue_english.waits[i], catalogue_chinese.waits[i], "waits", i);
    assert_same(catalogue_english.ends[i], catalogue_chinese.ends[i], "ends", i);
  }
}

static bool is_chinese(const char *text)
{
  return strchr(text, '\xe3') != NULL || strchr(text, '\xe4') != NULL || strchr(text, '\xe5') != NULL;
}

static void test_every_rule_is_translated(void **state)
{
  tcpstate_rule rule;

  (void)state;
  for (unsigned number = 1; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    if (!is_chinese(catalogue_translate(&catalogue_chinese, rule.text))) {
      fail_msg("no Chinese for rule %u: %s", number, rule.text);
    }
    if (strpbrk(rule.section, "abcdefghijklmnopqrstuvwxyz") != NULL) {
      assert_string_not_equal(catalogue_translate(&catalogue_chinese, rule.section), rule.section);
    }
    assert_string_equal(catalogue_translate(&catalogue_english, rule.text), rule.text);
  }
}

static bool is_of_a_rule(const char *original)
{
  tcpstate_rule rule;

  for (unsigned number = 1; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    if (strcmp(rule.text, original) == 0 || strcmp(rule.section, original) == 0) {
      return true;
    }
  }
  return false;
}

static void test_no_translation_is_left_over(void **state)
{
  (void)state;
  for (const struct translation *entry = rules_chinese; entry->original != NULL; entry++) {
    if (!is_of_a_rule(entry->original)) {
      fail_msg("no rule says: %s", entry->original);
    }
  }
}

static void assert_same_states(const struct translation *entry)
{
  for (unsigned i = TCPSTATE_CLOSED; i < TCPSTATE_STATE_COUNT; i++) {
    bool named = strstr(entry->original, tcpstate_state_name(i)) != NULL;
    bool kept = strstr(entry->translated, tcpstate_state_name(i)) != NULL;

    if (named != kept) {
      fail_msg("%s: \"%s\" and \"%s\"", tcpstate_state_name(i), entry->original, entry->translated);
    }
  }
}

/* A state that a rule's sentence names has the same letters in Chinese. */
static void test_translations_keep_the_states(void **state)
{
  (void)state;
  for (const struct translation *entry = rules_chinese; entry->original != NULL; entry++) {
    assert_same_states(entry);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_messages_are_the_same_in_both_languages),
      cmocka_unit_test(test_every_event_is_explained),
      cmocka_unit_test(test_every_state_waits_for_something),
      cmocka_unit_test(test_every_rule_is_translated),
      cmocka_unit_test(test_no_translation_is_left_over),
      cmocka_unit_test(test_translations_keep_the_states),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
