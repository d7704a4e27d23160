/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One of the two captures: its segments go to the comparison and to a tracker of their own.
 */
#ifndef CLI_TAP_H
#define CLI_TAP_H

#include "../../compare/compare.h"
#include "../options.h"

struct tap {
  const char *name;
  uint32_t count;   /* of segments */
  uint64_t evicted; /* connections that the tracker gave up to make room */
};

/* Adds all of the file to `compare`. Returns an exit code; what went wrong has been said. */
int tap_read(struct tap *tap, const struct options *options, struct compare *compare, enum compare_side side);

/* Says so on standard error. */
void complain_no_memory(const struct options *options);

/* The options as if the file of this side were the only one. `files` has room for two and must stay. */
struct options tap_options(const struct options *options, enum compare_side side, const char **files);

#endif
