/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stream FILE: the engine alone over a capture of any length, which may be a pipe. Segments are parsed a block at a
 * time and only the engine's time counts. Prints, for each power of ten segments and at the end, nanoseconds a segment
 * since the one before, and the engine's memory. */
#include "../../core/cli/huge_pages.h"
#include "segments.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 32, BLOCK = 20000, FIRST_MARK = 100000 };

struct stretch {
  uint64_t segments;
  int64_t ns;
};

static int64_t now_ns(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void feed(tcpstate_tracker *tracker, const struct segments *block, struct stretch *stretch)
{
  tcpstate_annotation annotations[BATCH];
  int64_t start = now_ns();
  for (size_t done = 0; done < block->count; done += BATCH) {
    size_t left = block->count - done;
    tcpstate_feed_batch(tracker, block->at + done, left < BATCH ? left : BATCH, annotations);
  }
  stretch->ns += now_ns() - start;
  stretch->segments += block->count;
}

static void print(const tcpstate_tracker *tracker, uint64_t total, struct stretch *stretch)
{
  tcpstate_statistics statistics;
  tcpstate_statistics_get(tracker, &statistics);
  printf("%" PRIu64 " segments: %.1f ns a segment, %" PRIu64 " connections, %zu bytes\n", total,
         (double)stretch->ns / (double)stretch->segments, statistics.connections, (size_t)statistics.memory);
  *stretch = (struct stretch){0, 0};
}

static bool run(tcpstate_tracker *tracker, struct segment_reader *reader)
{
  struct segments block = {NULL, 0, 0};
  struct stretch stretch = {0, 0};
  uint64_t total = 0;
  uint64_t mark = FIRST_MARK;
  bool fits;
  while ((fits = segment_reader_fill(reader, &block, BLOCK)) && block.count > 0) {
    feed(tracker, &block, &stretch);
    total += block.count;
    if (total == mark) {
      print(tracker, total, &stretch);
      mark *= 10;
    }
  }
  if (stretch.segments > 0) {
    print(tracker, total, &stretch);
  }
  free(block.at);
  return fits;
}

int main(int count, char **arguments)
{
  struct segment_reader *reader = count == 2 ? segment_reader_open(arguments[1]) : NULL;
  tcpstate_settings settings;
  tcpstate_tracker *tracker = NULL;
  bool done = false;
  tcpstate_settings_init(&settings);
  settings.allocator = huge_pages_allocator; /* as in the command */
  if (reader && tcpstate_new(&tracker, &settings) == TCPSTATE_OK) {
    done = run(tracker, reader);
  } else {
    fprintf(stderr, "usage: stream FILE\n");
  }
  tcpstate_free(tracker);
  if (reader) {
    segment_reader_close(reader);
  }
  return done ? 0 : 1;
}
