/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "options.h"

/* Reads all of the input, judges it and writes. Returns the exit code. */
int run(const struct options *options);

#endif
