/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segments.h"

#include "../../core/cli/input/capture_reader.h"
#include "../../core/cli/input/frame_decoder.h"
#include <stdlib.h>

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

bool segments_load(struct segments *segments, const char *name)
{
  struct reassembler *reassembler = reassembler_new();
  struct capture_reader *reader = capture_reader_open(&name, 1, NULL);
  struct frame frame;
  bool fits = reader && reassembler;
  for (uint64_t number = 1; fits && capture_reader_read(reader, &frame) == READ_FRAME; number++) {
    struct item item;
    frame_decode(reassembler, &frame, number, &item);
    fits = item.decoded.kind != DECODED_SEGMENT || add(segments, &item.decoded.segment);
  }
  if (reader) {
    capture_reader_close(reader);
  }
  if (reassembler) {
    reassembler_free(reassembler);
  }
  return fits;
}
