/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words of one line. */
#ifndef CURSOR_H
#define CURSOR_H

#include "scenario.h"

struct cursor {
  const char *file;
  unsigned line;
  const char *rest;
  char word[WORD_SIZE];
  bool failed;
};

/* The next word into cursor->word; false at the end of the line. "<...>" is one word, blanks included. */
bool cursor_next(struct cursor *cursor);

/* The next word has to be there. */
bool cursor_need(struct cursor *cursor, const char *what);

bool cursor_is(const struct cursor *cursor, const char *word);

/* A decimal number up to `most` at `text`; sets *end behind it. */
uint32_t cursor_number(struct cursor *cursor, const char *text, const char **end, uint32_t most);

/* The same, and nothing may follow. */
uint32_t cursor_whole_number(struct cursor *cursor, const char *text, uint32_t most);

/* Tells file, line and what is wrong. */
void cursor_fail(struct cursor *cursor, const char *problem);

#endif
