/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A column of seconds with six decimals, as printf rounds them. Most times lie in the same second as the one in the row
 * before, whose text is kept.
 */
#ifndef CLI_SECONDS_CELL_H
#define CLI_SECONDS_CELL_H

#include "apart.h"
#include "thousands.h"

#include <stddef.h>

enum { SECOND = 1000000000 /* nanoseconds */, MICRO = 1000, SECONDS_SIZE = 32, SIX = 6 /* decimals */ };

struct seconds_cell {
  size_t width;
  uint64_t beyond;         /* nanoseconds: no shorter time is wider */
  uint64_t second;         /* nanoseconds: of the full second that is kept */
  char text[SECONDS_SIZE]; /* of it, up to the point */
  char none[SECONDS_SIZE]; /* of no time at all, and the blanks behind it */
};

/* Then all times are measured, then `end`, then they are written. */
void seconds_cell_begin(struct seconds_cell *cell, size_t width);
void seconds_cell_end(struct seconds_cell *cell);

/* As printf finds it. */
APART void seconds_cell_widen(struct seconds_cell *cell, int64_t elapsed_ns);
APART char *seconds_cell_write_anew(struct seconds_cell *cell, const struct thousands *thousands, char *at,
                                    int64_t elapsed_ns);

static inline void seconds_cell_measure(struct seconds_cell *cell, int64_t elapsed_ns)
{
  if ((uint64_t)elapsed_ns >= cell->beyond) { /* and negative ones */
    seconds_cell_widen(cell, elapsed_ns);
  }
}

/* With two blanks behind it, whose end is the result. Up to SECONDS_SIZE bytes are written, whatever the width. */
static inline char *seconds_cell_write(struct seconds_cell *cell, const struct thousands *thousands, char *at,
                                       int64_t elapsed_ns)
{
  uint64_t part;
  uint32_t rounded;
  uint32_t micros;

  if (elapsed_ns == 0) { /* of most that are one segment long */
    memcpy(at, cell->none, sizeof cell->none);
    return at + cell->width + 2;
  }
  part = (uint64_t)elapsed_ns - cell->second;
  rounded = (uint32_t)part + MICRO / 2;
  micros = rounded / MICRO;
  if (part >= SECOND - MICRO / 2 || micros * MICRO == rounded) { /* just in between it is up to printf */
    return seconds_cell_write_anew(cell, thousands, at, elapsed_ns);
  }
  memcpy(at, cell->text, sizeof cell->text);
  at = thousands_padded(thousands, at + cell->width - SIX, micros / THOUSAND);
  at = thousands_padded(thousands, at, micros % THOUSAND);
  at[1] = ' ';
  return at + 2;
}

#endif
