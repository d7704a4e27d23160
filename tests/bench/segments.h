/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All segments of a capture, parsed and in memory. */
#ifndef BENCH_SEGMENTS_H
#define BENCH_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <tcpstate/tcpstate.h>

struct segments {
  tcpstate_segment *at;
  size_t count;
  size_t room;
};

/* False if the capture cannot be read or does not fit. `segments` starts as zeros; free(segments->at). */
bool segments_load(struct segments *segments, const char *name);

#endif
