/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "options.h"

/* auto: if a terminal is there that knows colours and NO_COLOR (https://no-color.org) does not forbid them. */
bool terminal_wants_colour(enum when when, int descriptor);

/* Columns of standard output if it is a terminal, between `least` and `most`; else, or where unknown, `fallback`. */
size_t terminal_width(bool terminal, size_t least, size_t fallback, size_t most);

#endif
