/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Captures, decoded.
 */
#include "../decode/plain_frame.h"
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
  uint64_t total_bytes;    /* of all files; 0: one of them is no file */
  struct frame frame;      /* the current one */
  bool has_frame;          /* it has been read and not yet been given out */
  bool may_wait;           /* the capture is no file */
  bool said_wait;          /* and whoever asks knows that it has to wait */
  enum read_status status; /* READ_FRAME, or how the capture ended or paused during a run */
};

static enum source_status at_end(const struct capture_source *self, enum read_status status)
{
  bool lacks = self->filter != NULL && filter_ran_out(self->filter);

  return status == READ_END && !lacks ? SOURCE_END : SOURCE_DAMAGED;
}

/* The next frame that the filter lets pass becomes `frame`, unless there is one already. READ_WAITS: it has to be
 * waited for, which the next call does; until then what there is can be shown. */
static enum read_status read_frame(struct capture_source *self)
{
  while (!self->has_frame) {
    enum read_status status;

    self->said_wait = self->may_wait && !self->said_wait && capture_reader_lacks_frame(self->reader);
    if (self->said_wait) {
      return READ_WAITS;
    }
    status = capture_reader_read(self->reader, &self->frame);
    if (status != READ_FRAME) {
      return status;
    }
    self->frames++;
    self->has_frame = self->filter == NULL || filter_passes(self->filter, &self->frame);
  }
  return READ_FRAME;
}

static enum source_status next_item(struct source *source, struct item *item)
{
  struct capture_source *self = (struct capture_source *)source;
  enum read_status status = self->status == READ_FRAME ? read_frame(self) : self->status;

  if (status == READ_WAITS) {
    self->status = READ_FRAME;
    return SOURCE_IDLE;
  }
  if (status != READ_FRAME) {
    return at_end(self, status);
  }
  self->has_frame = false;
  frame_decode(self->reassembler, &self->frame, self->frames, item);
  return SOURCE_ITEM;
}

/* Of a run: what lies at hand in a plain pcap file, without a detour. */
static size_t read_records(struct capture_source *self, size_t most, tcpstate_segment *segments, uint64_t *frames)
{
  struct pcap_records *records = self->filter == NULL && !self->has_frame ? capture_reader_records(self->reader) : NULL;
  struct pcap_records local; /* as nothing else can change it, it need not be read again */
  const uint64_t before = self->frames;
  struct pcap_record_header header;
  const uint8_t *bytes;
  struct plain_tcp tcp;
  size_t count = 0;

  if (records == NULL || records->common.link_type != LINK_ETHERNET) {
    return 0;
  }
  local = *records;
  while (count < most && pcap_records_peek(&local, &header, &bytes) &&
         plain_frame_read(&segments[count], &tcp, pcap_records_time(&local, &header), bytes, header.captured)) {
    frames[count] = before + count + 1;
    count++;
    pcap_records_take(&local, &header);
  }
  records->at = local.at;
  self->frames += count;
  return count;
}

/* The frame that ends the run is kept for next_item(), and so is the end of the capture. */
static size_t read_run(struct source *source, size_t most, tcpstate_segment *segments, uint64_t *frames)
{
  struct capture_source *self = (struct capture_source *)source;
  const struct frame *frame = &self->frame;
  size_t count = read_records(self, most, segments, frames);

  while (count < most && (self->status = read_frame(self)) == READ_FRAME && frame->has_time &&
         packet_decode_plain(&segments[count], frame->link_type, frame->time_ns, frame->bytes, frame->captured)) {
    frames[count++] = self->frames;
    self->has_frame = false;
  }
  return count;
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
  self->source = (struct source){.progress = tell_progress, .next = next_item, .run = read_run, .close = close_source};
  self->total_bytes = total_size(options);
  self->may_wait = self->total_bytes == 0;
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
