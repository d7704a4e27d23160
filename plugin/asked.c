/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From 4.4 on, tshark -T fields refers to the fields that it prints, as a filter does to those that it compares. 4.0
 * asks every dissector for everything instead, as if the whole tree were printed, and lets nobody know which fields it
 * takes from it. For the plugin that would be a quarter of tshark's time for nothing. Only the command line tells. What
 * is not plainly read there is taken for a wish to see everything.
 */
#include "asked.h"

#include "compat.h"

#include <string.h>

#if TCPSTATE_WIRESHARK_AT_LEAST(4, 4)

int asked_for_single_fields(int (*mark)(const char *name))
{
  (void)mark;
  return 0;
}

#else

static const char ours[] = "tcpstate";

/* Filters refer to their fields themselves; the other words are no names of fields. */
static int is_value_of_no_concern(const char *option)
{
  static const char *const options[] = {"-Y", "-R", "-r", "-o", "-z"};
  size_t i;

  for (i = 0; i < G_N_ELEMENTS(options); i++) {
    if (strcmp(option, options[i]) == 0) {
      return 1;
    }
  }
  return 0;
}

/* 0 if the word may ask for more than single fields. Heads without a field of their own print as "text", a script may
 * take anything, and -e may stand behind letters of other options or right before its value. */
static int read_word(const char *word, const char *before, int (*mark)(const char *name))
{
  if (is_value_of_no_concern(before)) {
    return 1;
  }
  if (strcmp(before, "-e") == 0 && g_str_has_prefix(word, ours)) {
    return mark(word);
  }
  return !g_str_has_prefix(word, ours) && strcmp(word, "text") != 0 && strcmp(word, "-etext") != 0 &&
         !g_str_has_prefix(word, "-X") && (word[0] != '-' || strstr(word, ours) == NULL);
}

/* `text`: words, each with its NUL, and one more NUL. */
static int read_words(const char *text, size_t size, int (*mark)(const char *name))
{
  const char *before = "";
  const char *word;
  int is_form = 0;

  for (word = text + strlen(text) + 1; word < text + size; word += strlen(word) + 1) {
    if (!read_word(word, before, mark)) {
      return 0;
    }
    is_form |= strcmp(word, "-Tfields") == 0 || (strcmp(before, "-T") == 0 && strcmp(word, "fields") == 0);
    before = word;
  }
  return is_form;
}

static int is_tshark(const char *program)
{
  const char *slash = strrchr(program, '/');

  return strcmp(slash == NULL ? program : slash + 1, "tshark") == 0;
}

int asked_for_single_fields(int (*mark)(const char *name))
{
  gchar *text = NULL;
  gsize size = 0;
  int answer = 0;

  /* GLib puts a NUL behind what it reads. There is no such file on other systems. */
  if (g_file_get_contents("/proc/self/cmdline", &text, &size, NULL)) {
    answer = is_tshark(text) && read_words(text, size, mark);
  }
  g_free(text);
  return answer;
}

#endif
