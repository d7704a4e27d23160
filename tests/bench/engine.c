/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engine FILE [ROUNDS]: the engine alone, on segments that are parsed and in memory, with memory that an untimed round
 * has touched before: what a first touch costs is the machine's, and is in the figures of whole processes. Prints
 * nanoseconds a segment (the median of the rounds, each with a new tracker) and bytes a connection. */
#include "../../core/cli/huge_pages.h"
#include "segments.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 1024, MOST_ROUNDS = 99 };

static int64_t now_ns(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* A block that was released, for the next of its size. */
struct kept {
  struct kept *next;
  size_t size;
};

static void *allocate(void *user, size_t size)
{
  for (struct kept **at = user; *at; at = &(*at)->next) {
    if ((*at)->size == size) {
      struct kept *kept = *at;
      *at = kept->next;
      return kept;
    }
  }
  return huge_pages_get(size < sizeof(struct kept) ? sizeof(struct kept) : size); /* as in the command */
}

static void release(void *user, void *memory, size_t size)
{
  struct kept **first = user;
  struct kept *kept = memory;
  *kept = (struct kept){*first, size};
  *first = kept;
}

static bool run(const struct segments *segments, double *ns, tcpstate_statistics *statistics)
{
  static struct kept *kept;
  tcpstate_annotation annotations[BATCH];
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  tcpstate_settings_init(&settings);
  settings.allocator = (tcpstate_allocator){allocate, release, &kept};
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

/* As in the command, where a batch of them is in the cache. */
static bool move_to_huge_pages(struct segments *segments)
{
  size_t size = segments->count * sizeof *segments->at;
  tcpstate_segment *at = huge_pages_get(size);
  if (at) {
    memcpy(at, segments->at, size);
    free(segments->at);
    segments->at = at;
  }
  return at != NULL;
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
      segments.count == 0 || !move_to_huge_pages(&segments)) {
    fprintf(stderr, "usage: engine FILE [ROUNDS]\n");
    return 1;
  }
  bool done = run(&segments, &ns[0], &statistics);
  for (size_t i = 0; done && i < rounds; i++) {
    done = run(&segments, &ns[i], &statistics);
  }
  if (!done) {
    return 1;
  }
  qsort(ns, rounds, sizeof *ns, compare);
  printf("%zu segments, %" PRIu64 " connections, %.1f ns a segment, %.1f bytes a connection\n", segments.count,
         statistics.connections, ns[rounds / 2], (double)statistics.memory / (double)statistics.kept);
  huge_pages_put(segments.at, segments.count * sizeof *segments.at);
  return 0;
}
