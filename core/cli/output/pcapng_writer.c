/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcapng_writer.h"

#include "../input/pcapng.h"

#include <string.h>

enum { OPTION_NAME = 2, OPTION_DESCRIPTION = 3, OPTION_RESOLUTION = 9, NANOSECONDS = 9 };
enum { BLOCK = 12, SECTION = 16, INTERFACE = 8, PACKET = 20, OPTION = 4, TEXT_MAX = 1024 };

/* ---------------------------------------------------------------- parts */

static void put_u16(struct pcapng_writer *writer, unsigned number)
{
  const uint8_t high = (uint8_t)(number >> 8);
  const uint8_t low = (uint8_t)number;
  const uint8_t bytes[] = {writer->big_endian ? high : low, writer->big_endian ? low : high};

  put_bytes(writer->output, (const char *)bytes, sizeof bytes);
}

void pcapng_put_u32(struct pcapng_writer *writer, uint32_t number)
{
  put_u16(writer, writer->big_endian ? number >> 16 : number & 0xffff);
  put_u16(writer, writer->big_endian ? number & 0xffff : number >> 16);
}

static void put_padded(struct pcapng_writer *writer, const void *bytes, size_t size)
{
  put_bytes(writer->output, bytes, size);
  for (size_t i = size; i < pcapng_padded(size); i++) {
    put_char(writer->output, '\0');
  }
}

static void put_option(struct pcapng_writer *writer, unsigned code, const void *bytes, size_t size)
{
  put_u16(writer, code);
  put_u16(writer, (unsigned)size);
  put_padded(writer, bytes, size);
}

void pcapng_put_option(struct pcapng_writer *writer, enum pcapng_option code, const void *bytes, size_t size)
{
  put_option(writer, code, bytes, size);
}

size_t pcapng_option_size(size_t size)
{
  return OPTION + pcapng_padded(size);
}

/* ---------------------------------------------------------------- blocks */

void pcapng_begin(struct pcapng_writer *writer)
{
  if (writer->has_section) {
    return;
  }
  pcapng_put_u32(writer, PCAPNG_SECTION);
  pcapng_put_u32(writer, BLOCK + SECTION);
  pcapng_put_u32(writer, PCAPNG_BYTE_ORDER_MAGIC);
  put_u16(writer, 1);
  put_u16(writer, 0);
  pcapng_put_u32(writer, UINT32_MAX);
  pcapng_put_u32(writer, UINT32_MAX);
  pcapng_put_u32(writer, BLOCK + SECTION);
  writer->has_section = true;
}

static size_t text_size(const char *text)
{
  return text == NULL ? 0 : strnlen(text, TEXT_MAX);
}

static void put_text_option(struct pcapng_writer *writer, unsigned code, const char *text)
{
  if (text != NULL) {
    put_option(writer, code, text, text_size(text));
  }
}

static void put_interface(struct pcapng_writer *writer, const struct pcapng_origin *origin, const struct frame *frame)
{
  const size_t names = (origin->name != NULL ? pcapng_option_size(text_size(origin->name)) : 0) +
                       (origin->description != NULL ? pcapng_option_size(text_size(origin->description)) : 0);
  const uint32_t size = (uint32_t)(BLOCK + INTERFACE + names + pcapng_option_size(1) + OPTION);

  pcapng_put_u32(writer, PCAPNG_INTERFACE);
  pcapng_put_u32(writer, size);
  put_u16(writer, frame->link_type);
  put_u16(writer, 0);
  pcapng_put_u32(writer, frame->snap_length);
  put_text_option(writer, OPTION_NAME, origin->name);
  put_text_option(writer, OPTION_DESCRIPTION, origin->description);
  put_option(writer, OPTION_RESOLUTION, &(const uint8_t){NANOSECONDS}, 1);
  pcapng_put_u32(writer, PCAPNG_OPTION_END);
  pcapng_put_u32(writer, size);
}

/* Number of the frame's interface, which is described first if it is new. When there is room for no more, one of the
 * same origin and link type has to do. */
static uint32_t interface_of(struct pcapng_writer *writer, const struct pcapng_origin *origin,
                             const struct frame *frame)
{
  const bool full = writer->interface_count == PCAPNG_MAX_INTERFACES;

  for (uint32_t i = 0; i < writer->interface_count; i++) {
    if (writer->interfaces[i].origin == origin && writer->interfaces[i].link_type == frame->link_type &&
        (full || writer->interfaces[i].snap_length == frame->snap_length)) {
      return i;
    }
  }
  if (full) {
    return 0;
  }
  put_interface(writer, origin, frame);
  writer->interfaces[writer->interface_count].origin = origin;
  writer->interfaces[writer->interface_count].link_type = frame->link_type;
  writer->interfaces[writer->interface_count].snap_length = frame->snap_length;
  return writer->interface_count++;
}

bool pcapng_put_frame(struct pcapng_writer *writer, const struct pcapng_origin *origin, const struct frame *frame,
                      int64_t time_ns, const char *comment)
{
  const uint64_t stamp = time_ns > 0 ? (uint64_t)time_ns : 0;
  const size_t length = strlen(comment);
  const size_t options = length > 0 ? pcapng_option_size(length) + OPTION : 0;
  const uint32_t size = (uint32_t)(BLOCK + PACKET + pcapng_padded(frame->captured) + options);
  uint32_t interface;

  if (frame->link_type > UINT16_MAX) {
    return false;
  }
  pcapng_begin(writer);
  interface = interface_of(writer, origin, frame);
  pcapng_put_u32(writer, PCAPNG_ENHANCED_PACKET);
  pcapng_put_u32(writer, size);
  pcapng_put_u32(writer, interface);
  pcapng_put_u32(writer, (uint32_t)(stamp >> 32));
  pcapng_put_u32(writer, (uint32_t)stamp);
  pcapng_put_u32(writer, (uint32_t)frame->captured);
  pcapng_put_u32(writer, (uint32_t)frame->length);
  put_padded(writer, frame->bytes, frame->captured);
  if (length > 0) {
    put_option(writer, PCAPNG_OPTION_COMMENT, comment, length);
    pcapng_put_u32(writer, PCAPNG_OPTION_END);
  }
  pcapng_put_u32(writer, size);
  return true;
}
