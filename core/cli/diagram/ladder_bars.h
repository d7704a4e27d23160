/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The endpoints of a ladder: each is a bar in the colour of its state, which changes where a segment departs or
 * arrives, with the state's name beside it.
 */
#ifndef CLI_LADDER_BARS_H
#define CLI_LADDER_BARS_H

#include "path.h"

struct output;

enum { BAR_WIDTH = 8, PILL_WIDTH = 124, PILL_HEIGHT = 20 };

struct ladder_bar {
  double x; /* of its middle */
  double since;
  double named; /* where its state was last written */
  uint8_t state;
  uint8_t certainty;
};

struct ladder_bars {
  struct output *output;
  struct ladder_bar bars[SEAT_COUNT];
};

/* The bar begins at y, in this state. */
void bar_begin(struct ladder_bars *bars, unsigned seat, double y, unsigned state, unsigned certainty);

/* What the step says of the endpoint from y on. The name is written if anything is new, or after a while. */
void bar_follow(struct ladder_bars *bars, unsigned seat, double y, const struct step *step, unsigned role);

/* It is in this state from y on, though no segment says so. */
void bar_jump(struct ladder_bars *bars, unsigned seat, double y, unsigned state);

void bar_end(struct ladder_bars *bars, unsigned seat, double y);

/* Class of a certainty, for shapes that look like a bar. */
const char *bar_class(unsigned certainty);

#endif
