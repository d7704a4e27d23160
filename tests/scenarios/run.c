/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <stdlib.h>
#include <string.h>

struct run {
  const struct scenario *scenario;
  tcpstate_tracker *tracker;
  tcpstate_segment *segments;
  struct result *results;
  uint32_t slots[MAX_STREAMS];
  uint64_t events[MAX_STREAMS]; /* all that any segment of the stream had */
  bool ended[MAX_STREAMS];
  tcpstate_connection ends[MAX_STREAMS];
};

static void keep_end(void *user, const tcpstate_connection *connection)
{
  struct run *run = user;

  if (connection->stream < MAX_STREAMS) {
    run->ended[connection->stream] = true;
    run->ends[connection->stream] = *connection;
  }
}

static void fetch_connection(const struct run *run, uint32_t stream, struct result *result)
{
  result->connection_found = false;
  if (stream >= MAX_STREAMS) {
    return;
  }
  if (run->ended[stream]) {
    result->connection = run->ends[stream];
    result->connection_found = true;
    return;
  }
  result->connection_found =
      tcpstate_connection_get(run->tracker, stream, run->slots[stream], &result->connection) == TCPSTATE_OK;
}

/* What there is to know after an annotation was given. */
static void keep_annotation(struct run *run, struct result *result)
{
  if (result->error == TCPSTATE_OK && result->annotation.stream < MAX_STREAMS) {
    run->slots[result->annotation.stream] = result->annotation.slot;
    run->events[result->annotation.stream] |= result->annotation.events;
  }
}

static size_t feed_batch(struct run *run, size_t first)
{
  size_t count = 0;
  while (first + count < run->scenario->item_count && run->scenario->items[first + count].kind == ITEM_SEGMENT) {
    count++;
  }
  tcpstate_annotation *annotations = calloc(count, sizeof *annotations);
  int error = annotations == NULL ? TCPSTATE_ERROR_NO_MEMORY
                                  : tcpstate_feed_batch(run->tracker, &run->segments[first], count, annotations);

  for (size_t i = 0; i < count; i++) {
    struct result *result = &run->results[first + i];

    result->error = error;
    if (annotations != NULL) {
      result->annotation = annotations[i];
    }
    keep_annotation(run, result);
  }
  free(annotations);
  return count;
}

static void feed_other(struct run *run, size_t index)
{
  const struct item *item = &run->scenario->items[index];
  struct result *result = &run->results[index];
  tcpstate_statistics statistics;

  switch (item->kind) {
  case ITEM_SEGMENT:
    result->error = tcpstate_feed(run->tracker, &run->segments[index], &result->annotation);
    keep_annotation(run, result);
    fetch_connection(run, result->annotation.stream, result);
    break;
  case ITEM_ICMP:
    result->error = tcpstate_feed_icmp_error(run->tracker, &run->segments[index], item->hard, &result->annotation);
    keep_annotation(run, result);
    break;
  case ITEM_CONNECTION:
    fetch_connection(run, item->stream, result);
    result->annotation.events = run->events[item->stream];
    break;
  case ITEM_STREAMS:
    tcpstate_statistics_get(run->tracker, &statistics);
    result->streams = statistics.connections;
    break;
  }
}

static void feed_all(struct run *run, enum feeding feeding)
{
  for (size_t i = 0; i < run->scenario->item_count;) {
    if (feeding == IN_BATCHES && run->scenario->items[i].kind == ITEM_SEGMENT) {
      i += feed_batch(run, i);
    } else {
      feed_other(run, i++);
    }
  }
}

struct result *run_scenario(const struct scenario *scenario, const struct variant *variant, enum feeding feeding)
{
  struct run run = {.scenario = scenario};
  tcpstate_settings settings;

  tcpstate_settings_init(&settings);
  if (scenario->time_wait > 0) {
    settings.time_wait_ns = (int64_t)(scenario->time_wait * 1e9);
  }
  settings.connection_end = keep_end;
  settings.connection_end_user = &run;
  run.results = calloc(scenario->item_count + 1, sizeof *run.results);
  run.segments = calloc(scenario->item_count + 1, sizeof *run.segments);
  if (run.results != NULL && run.segments != NULL && tcpstate_new(&run.tracker, &settings) == TCPSTATE_OK) {
    variant_segments(variant, scenario, run.segments);
    feed_all(&run, feeding);
  } else {
    free(run.results);
    run.results = NULL;
  }
  tcpstate_free(run.tracker);
  free(run.segments);
  return run.results;
}
