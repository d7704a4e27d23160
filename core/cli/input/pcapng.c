/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcapng.h"

#include "byte_stream.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_HEADER = 8, BLOCK_TRAILER = 4, MIN_BLOCK = 12, MIN_SECTION = 28, INTERFACE_BODY = 8, READ_STEP = 1 << 16 };
enum { OPTION_END = 0, OPTION_RESOLUTION = 9, OPTION_OFFSET = 14 };

struct interface {
  unsigned link_type;
  uint32_t snap_length; /* 0: none */
  uint8_t resolution;   /* as in if_tsresol */
  int64_t offset;       /* seconds to add */
};

struct pcapng {
  struct byte_stream *stream;
  unsigned long long position; /* where the next block starts */
  const char *error;
  bool no_memory; /* for a block */
  bool big_endian;
  bool in_section;
  struct interface *interfaces;
  size_t interface_count;
  size_t interface_room;
  uint8_t *block;
  size_t block_size;
  size_t block_room;
  const struct block_watch *watch;
};

/* ---------------------------------------------------------------- numbers */

static uint16_t get16(const struct pcapng *pcapng, const uint8_t *at)
{
  return (uint16_t)(pcapng->big_endian ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

static uint32_t get32(const struct pcapng *pcapng, const uint8_t *at)
{
  return pcapng->big_endian ? (uint32_t)get16(pcapng, at) << 16 | get16(pcapng, at + 2)
                            : (uint32_t)get16(pcapng, at + 2) << 16 | get16(pcapng, at);
}

static uint64_t get64(const struct pcapng *pcapng, const uint8_t *at)
{
  return pcapng->big_endian ? (uint64_t)get32(pcapng, at) << 32 | get32(pcapng, at + 4)
                            : (uint64_t)get32(pcapng, at + 4) << 32 | get32(pcapng, at);
}

/* ---------------------------------------------------------------- time */

static int64_t add_clamped(uint64_t seconds, int64_t offset, uint64_t nanoseconds)
{
  const int64_t limit = INT64_MAX / 1000000000 - 1;
  int64_t sum;

  if (seconds > (uint64_t)limit || offset > limit || offset < -limit) {
    return seconds > (uint64_t)limit || offset > 0 ? INT64_MAX : INT64_MIN;
  }
  sum = (int64_t)seconds + offset;
  if (sum > limit || sum < -limit) {
    return sum > 0 ? INT64_MAX : INT64_MIN;
  }
  return sum * 1000000000 + (int64_t)nanoseconds;
}

/* if_tsresol: the negative power of ten, or, with the top bit, of two, that a time stamp counts in. */
static int64_t to_nanoseconds(const struct interface *interface, uint64_t stamp)
{
  unsigned power = interface->resolution & 0x7f;
  uint64_t unit = 1;

  if (interface->resolution & 0x80) {
    uint64_t seconds = power < 64 ? stamp >> power : 0;
    uint64_t fraction = power < 64 ? stamp & ((UINT64_C(1) << power) - 1) : 0;

    if (power > 32 && power < 64) { /* 32 bits of a fraction are finer than a nanosecond */
      fraction >>= power - 32;
      power = 32;
    }
    return add_clamped(seconds, interface->offset, power < 64 ? fraction * 1000000000 >> power : 0);
  }
  if (power > 19) { /* finer than 64 bits can count a second in */
    return add_clamped(0, interface->offset, 0);
  }
  for (unsigned i = 0; i < power; i++) {
    unit *= 10;
  }
  return add_clamped(stamp / unit, interface->offset,
                     power <= 9 ? stamp % unit * (1000000000 / unit) : stamp % unit / (unit / 1000000000));
}

/* ---------------------------------------------------------------- blocks */

static enum read_status damaged(struct pcapng *pcapng, const char *error)
{
  pcapng->error = error;
  return READ_DAMAGED;
}

/* Appends to the block; its memory grows with what is really there, not with what a length claims. */
static bool append(struct pcapng *pcapng, size_t count)
{
  while (count > 0) {
    size_t step = count < READ_STEP ? count : READ_STEP;

    if (pcapng->block_room - pcapng->block_size < step) {
      size_t room = pcapng->block_room * 2 + READ_STEP;
      uint8_t *grown = realloc(pcapng->block, room);

      if (grown == NULL) {
        pcapng->no_memory = true;
        return false;
      }
      pcapng->block = grown;
      pcapng->block_room = room;
    }
    if (!byte_stream_read(pcapng->stream, pcapng->block + pcapng->block_size, step)) {
      return false;
    }
    pcapng->block_size += step;
    count -= step;
  }
  return true;
}

/* The input has ended too early: what counts is where. */
static enum read_status cut(struct pcapng *pcapng)
{
  const char *error = byte_stream_error(pcapng->stream);

  if (pcapng->no_memory) {
    return damaged(pcapng, "no memory for a block");
  }
  pcapng->position = byte_stream_position(pcapng->stream);
  return damaged(pcapng, error != NULL ? error : "a block is cut off");
}

/* A section sets the byte order, in which its own length is written. */
static enum read_status read_byte_order(struct pcapng *pcapng)
{
  static const uint8_t big[] = {0x1a, 0x2b, 0x3c, 0x4d};
  static const uint8_t little[] = {0x4d, 0x3c, 0x2b, 0x1a};

  if (!append(pcapng, sizeof big)) {
    return cut(pcapng);
  }
  if (memcmp(pcapng->block + BLOCK_HEADER, big, sizeof big) != 0 &&
      memcmp(pcapng->block + BLOCK_HEADER, little, sizeof little) != 0) {
    return damaged(pcapng, "a section without byte-order magic");
  }
  pcapng->big_endian = pcapng->block[BLOCK_HEADER] == big[0];
  pcapng->interface_count = 0;
  pcapng->in_section = true;
  return READ_FRAME;
}

/* READ_FRAME: the block is whole. */
static enum read_status read_block(struct pcapng *pcapng, uint32_t *type)
{
  static const uint8_t section[] = {0x0a, 0x0d, 0x0d, 0x0a}; /* reads the same in both orders */
  enum read_status status;
  uint32_t size;

  pcapng->position += pcapng->block_size;
  pcapng->block_size = 0;
  if (byte_stream_peek(pcapng->stream, 1) == NULL) {
    return byte_stream_error(pcapng->stream) != NULL ? cut(pcapng) : READ_END;
  }
  if (!append(pcapng, BLOCK_HEADER)) {
    return cut(pcapng);
  }
  if (memcmp(pcapng->block, section, sizeof section) == 0) {
    status = read_byte_order(pcapng);
    if (status != READ_FRAME) {
      return status;
    }
  } else if (!pcapng->in_section) {
    return damaged(pcapng, "no section before the first block");
  }
  *type = get32(pcapng, pcapng->block);
  size = get32(pcapng, pcapng->block + 4);
  if (size < (*type == PCAPNG_SECTION ? MIN_SECTION : MIN_BLOCK) || size % 4 != 0 || size > PCAPNG_MAX_BLOCK) {
    return damaged(pcapng, "a block with a length that makes no sense");
  }
  if (!append(pcapng, size - pcapng->block_size)) {
    return cut(pcapng);
  }
  if (get32(pcapng, pcapng->block + size - BLOCK_TRAILER) != size) {
    return damaged(pcapng, "a block whose two lengths differ");
  }
  return READ_FRAME;
}

/* ---------------------------------------------------------------- interfaces */

static void read_interface_option(const struct pcapng *pcapng, struct interface *interface, const uint8_t *option,
                                  size_t length)
{
  switch (get16(pcapng, option)) {
  case OPTION_RESOLUTION:
    if (length >= 1) {
      interface->resolution = option[4];
    }
    break;
  case OPTION_OFFSET:
    if (length >= 8) {
      interface->offset = (int64_t)get64(pcapng, option + 4);
    }
    break;
  default:
    break;
  }
}

static void read_interface_options(const struct pcapng *pcapng, struct interface *interface, const uint8_t *at,
                                   const uint8_t *end)
{
  while (end - at >= 4) {
    size_t length = get16(pcapng, at + 2);
    size_t padded = (length + 3) & ~(size_t)3;

    if (get16(pcapng, at) == OPTION_END || padded > (size_t)(end - at) - 4) {
      return;
    }
    read_interface_option(pcapng, interface, at, length);
    at += 4 + padded;
  }
}

static enum read_status add_interface(struct pcapng *pcapng)
{
  const uint8_t *body = pcapng->block + BLOCK_HEADER;
  struct interface interface = {.resolution = 6};

  if (pcapng->block_size < MIN_BLOCK + INTERFACE_BODY) {
    return damaged(pcapng, "an interface block that is too short");
  }
  if (pcapng->interface_count == pcapng->interface_room) {
    size_t room = pcapng->interface_room * 2 + 4;
    struct interface *grown = realloc(pcapng->interfaces, room * sizeof *grown);

    if (grown == NULL) {
      return damaged(pcapng, "no memory for its interfaces");
    }
    pcapng->interfaces = grown;
    pcapng->interface_room = room;
  }
  interface.link_type = get16(pcapng, body);
  interface.snap_length = get32(pcapng, body + 4);
  read_interface_options(pcapng, &interface, body + INTERFACE_BODY, pcapng->block + pcapng->block_size - BLOCK_TRAILER);
  pcapng->interfaces[pcapng->interface_count++] = interface;
  return READ_FRAME;
}

/* ---------------------------------------------------------------- packets */

struct packet_form {
  size_t header; /* bytes before the packet's */
  size_t stamp;  /* where its time is; 0: it has none */
  size_t captured;
  size_t length;
};

static enum read_status packet_of(struct pcapng *pcapng, struct frame *frame, const struct packet_form *form,
                                  size_t interface_number)
{
  const uint8_t *body = pcapng->block + BLOCK_HEADER;
  const struct interface *interface = &pcapng->interfaces[interface_number];
  size_t room = pcapng->block_size - MIN_BLOCK - form->header;

  frame->length = get32(pcapng, body + form->length);
  if (form->stamp != 0) {
    uint64_t high = get32(pcapng, body + form->stamp);

    frame->captured = get32(pcapng, body + form->captured);
    frame->time_ns = to_nanoseconds(interface, high << 32 | get32(pcapng, body + form->stamp + 4));
  } else { /* the simple packet: cut at the snap length, if at all */
    frame->captured = frame->length;
    if (interface->snap_length != 0 && frame->captured > interface->snap_length) {
      frame->captured = interface->snap_length;
    }
    frame->time_ns = 0;
  }
  if (frame->captured > room) {
    return damaged(pcapng, "a packet that is longer than its block");
  }
  frame->has_time = form->stamp != 0;
  frame->bytes = body + form->header;
  frame->link_type = interface->link_type;
  frame->snap_length = interface->snap_length;
  frame->block = (struct raw_block){pcapng->block, pcapng->block_size, pcapng->big_endian};
  return READ_FRAME;
}

static enum read_status read_packet(struct pcapng *pcapng, struct frame *frame, uint32_t type)
{
  static const struct packet_form enhanced = {.header = 20, .stamp = 4, .captured = 12, .length = 16};
  static const struct packet_form simple = {.header = 4, .stamp = 0, .captured = 0, .length = 0};
  const struct packet_form *form = type == PCAPNG_SIMPLE_PACKET ? &simple : &enhanced;
  const uint8_t *body = pcapng->block + BLOCK_HEADER;
  size_t interface_number;

  if (pcapng->block_size < MIN_BLOCK + form->header) {
    return damaged(pcapng, "a packet block that is too short");
  }
  switch (type) {
  case PCAPNG_ENHANCED_PACKET:
    interface_number = get32(pcapng, body);
    break;
  case PCAPNG_OBSOLETE_PACKET: /* like the enhanced one, but for a count of drops beside the interface */
    interface_number = get16(pcapng, body);
    break;
  default:
    interface_number = 0;
    break;
  }
  if (interface_number >= pcapng->interface_count) {
    return damaged(pcapng, "a packet of an interface that was not described");
  }
  return packet_of(pcapng, frame, form, interface_number);
}

/* ---------------------------------------------------------------- public */

struct pcapng *pcapng_new(struct byte_stream *stream, const struct block_watch *watch)
{
  struct pcapng *pcapng = calloc(1, sizeof *pcapng);

  if (pcapng != NULL) {
    pcapng->stream = stream;
    pcapng->watch = watch;
  }
  return pcapng;
}

void pcapng_free(struct pcapng *pcapng)
{
  free(pcapng->interfaces);
  free(pcapng->block);
  free(pcapng);
}

const char *pcapng_error(const struct pcapng *pcapng, unsigned long long *byte)
{
  *byte = pcapng->position;
  return pcapng->error;
}

static enum read_status take_other_block(struct pcapng *pcapng, uint32_t type)
{
  const struct raw_block block = {pcapng->block, pcapng->block_size, pcapng->big_endian};

  if (pcapng->watch != NULL) {
    pcapng->watch->other_block(pcapng->watch->user, &block);
  }
  return type == PCAPNG_INTERFACE ? add_interface(pcapng) : READ_FRAME;
}

enum read_status pcapng_read(struct pcapng *pcapng, struct frame *frame)
{
  for (;;) {
    uint32_t type = 0;
    enum read_status status = read_block(pcapng, &type);

    if (status != READ_FRAME) {
      return status;
    }
    if (type == PCAPNG_ENHANCED_PACKET || type == PCAPNG_SIMPLE_PACKET || type == PCAPNG_OBSOLETE_PACKET) {
      return read_packet(pcapng, frame, type);
    }
    status = take_other_block(pcapng, type);
    if (status != READ_FRAME) {
      return status;
    }
  }
}

bool pcapng_lacks_block(const struct pcapng *pcapng)
{
  const uint8_t *start;
  uint32_t size;

  if (byte_stream_lacks(pcapng->stream, BLOCK_HEADER)) {
    return true;
  }
  start = byte_stream_peek(pcapng->stream, BLOCK_HEADER);
  if (start == NULL || get32(pcapng, start) == PCAPNG_SECTION) { /* which may be in the other byte order */
    return false;
  }
  size = get32(pcapng, start + 4);
  return byte_stream_lacks(pcapng->stream, size < STREAM_PEEK_MOST ? size : STREAM_PEEK_MOST);
}
