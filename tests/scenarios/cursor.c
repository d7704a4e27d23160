/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cursor_next(struct cursor *cursor)
{
  const char *start = cursor->rest + strspn(cursor->rest, " \t\r\n");
  size_t length = *start == '<' ? strcspn(start, ">") + 1 : strcspn(start, " \t\r\n");

  if (*start == '\0' || *start == '#') {
    cursor->rest = start + strlen(start);
    cursor->word[0] = '\0';
    return false;
  }
  if (length >= sizeof cursor->word || length > strlen(start)) {
    cursor_fail(cursor, "word too long, or '<' without '>'");
    cursor->rest = start + strlen(start);
    return false;
  }
  memcpy(cursor->word, start, length);
  cursor->word[length] = '\0';
  cursor->rest = start + length;
  return true;
}

bool cursor_need(struct cursor *cursor, const char *what)
{
  if (!cursor_next(cursor)) {
    cursor_fail(cursor, what);
    return false;
  }
  return true;
}

bool cursor_is(const struct cursor *cursor, const char *word)
{
  return strcmp(cursor->word, word) == 0;
}

uint32_t cursor_number(struct cursor *cursor, const char *text, const char **end, uint32_t most)
{
  char *behind;
  unsigned long long number = strtoull(text, &behind, 10);

  *end = behind;
  if (behind == text || *text < '0' || *text > '9' || number > most) {
    cursor_fail(cursor, "number expected, or out of range");
    return 0;
  }
  return (uint32_t)number;
}

uint32_t cursor_whole_number(struct cursor *cursor, const char *text, uint32_t most)
{
  const char *end;
  uint32_t number = cursor_number(cursor, text, &end, most);

  if (*end != '\0') {
    cursor_fail(cursor, "number expected");
  }
  return number;
}

void cursor_fail(struct cursor *cursor, const char *problem)
{
  if (!cursor->failed) {
    fprintf(stderr, "%s:%u: %s (at \"%s\")\n", cursor->file, cursor->line, problem, cursor->word);
  }
  cursor->failed = true;
}
