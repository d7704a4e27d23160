/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * engine FILE [ROUNDS]: the engine alone, on segments that are parsed and in memory. Prints nanoseconds a segment (the
 * median of the rounds, each with a new tracker) and bytes a connection. */
#include "rounds.h"
#include <inttypes.h>
#include <stdio.h>

enum { BATCH = 1024 };

struct engine {
  struct segments segments;
  tcpstate_statistics statistics;
};

static void *allocate(void *user, size_t size)
{
  (void)user;
  return rounds_get(size);
}

static void release(void *user, void *memory, size_t size)
{
  (void)user;
  rounds_put(memory, size);
}

static double run(void *user)
{
  struct engine *engine = user;
  const struct segments *segments = &engine->segments;
  tcpstate_annotation annotations[BATCH];
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  tcpstate_settings_init(&settings);
  settings.allocator = (tcpstate_allocator){allocate, release, NULL};
  if (tcpstate_new(&tracker, &settings) != TCPSTATE_OK) {
    return -1;
  }
  int64_t start = rounds_now();
  for (size_t done = 0; done < segments->count; done += BATCH) {
    size_t left = segments->count - done;
    tcpstate_feed_batch(tracker, segments->at + done, left < BATCH ? left : BATCH, annotations);
  }
  double ns = (double)(rounds_now() - start) / (double)segments->count;
  tcpstate_statistics_get(tracker, &engine->statistics);
  tcpstate_free(tracker);
  return ns;
}

int main(int count, char **arguments)
{
  struct engine engine;
  size_t rounds;
  if (!rounds_open(count, arguments, &engine.segments, &rounds)) {
    return 1;
  }
  double ns = rounds_median(rounds, run, &engine);
  if (ns < 0) {
    return 1;
  }
  printf("%zu segments, %" PRIu64 " connections, %.1f ns a segment, %.1f bytes a connection\n", engine.segments.count,
         engine.statistics.connections, ns, (double)engine.statistics.memory / (double)engine.statistics.kept);
  rounds_close(&engine.segments);
  return 0;
}
