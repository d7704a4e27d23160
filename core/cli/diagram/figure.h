/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Figure 5 of RFC 9293, laid out by hand in pixels. CLOSED stands in it twice, as in the RFC: where connections begin
 * and where they end.
 */
#ifndef CLI_FIGURE_H
#define CLI_FIGURE_H

#include <stddef.h>

enum { FIGURE_WIDTH = 940, FIGURE_HEIGHT = 690, NODE_WIDTH = 124, NODE_HEIGHT = 30 };

enum { NODE_COUNT = 12, ARC_COUNT = 21 };

struct point {
  double x;
  double y;
};

struct figure_node {
  unsigned state; /* enum tcpstate_state */
  struct point at;
};

/* A quadratic curve; a straight one where `bend` is nowhere, (0, 0). */
struct curve {
  struct point from;
  struct point bend;
  struct point to;
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct figure_arc {
  unsigned from; /* state */
  unsigned to;
  struct curve curve;
  const char *event;  /* what happens to the endpoint, as the figure puts it */
  const char *action; /* and what it does */
  struct point label;
  enum anchor anchor;
};

extern const struct figure_node figure_nodes[NODE_COUNT];
extern const struct figure_arc figure_arcs[ARC_COUNT];

/* Index of the node of that state; of the two of CLOSED the one at the top or at the bottom. */
size_t figure_node(unsigned state, int bottom);

/* The arc from one state to another, or NULL: the figure leaves out what an RST does, for one. */
const struct figure_arc *figure_arc(unsigned from, unsigned to);

#endif
