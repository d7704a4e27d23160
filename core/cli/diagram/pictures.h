/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The pictures of a connection, each as text and as SVG.
 */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "../output/output.h"
#include "source_name.h"
#include "wording.h"

struct picture {
  const struct options *options;
  struct output *output;
  const struct story *story;
  const tcpstate_connection *connection;
  const char *source;
  int width;   /* columns of text */
  bool utf8;   /* the terminal shows more than ASCII */
  bool colour; /* and colours */
};

/* In pixels. */
struct picture_size {
  int width;
  int height;
};

void ladder_text(const struct picture *picture);
void states_text(const struct picture *picture);

/* A drawing from (0, 0), of the size that the other function tells. */
void ladder_svg(const struct picture *picture);
struct picture_size ladder_svg_size(const struct picture *picture);
void states_svg(const struct picture *picture);
struct picture_size states_svg_size(const struct picture *picture);

#endif
