/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segments.h"

#include "../../core/cli/input/capture_reader.h"
#include "../../core/cli/input/frame_decoder.h"
#include <stdint.h>
#include <stdlib.h>

struct segment_reader {
  struct reassembler *reassembler;
  struct capture_reader *reader;
  uint64_t frames;
};

static bool add(struct segments *segments, const tcpstate_segment *segment)
{
  if (segments->count == segments->room) {
    size_t room = segments->room * 2 + 4096;
    tcpstate_segment *at = realloc(segments->at, room * sizeof *at);
    if (!at) {
      return false;
    }
    segments->at = at;
    segments->room = room;
  }
  segments->at[segments->count++] = *segment;
  return true;
}

struct segment_reader *segment_reader_open(const char *name)
{
  struct segment_reader *self = calloc(1, sizeof *self);
  if (!self) {
    return NULL;
  }
  self->reassembler = reassembler_new();
  self->reader = capture_reader_open(&name, 1, NULL);
  if (!self->reader || !self->reassembler) {
    segment_reader_close(self);
    return NULL;
  }
  return self;
}

void segment_reader_close(struct segment_reader *self)
{
  if (self->reader) {
    capture_reader_close(self->reader);
  }
  if (self->reassembler) {
    reassembler_free(self->reassembler);
  }
  free(self);
}

bool segment_reader_fill(struct segment_reader *self, struct segments *segments, size_t most)
{
  struct frame frame;
  bool fits = true;
  segments->count = 0;
  while (fits && segments->count < most && capture_reader_read(self->reader, &frame) == READ_FRAME) {
    struct item item;
    frame_decode(self->reassembler, &frame, ++self->frames, &item);
    fits = item.decoded.kind != DECODED_SEGMENT || add(segments, &item.decoded.segment);
  }
  return fits;
}

bool segments_load(struct segments *segments, const char *name)
{
  struct segment_reader *reader = segment_reader_open(name);
  bool fits = reader && segment_reader_fill(reader, segments, SIZE_MAX);
  if (reader) {
    segment_reader_close(reader);
  }
  return fits;
}
