/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "merged.h"

#include "../input/source.h"
#include "../message.h"
#include "../output/pcapng_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One of the two captures, read again; `item` is the next to be written. */
struct reader {
  struct options options;
  const char *files[2];
  struct source *source;
  struct item item;
  enum source_status status;
  uint32_t added; /* segments before `item` */
  int64_t time_ns;
};

struct merger {
  const struct comparison *comparison;
  struct output *output;
  struct output *comment;
  struct reader readers[COMPARE_SIDES];
  struct pcapng_writer writer;
  struct pcapng_origin origins[COMPARE_SIDES];
  size_t left_out;
};

/* ---------------------------------------------------------------- comments */

static void put_milliseconds(struct output *output, int64_t nanoseconds)
{
  if (nanoseconds < 0) {
    put_char(output, '-');
    nanoseconds = -nanoseconds;
  }
  put_number(output, (uint64_t)nanoseconds / 1000000);
  put_char(output, '.');
  for (uint64_t part = (uint64_t)nanoseconds % 1000000, digit = 100000; digit >= 1000; digit /= 10) {
    put_char(output, (char)('0' + part / digit % 10));
  }
  put_text(output, " ms");
}

/* The state, how sure it is, and the capture that proves it: "; client ESTABLISHED (observed at A)". */
static void put_end(struct output *output, const struct compare_row *row, unsigned role)
{
  const struct compare_end *end = &row->end[role];

  if (end->frame == 0) {
    return;
  }
  put_text(output, role == TCPSTATE_CLIENT ? "; client " : "; server ");
  if (end->possible != 0) {
    put_states(output, end->possible, end->state);
  } else {
    put_text(output, tcpstate_state_name(end->state));
  }
  put_text(output, " (");
  put_text(output, tcpstate_certainty_name(end->certainty));
  put_text(output, end->tap == COMPARE_A ? " at A)" : " at B)");
}

/* "compare: both, 4.461 ms, frame 12 at B; reordered; client ESTABLISHED (observed at A); server ..." */
static void put_comment(const struct merger *merger, struct output *output, enum compare_side side, uint32_t index)
{
  struct compare_row row;

  compare_row_get(merger->comparison->compare, index, &row);
  put_text(output, "compare: ");
  put_text(output, compare_verdict_name(row.verdict));
  if (row.sight[1 - side].frame != 0) {
    if (row.has_delay) {
      put_text(output, ", ");
      put_milliseconds(output, row.delay_ns);
    }
    put_text(output, ", frame ");
    put_number(output, row.sight[1 - side].frame);
    put_text(output, side == COMPARE_A ? " at B" : " at A");
  }
  if (row.changes != 0) {
    put_text(output, "; ");
    put_changes(output, row.changes);
  }
  put_end(output, &row, TCPSTATE_CLIENT);
  put_end(output, &row, TCPSTATE_SERVER);
}

/* ---------------------------------------------------------------- packets */

static void put_packet(struct merger *merger, enum compare_side side)
{
  const struct reader *reader = &merger->readers[side];
  size_t length;

  output_clear(merger->comment);
  if (reader->item.decoded.kind == DECODED_SEGMENT) {
    const uint32_t row = compare_row_of(merger->comparison->compare, side, reader->added);

    if (row != UINT32_MAX) {
      put_comment(merger, merger->comment, side, row);
    }
  }
  put_char(merger->comment, '\0');
  merger->left_out += !pcapng_put_frame(&merger->writer, &merger->origins[side], reader->item.raw, reader->time_ns,
                                        output_content(merger->comment, &length));
}

/* ---------------------------------------------------------------- both captures */

static void advance(const struct merger *merger, enum compare_side side)
{
  struct reader *reader = (struct reader *)&merger->readers[side];

  if (reader->item.decoded.kind == DECODED_SEGMENT) {
    reader->added++;
  }
  do {
    reader->status = reader->source->next(reader->source, &reader->item);
  } while (reader->status == SOURCE_IDLE);
  if (reader->status == SOURCE_ITEM) {
    reader->time_ns =
        compare_align(merger->comparison->compare, side, reader->item.raw != NULL ? reader->item.raw->time_ns : 0);
  }
}

static bool open_reader(struct merger *merger, enum compare_side side, int *code)
{
  struct reader *reader = &merger->readers[side];

  reader->options = tap_options(merger->comparison->options, side, reader->files);
  if (strcmp(reader->files[0], "-") == 0 || reader->options.tcpdump_text) {
    complain("-w: %s is no capture that can be read twice", reader->files[0]);
    *code = EXIT_USAGE;
    return false;
  }
  reader->source = source_open(&reader->options, NULL, code);
  if (reader->source != NULL) {
    advance(merger, side);
  }
  return reader->source != NULL;
}

static void merge(struct merger *merger)
{
  const struct reader *a = &merger->readers[COMPARE_A];
  const struct reader *b = &merger->readers[COMPARE_B];

  merger->writer.output = merger->output;
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    merger->origins[side] = (struct pcapng_origin){side == COMPARE_A ? "A" : "B", merger->readers[side].files[0]};
  }
  pcapng_begin(&merger->writer);
  while ((a->status == SOURCE_ITEM || b->status == SOURCE_ITEM) && !output_is_broken(merger->output)) {
    const bool a_next = b->status != SOURCE_ITEM || (a->status == SOURCE_ITEM && a->time_ns <= b->time_ns);
    const enum compare_side side = a_next ? COMPARE_A : COMPARE_B;

    put_packet(merger, side);
    advance(merger, side);
  }
}

static bool prepare(struct merger *merger)
{
  merger->comment = output_open(-1);
  if (merger->comment == NULL) {
    complain("no memory");
  }
  return merger->comment != NULL;
}

static int write_to(struct merger *merger, const char *name)
{
  const int descriptor =
      strcmp(name, "-") == 0 ? dup(STDOUT_FILENO) : open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  int error;

  if (descriptor < 0 || (merger->output = output_open(descriptor)) == NULL) {
    complain("%s: %s", name, strerror(errno));
    return EXIT_UNREADABLE;
  }
  merge(merger);
  output_flush(merger->output);
  error = output_error(merger->output);
  output_close(merger->output);
  if (close(descriptor) != 0 && error == 0) {
    error = errno;
  }
  if (error != 0 && error != EPIPE) {
    complain("%s: %s", strcmp(name, "-") == 0 ? "standard output" : name, strerror(error));
    return EXIT_DAMAGED;
  }
  if (merger->left_out > 0) {
    complain("%s lacks %zu packets of a link type that pcapng cannot name", name, merger->left_out);
    return EXIT_DAMAGED;
  }
  return EXIT_DONE;
}

int write_merged(const struct comparison *comparison)
{
  struct merger merger = {.comparison = comparison};
  int code = EXIT_UNREADABLE;

  if (prepare(&merger) && open_reader(&merger, COMPARE_A, &code) && open_reader(&merger, COMPARE_B, &code)) {
    code = write_to(&merger, comparison->options->write_file);
  }
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    if (code == EXIT_DONE && merger.readers[side].status == SOURCE_DAMAGED) {
      code = EXIT_DAMAGED;
    }
    if (merger.readers[side].source != NULL) {
      merger.readers[side].source->close(merger.readers[side].source);
    }
  }
  if (merger.comment != NULL) {
    output_clear(merger.comment);
    output_close(merger.comment);
  }
  return code;
}
