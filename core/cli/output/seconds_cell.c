/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "seconds_cell.h"

#include <stdio.h>

/* Up to here a double tells nanoseconds. */
static const int64_t PRECISE = INT64_C(1000000000000000);

void seconds_cell_begin(struct seconds_cell *cell, size_t width)
{
  *cell = (struct seconds_cell){.width = width};
}

/* Up to a microsecond before the next power of ten none has more digits before the point. */
static uint64_t beyond(int64_t elapsed_ns)
{
  int64_t limit = INT64_C(10) * SECOND;

  while (limit <= elapsed_ns && limit < PRECISE) {
    limit *= 10;
  }
  return elapsed_ns < limit - MICRO ? (uint64_t)(limit - MICRO) : (uint64_t)elapsed_ns + 1;
}

void seconds_cell_widen(struct seconds_cell *cell, int64_t elapsed_ns)
{
  size_t width = (size_t)snprintf(NULL, 0, "%.6f", (double)elapsed_ns / 1e9);

  cell->width = width > cell->width ? width : cell->width;
  if (elapsed_ns >= 0) {
    cell->beyond = beyond(elapsed_ns);
  }
}

static void keep_second(struct seconds_cell *cell, uint64_t second)
{
  uint32_t seconds = (uint32_t)(second / SECOND);
  char *point = cell->text + cell->width - SIX - 1;

  cell->second = second;
  memset(cell->text, ' ', sizeof cell->text);
  small_digits_write(point - digits_count(seconds), seconds);
  *point = '.';
}

void seconds_cell_end(struct seconds_cell *cell)
{
  if (cell->beyond != 0 || cell->width > SIX + 1) { /* some have been measured */
    keep_second(cell, 0);
    memset(cell->none, ' ', sizeof cell->none);
    memcpy(cell->none, cell->text, cell->width - SIX);
    memset(cell->none + cell->width - SIX, '0', SIX);
  }
}

char *seconds_cell_write_anew(struct seconds_cell *cell, const struct thousands *thousands, char *at,
                              int64_t elapsed_ns)
{
  uint64_t second = (uint64_t)elapsed_ns / SECOND * SECOND;

  if (elapsed_ns >= 0 && elapsed_ns < PRECISE && second != cell->second) {
    keep_second(cell, second);
    return seconds_cell_write(cell, thousands, at, elapsed_ns);
  }
  return at + snprintf(at, SECONDS_SIZE, "%*.6f  ", (int)cell->width, (double)elapsed_ns / 1e9);
}
