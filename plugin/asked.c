/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From 4.4 on, tshark -T fields refers to the fields that it prints, as a filter does to those that it compares. 4.0
 * asks every dissector for everything instead, as if the whole tree were printed, and lets nobody know which fields it
 * takes from it. For the plugin that would be a quarter of tshark's time for nothing. Only the command line tells.
 */
#include "asked.h"

#include "compat.h"

#include <string.h>

#if TCPSTATE_WIRESHARK_AT_LEAST(4, 4)

int asked_for_other_fields_only(void)
{
  return 0;
}

#else

/* A word that may mean a field of ours. Heads without a field of their own print as "text", and a script may take any.
 */
static int may_mean_us(const char *word)
{
  return strstr(word, "tcpstate") != NULL || strcmp(word, "text") == 0 || strcmp(word, "-etext") == 0 ||
         strncmp(word, "-X", 2) == 0;
}

/* `text`: words, each with its NUL, and one more NUL. An option -T is said once or tshark refuses. */
static int prints_other_fields_only(const char *text, size_t size)
{
  const char *before = "";
  const char *word;
  int fields = 0;

  for (word = text; word < text + size; word += strlen(word) + 1) {
    if (may_mean_us(word)) {
      return 0;
    }
    fields |= strcmp(word, "-Tfields") == 0 || (strcmp(before, "-T") == 0 && strcmp(word, "fields") == 0);
    before = word;
  }
  return fields;
}

static int is_tshark(const char *program)
{
  const char *slash = strrchr(program, '/');

  return strcmp(slash == NULL ? program : slash + 1, "tshark") == 0;
}

static int read_command_line(void)
{
  gchar *text = NULL;
  gsize size = 0;
  int answer = 0;

  /* GLib puts a NUL behind what it reads. Where there is no such file, everything is drawn. */
  if (g_file_get_contents("/proc/self/cmdline", &text, &size, NULL)) {
    answer = is_tshark(text) && prints_other_fields_only(text, size);
  }
  g_free(text);
  return answer;
}

int asked_for_other_fields_only(void)
{
  static int answer = -1;

  if (answer < 0) {
    answer = read_command_line();
  }
  return answer;
}

#endif
