/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engine FILE [ROUNDS]: the engine alone, on segments that are parsed and in memory. Prints nanoseconds a segment (the
 * median of the rounds, each with a new tracker) and bytes a connection. */
#include "../../core/cli/huge_pages.h"
#include "segments.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 1024, MOST_ROUNDS = 99 };

static int64_t now_ns(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool run(const struct segments *segments, double *ns, tcpstate_statistics *statistics)
{
  tcpstate_annotation annotations[BATCH];
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  tcpstate_settings_init(&settings);
  settings.allocator = huge_pages_allocator; /* as in the command */
  if (tcpstate_new(&tracker, &settings) != TCPSTATE_OK) {
    return false;
  }
  int64_t start = now_ns();
  for (size_t done = 0; done < segments->count; done += BATCH) {
    size_t left = segments->count - done;
    tcpstate_feed_batch(tracker, segments->at + done, left < BATCH ? left : BATCH, annotations);
  }
  *ns = (double)(now_ns() - start) / (double)segments->count;
  tcpstate_statistics_get(tracker, statistics);
  tcpstate_free(tracker);
  return true;
}

static int compare(const void *left, const void *right)
{
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

int main(int count, char **arguments)
{
  struct segments segments = {NULL, 0, 0};
  tcpstate_statistics statistics = {0};
  double ns[MOST_ROUNDS];
  size_t rounds = count > 2 ? strtoul(arguments[2], NULL, 10) : 5;
  if (count < 2 || rounds < 1 || rounds > MOST_ROUNDS || !segments_load(&segments, arguments[1]) ||
      segments.count == 0) {
    fprintf(stderr, "usage: engine FILE [ROUNDS]\n");
    return 1;
  }
  for (size_t i = 0; i < rounds; i++) {
    if (!run(&segments, &ns[i], &statistics)) {
      return 1;
    }
  }
  qsort(ns, rounds, sizeof *ns, compare);
  printf("%zu segments, %" PRIu64 " connections, %.1f ns a segment, %.1f bytes a connection\n", segments.count,
         statistics.connections, ns[rounds / 2], (double)statistics.memory / (double)statistics.kept);
  free(segments.at);
  return 0;
}
