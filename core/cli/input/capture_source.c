/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Captures, decoded.
 */
#include "../message.h"
#include "../options.h"
#include "../sandbox.h"
#include "capture_reader.h"
#include "filter.h"
#include "frame_decoder.h"

#include <stdlib.h>
#include <sys/stat.h>

struct capture_source {
  struct source source; /* first */
  struct capture_reader *reader;
  struct filter *filter; /* NULL: none */
  struct reassembler *reassembler;
  uint64_t frames;
  uint64_t total_bytes; /* of all files; 0: one of them is no file */
  struct frame frame;   /* the current one */
};

static enum source_status at_end(const struct capture_source *self, enum read_status status)
{
  bool lacks = self->filter != NULL && filter_ran_out(self->filter);

  return status == READ_END && !lacks ? SOURCE_END : SOURCE_DAMAGED;
}

static enum source_status next_item(struct source *source, struct item *item)
{
  struct capture_source *self = (struct capture_source *)source;
  enum read_status status;

  do {
    status = capture_reader_read(self->reader, &self->frame);
    if (status != READ_FRAME) {
      return at_end(self, status);
    }
    self->frames++;
  } while (self->filter != NULL && !filter_passes(self->filter, &self->frame));
  frame_decode(self->reassembler, &self->frame, self->frames, item);
  return SOURCE_ITEM;
}

static void tell_progress(const struct source *source, uint64_t *bytes, uint64_t *total)
{
  const struct capture_source *self = (const struct capture_source *)source;

  *bytes = capture_reader_bytes(self->reader);
  *total = self->total_bytes;
}

static uint64_t total_size(const struct options *options)
{
  uint64_t total = 0;

  for (size_t i = 0; i < options->file_count; i++) {
    struct stat status;

    if (stat(options->files[i], &status) != 0 || !S_ISREG(status.st_mode)) {
      return 0;
    }
    total += (uint64_t)status.st_size;
  }
  return total;
}

static void close_source(struct source *source)
{
  struct capture_source *self = (struct capture_source *)source;

  if (self->reassembler != NULL) {
    reassembler_free(self->reassembler);
  }
  if (self->filter != NULL) {
    filter_free(self->filter);
  }
  if (self->reader != NULL) {
    capture_reader_close(self->reader);
  }
  free(self);
}

struct source *capture_source_open(const struct options *options, const struct block_watch *watch, int *code)
{
  struct capture_source *self = calloc(1, sizeof *self);

  if (self == NULL || (self->reassembler = reassembler_new()) == NULL) {
    complain("no memory");
    *code = EXIT_UNREADABLE;
    free(self);
    return NULL;
  }
  self->source = (struct source){.progress = tell_progress, .next = next_item, .close = close_source};
  self->total_bytes = total_size(options);
  if (options->filter != NULL && (self->filter = filter_new(options->filter)) == NULL) {
    *code = EXIT_USAGE;
    close_source(&self->source);
    return NULL;
  }
  if (options->sandbox) {
    sandbox_enter();
  }
  self->reader = capture_reader_open(options->files, options->file_count, watch);
  if (self->reader == NULL) {
    *code = EXIT_UNREADABLE;
    close_source(&self->source);
    return NULL;
  }
  return &self->source;
}
