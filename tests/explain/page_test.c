/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "explain/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
  struct page page;
};

static int set_up(void **state)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);

  fixture->page.output = output_open(-1);
  fixture->page.width = 20;
  fixture->page.space = " ";
  *state = fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;

  output_clear(fixture->page.output);
  output_close(fixture->page.output);
  free(fixture);
  return 0;
}

static void assert_printed(struct page *page, const char *expected)
{
  size_t size;
  const char *content;

  page_end(page);
  content = output_content(page->output, &size);
  assert_int_equal(size, strlen(expected));
  assert_memory_equal(content, expected, size);
  output_clear(page->output);
}

static void test_words_stay_whole(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;

  page_begin(page, 2, 4);
  page_text(page, "ab cd efgh ijkl mno pqrstuv wxyz");
  assert_printed(page, "  ab cd efgh ijkl\n    mno pqrstuv wxyz\n");
  page_begin(page, 0, 0);
  page_text(page, "12345678901234567890 1");
  assert_printed(page, "12345678901234567890\n1\n");
  page_begin(page, 0, 2);
  page_text(page, "a 1234567890123456789012345 b");
  assert_printed(page, "a\n  1234567890123456789012345\n  b\n");
}

static void test_nothing_prints_nothing(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;

  page_begin(page, 2, 4);
  assert_printed(page, "");
}

static void test_sentences_are_set_apart(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;
  const struct values none = {0};

  page_begin(page, 0, 0);
  page_sentence(page, "One.", &none);
  page_sentence(page, "Two.", &none);
  assert_printed(page, "One. Two.\n");
}

/* Ten characters fill a line; one more would be punctuation, which must not start the next. */
static void test_chinese_breaks_between_characters(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;

  page_begin(page, 0, 2);
  page_text(page, "一二三四五六七八九十一二");
  assert_printed(page, "一二三四五六七八九十\n  一二\n");
  page_begin(page, 0, 0);
  page_text(page, "一二三四五六七八九十。一");
  assert_printed(page, "一二三四五六七八九\n十。一\n");
  page_begin(page, 0, 0);
  page_text(page, "一二三四五六七八九（十）");
  assert_printed(page, "一二三四五六七八九\n（十）\n");
}

static void test_latin_words_in_chinese_stay_whole(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;

  page_begin(page, 0, 0);
  page_text(page, "一二三四五 SYN-RECEIVED，六");
  assert_printed(page, "一二三四五\nSYN-RECEIVED，六\n");
}

static void test_styles_take_no_room(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;

  page->colour = true;
  page_begin(page, 0, 0);
  page_style(page, STYLE_BOLD);
  page_text(page, "1234567890");
  page_plain(page);
  page_text(page, " 123456789");
  assert_printed(page, "\033[1m1234567890\033[0m 123456789\n");
  page->colour = false;
  page_begin(page, 0, 0);
  page_style(page, STYLE_OVER);
  page_text(page, "grey");
  page_plain(page);
  assert_printed(page, "grey\n");
}

static void test_a_paragraph_has_an_end(void **state)
{
  struct page *page = &((struct fixture *)*state)->page;
  size_t size;

  page_begin(page, 0, 0);
  for (int i = 0; i < 4000; i++) {
    page_text(page, "一二 ");
  }
  page_end(page);
  output_content(page->output, &size);
  assert_in_range(size, PARAGRAPH_SIZE / 2, PARAGRAPH_SIZE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_words_stay_whole, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_nothing_prints_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_sentences_are_set_apart, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_chinese_breaks_between_characters, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_latin_words_in_chinese_stay_whole, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_styles_take_no_room, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_paragraph_has_an_end, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
