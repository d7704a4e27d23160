/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SVG 1.1 with plain classes: no variables, no scripts, nothing loaded, so that browsers, editors and converters all
 * draw it. Text goes through svg_text, which escapes it; markup holds numbers and words of this program only.
 */
#ifndef CLI_SVG_H
#define CLI_SVG_H

#include "../output/output.h"
#include "tcpstate/tcpstate.h"

/* Opens the document, on its own background. `title` is for those who cannot see it. */
void svg_begin(struct output *output, int width, int height, const char *title);
void svg_end(struct output *output);

__attribute__((format(printf, 2, 3))) void svg_markup(struct output *output, const char *format, ...);

/* The five characters that mean something to XML. */
void svg_escape(struct output *output, const char *text);

/* One line of text; `style` names classes, which also say which end of it is at x. */
void svg_text(struct output *output, double x, double y, const char *style, const char *text);

/* <title>: shown when the pointer rests on the element it is put into. */
void svg_hint(struct output *output, const char *text);

/* Name and outcome of a connection, at the top left. */
void svg_heading(struct output *output, const char *source, const tcpstate_connection *connection);

/* Head of an arrow that comes from (from_x, from_y), with its tip at (x, y). */
void svg_arrow_head(struct output *output, double from_x, double from_y, double x, double y, const char *style);

/* Class of a state's colour. */
const char *svg_class_of_state(unsigned state);

#endif
