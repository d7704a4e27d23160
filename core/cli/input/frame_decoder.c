/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame_decoder.h"

void frame_decode(struct reassembler *reassembler, const struct frame *frame, uint64_t number, struct item *item)
{
  struct decoded *decoded = &item->decoded;

  item->frame = number;
  item->raw = frame;
  packet_decode(decoded, frame->link_type, frame->bytes, frame->captured, frame->length);
  decoded->segment.time_ns = frame->time_ns;
  item->fragments = decoded->kind == DECODED_FRAGMENT ? reassembler_take(reassembler, decoded) : 0;
  if (!frame->has_time) {
    decoded->segment.facts |= TCPSTATE_NO_TIME;
  }
}
