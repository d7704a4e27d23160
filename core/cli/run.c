/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The walk: source -> tracker -> writer. Segments go to the tracker in batches, which is faster; whatever has to keep
 * its place among them (an ICMP error, a pause of live input) ends a batch.
 */
#include "run.h"

#include "batch.h"
#include "batch_ring.h"
#include "commands.h"
#include "huge_pages.h"
#include "input/interrupt.h"
#include "input/source.h"
#include "message.h"
#include "output/annotated_copy.h"
#include "progress.h"
#include "summary.h"
#include "terminal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

struct pipeline {
  const struct options *options;
  const struct writer *writer;
  void *writer_state;
  struct output *output;
  struct annotated_copy *copy; /* NULL: none is written */
  struct progress *progress;   /* NULL: none is shown */
  tcpstate_tracker *tracker;
  struct summary summary;
  size_t most;             /* segments that make a full batch */
  struct batch *batch;     /* that is being filled */
  struct batch_ring *ring; /* where it belongs, or NULL: it is `own` */
  struct batch *own;
};

static bool write_rows(void *user, const struct batch *batch)
{
  struct pipeline *pipeline = user;

  if (pipeline->writer->packets != NULL && !pipeline->options->has_stream) {
    pipeline->writer->packets(pipeline->writer_state,
                              &(struct packets){batch->count, batch->frames, batch->segments, batch->annotations});
    return !output_is_broken(pipeline->output);
  }
  for (size_t i = 0; i < batch->count; i++) {
    const struct packet packet = {batch->frames[i], &batch->segments[i], &batch->annotations[i]};

    if (options_ask_for(pipeline->options, packet.annotation->stream)) {
      pipeline->writer->packet(pipeline->writer_state, &packet);
    }
  }
  return !output_is_broken(pipeline->output);
}

static void judge_batch(struct pipeline *pipeline)
{
  struct batch *batch = pipeline->batch;
  tcpstate_annotation *annotations = pipeline->writer->packet != NULL ? batch->annotations : NULL;

  if (tcpstate_feed_batch(pipeline->tracker, batch->segments, batch->count, annotations) == TCPSTATE_ERROR_NO_MEMORY) {
    pipeline->summary.out_of_memory = true;
  }
  if (pipeline->ring != NULL) {
    pipeline->batch = batch_ring_pass(pipeline->ring);
  } else {
    if (annotations != NULL) {
      write_rows(pipeline, batch);
    }
    batch->count = 0;
  }
}

/* All that was read is in the hands of whoever reads us. */
static void flush(struct pipeline *pipeline)
{
  judge_batch(pipeline);
  if (pipeline->ring != NULL) {
    batch_ring_drain(pipeline->ring);
  }
  output_flush(pipeline->output);
  if (pipeline->copy != NULL) {
    annotated_copy_flush(pipeline->copy);
  }
}

static void judge_icmp_error(struct pipeline *pipeline, const struct decoded *decoded)
{
  tcpstate_annotation annotation;

  judge_batch(pipeline);
  tcpstate_feed_icmp_error(pipeline->tracker, &decoded->segment, decoded->hard, &annotation);
}

static void take(struct pipeline *pipeline, const struct item *item)
{
  summary_count(&pipeline->summary, item);
  if (item->decoded.kind == DECODED_SEGMENT) {
    struct batch *batch = pipeline->batch;

    batch->segments[batch->count] = item->decoded.segment;
    batch->frames[batch->count] = item->frame;
    if (++batch->count == pipeline->most) {
      judge_batch(pipeline);
    }
  } else if (item->decoded.kind == DECODED_ICMP_ERROR) {
    judge_icmp_error(pipeline, &item->decoded);
  }
}

/* With a copy, batches are of one segment: the last annotation is the item's. */
static void copy_frame(struct pipeline *pipeline, const struct item *item)
{
  const tcpstate_annotation *annotation = item->decoded.kind == DECODED_SEGMENT ? &pipeline->own->annotations[0] : NULL;

  if (!pipeline->options->has_stream || (annotation != NULL && annotation->stream == pipeline->options->stream)) {
    annotated_copy_packet(pipeline->copy, item->raw, annotation);
  }
}

static void show_progress(const struct pipeline *pipeline, const struct source *source, uint64_t frame)
{
  uint64_t bytes = 0;
  uint64_t total = 0;

  if (pipeline->progress != NULL && source->progress != NULL) {
    source->progress(source, &bytes, &total);
    progress_show(pipeline->progress, frame, bytes, total);
  }
}

static bool is_over(const struct pipeline *pipeline)
{
  const bool is_broken =
      pipeline->ring != NULL ? batch_ring_is_over(pipeline->ring) : output_is_broken(pipeline->output);

  return is_broken || (pipeline->copy != NULL && annotated_copy_is_broken(pipeline->copy)) || interrupt_signal() != 0;
}

/* Fills the batch with segments that come one right behind the other. False: something else is next. */
static bool take_run(struct pipeline *pipeline, struct source *source)
{
  struct batch *batch = pipeline->batch;
  size_t room = pipeline->most - batch->count;
  uint64_t *frames = &batch->frames[batch->count];
  size_t count = source->run(source, room, &batch->segments[batch->count], frames);

  if (count > 0) {
    summary_count_segments(&pipeline->summary, count, frames[count - 1]);
    show_progress(pipeline, source, frames[count - 1]);
    batch->count += count;
  }
  if (count < room) {
    return false;
  }
  judge_batch(pipeline);
  return true;
}

static enum source_status read_all(struct pipeline *pipeline, struct source *source)
{
  enum source_status status = SOURCE_ITEM;
  bool has_runs = source->run != NULL && pipeline->copy == NULL; /* which needs the items */

  while ((status == SOURCE_ITEM || status == SOURCE_IDLE) && !is_over(pipeline)) {
    struct item item;

    if (has_runs && take_run(pipeline, source)) {
      continue;
    }
    status = source->next(source, &item);
    if (status == SOURCE_ITEM) {
      take(pipeline, &item);
      if (pipeline->copy != NULL) {
        copy_frame(pipeline, &item);
      }
      show_progress(pipeline, source, item.frame);
    } else {
      flush(pipeline);
    }
  }
  judge_batch(pipeline);
  return status;
}

static void connection_end(void *user, const tcpstate_connection *connection)
{
  struct pipeline *pipeline = user;
  const struct writer *writer = pipeline->writer;

  if (writer->connection_end != NULL &&
      (writer->packet == NULL || options_ask_for(pipeline->options, connection->stream))) {
    writer->connection_end(pipeline->writer_state, connection);
  }
}

static bool prepare(struct pipeline *pipeline)
{
  tcpstate_settings settings;

  tcpstate_settings_init(&settings);
  settings.time_wait_ns = pipeline->options->time_wait_ns;
  settings.max_connections = pipeline->options->max_connections;
  settings.memory_limit = pipeline->options->max_memory;
  settings.allocator = huge_pages_allocator;
  settings.connection_end = connection_end;
  settings.connection_end_user = pipeline;
  /* Without random bytes the default key serves: what is lost is the defence against chosen addresses. */
  if (getrandom(settings.hash_key, sizeof settings.hash_key, GRND_NONBLOCK) < 0) {
    settings.hash_key[0] ^= (uint64_t)getpid();
  }
  pipeline->output = output_open(STDOUT_FILENO);
  pipeline->own = huge_pages_get(sizeof *pipeline->own);
  if (pipeline->output == NULL || pipeline->own == NULL || tcpstate_new(&pipeline->tracker, &settings) != TCPSTATE_OK) {
    return false;
  }
  pipeline->writer_state = pipeline->writer->begin(&(struct writer_context){
      .options = pipeline->options,
      .output = pipeline->output,
      .tracker = pipeline->tracker,
      .out_of_memory = &pipeline->summary.out_of_memory,
      .terminal = isatty(STDOUT_FILENO) != 0,
      .colour = terminal_wants_colour(pipeline->options->colour, STDOUT_FILENO),
  });
  return pipeline->writer_state != NULL;
}

/* Connections are numbered from 0, without gaps. */
static void complain_unknown_stream(uint32_t stream, uint64_t connections)
{
  if (stream >= connections) {
    complain("--stream %" PRIu32 ": there is no such connection; %" PRIu64 " in all, numbered from 0", stream,
             connections);
  }
}

static int finish(struct pipeline *pipeline, enum source_status status, bool live)
{
  int code = status == SOURCE_DAMAGED ? EXIT_DAMAGED : EXIT_DONE;

  pipeline->writer->end(pipeline->writer_state);
  output_flush(pipeline->output);
  if (interrupt_signal() != 0 && !live) {
    complain("interrupted after frame %" PRIu64, pipeline->summary.last_frame);
  }
  if (output_is_broken(pipeline->output) && output_error(pipeline->output) != EPIPE) {
    complain("standard output: %s", strerror(output_error(pipeline->output)));
    code = EXIT_DAMAGED;
  }
  tcpstate_statistics_get(pipeline->tracker, &pipeline->summary.statistics);
  if (pipeline->options->has_stream) {
    complain_unknown_stream(pipeline->options->stream, pipeline->summary.statistics.connections);
  }
  if (pipeline->summary.out_of_memory) {
    complain("out of memory: something of some connections is missing");
    code = EXIT_DAMAGED;
  }
  if (!pipeline->options->quiet) {
    summary_print(&pipeline->summary, live);
  }
  return code;
}

/* A second thread can write rows that need nothing but the batch: not the connection, and no place among other calls.
 */
static void begin_batches(struct pipeline *pipeline)
{
  const struct writer *writer = pipeline->writer;
  const bool one_by_one = writer->one_by_one || pipeline->copy != NULL;

  pipeline->own->count = 0;
  pipeline->batch = pipeline->own;
  pipeline->most = one_by_one ? 1 : BATCH_SMALL;
  if (pipeline->options->jobs > 1 && !one_by_one && writer->connection_end == NULL) {
    pipeline->ring = batch_ring_start(write_rows, pipeline);
  }
  if (pipeline->ring != NULL) {
    pipeline->batch = batch_ring_first(pipeline->ring);
    pipeline->most = BATCH_LARGE;
  }
}

static void end_batches(struct pipeline *pipeline)
{
  if (pipeline->ring != NULL) {
    batch_ring_end(pipeline->ring);
    pipeline->ring = NULL;
  }
}

static int run_from(struct pipeline *pipeline, struct source *source)
{
  int code;

  if (prepare(pipeline)) {
    enum source_status status;

    interrupt_catch(source->live);
    pipeline->progress = progress_new(pipeline->options->progress, pipeline->writer->at_end);
    begin_batches(pipeline);
    status = read_all(pipeline, source);
    end_batches(pipeline);
    progress_free(pipeline->progress);
    code = finish(pipeline, status, source->live);
  } else {
    complain("no memory");
    code = EXIT_UNREADABLE;
  }
  source->close(source);
  tcpstate_free(pipeline->tracker);
  huge_pages_put(pipeline->own, sizeof *pipeline->own);
  if (pipeline->output != NULL) {
    output_close(pipeline->output);
  }
  return code;
}

static int run_with_copy(struct pipeline *pipeline)
{
  struct block_watch watch = {.other_block = annotated_copy_block};
  struct source *source;
  int code = EXIT_DONE;

  pipeline->copy = annotated_copy_open(pipeline->options->write_file);
  if (pipeline->copy == NULL) {
    return EXIT_UNREADABLE;
  }
  watch.user = pipeline->copy;
  pipeline->writer = &writer_none;
  source = source_open(pipeline->options, &watch, &code);
  if (source != NULL) {
    code = run_from(pipeline, source);
  }
  if (!annotated_copy_close(pipeline->copy) && code == EXIT_DONE) {
    code = EXIT_DAMAGED;
  }
  return code;
}

static int run_loop(const struct options *options)
{
  struct pipeline pipeline = {.options = options, .writer = options->command->writers[options->form]};
  struct source *source;
  int code = EXIT_DONE;

  if (options->write_file != NULL) {
    return run_with_copy(&pipeline);
  }
  source = source_open(options, NULL, &code);
  return source == NULL ? code : run_from(&pipeline, source);
}

int run(const struct options *options)
{
  int code;

  if (options->command->run != NULL) {
    return options->command->run(options);
  }
  code = run_loop(options);
  if (options->interface == NULL) { /* which has no other end */
    interrupt_end();
  }
  return code;
}
