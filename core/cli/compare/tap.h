/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One of the two captures: its segments go to the comparison and to a tracker of their own.
 */
#ifndef CLI_TAP_H
#define CLI_TAP_H

#include "../../compare/compare.h"
#include "../options.h"

/* What the tracker of this tap says after one segment, by its sender and receiver: which of them is the client can
 * look different from two places. */
struct judged {
  uint16_t possible[2]; /* 0: sender, 1: receiver */
  uint8_t state[2];
  uint8_t certainty[2];
};

struct tap {
  const char *name;
  struct judged *judged; /* in the order in which segments were added */
  uint32_t count;
  uint32_t capacity;
};

/* Adds all of the file to `compare`. Returns an exit code; what went wrong has been said. */
int tap_read(struct tap *tap, const struct options *options, struct compare *compare, enum compare_side side);

void tap_free(struct tap *tap);

/* The options as if the file of this side were the only one. `files` has room for two and must stay. */
struct options tap_options(const struct options *options, enum compare_side side, const char **files);

#endif
