/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMPARE_COMMAND_H
#define CLI_COMPARE_COMMAND_H

struct options;

/* Reads both captures, compares and prints. Returns the exit code. */
int compare_command(const struct options *options);

#endif
