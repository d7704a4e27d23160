/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Colours of a terminal, by what they mean. Only the sixteen that every terminal's theme sets.
 */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include "output.h"

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_HANDSHAKE, STYLE_CLOSE, STYLE_RESET, STYLE_OVER };

enum style style_of_phase(unsigned phase);

/* Nothing happens if `wanted` is false. */
void style_begin(struct output *output, bool wanted, enum style style);
void style_end(struct output *output, bool wanted);

#endif
