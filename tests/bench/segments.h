/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments of a capture, parsed and in memory: all of them, or a block at a time. */
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

struct segment_reader;

/* NULL if the capture cannot be opened. */
struct segment_reader *segment_reader_open(const char *name);
/* The next segments, at most so many, in place of those before; none at the end. False if they do not fit. */
bool segment_reader_fill(struct segment_reader *reader, struct segments *segments, size_t most);
void segment_reader_close(struct segment_reader *reader);

#endif
