/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Puts values into the places of a sentence of the catalogue.
 */
#ifndef CLI_FILL_H
#define CLI_FILL_H

#include <stddef.h>
#include <stdint.h>

enum { VALUES_MAX = 12, NUMBER_SIZE = 32 };

struct value {
  const char *name;
  const char *text; /* NULL: `number` */
  char number[NUMBER_SIZE];
};

struct values {
  size_t count;
  struct value list[VALUES_MAX];
};

/* Texts are kept, not copied. Those beyond VALUES_MAX are left out. */
void values_text(struct values *values, const char *name, const char *text);
void values_number(struct values *values, const char *name, uint64_t number);
void values_seconds(struct values *values, const char *name, int64_t nanoseconds);

/* Always NUL-terminated; a piece that does not fit is left out. A place without value stays as it stands in the
 * sentence. */
void fill(char *text, size_t size, const char *sentence, const struct values *values);

#endif
