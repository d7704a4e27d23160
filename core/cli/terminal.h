/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "options.h"

/* auto: if a terminal is there that knows colours and NO_COLOR (https://no-color.org) does not forbid them. */
bool terminal_wants_colour(enum when when, int descriptor);

#endif
