/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "annotated_copy.h"

#include "../input/pcapng.h"
#include "../message.h"
#include "comment.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_HEADER = 8, BLOCK_TRAILER = 4, PACKET_HEADER = 20, CAPTURED_OFFSET = 12, SECTION_LENGTH_OFFSET = 16 };
enum { OPTION_END = 0, OPTION_COMMENT = 1, OPTION_RESOLUTION = 9, NANOSECONDS = 9 };
enum { MAX_INTERFACES = 64 };

struct annotated_copy {
  const char *name;
  int descriptor;
  struct output *output;
  bool has_section;
  bool big_endian; /* of the current section */
  size_t without_comment;
  size_t left_out;
  size_t interface_count; /* of our own section, for input that is not pcapng */
  struct {
    unsigned link_type;
    uint32_t snap_length;
  } interfaces[MAX_INTERFACES];
};

struct annotated_copy *annotated_copy_open(const char *name)
{
  struct annotated_copy *copy = calloc(1, sizeof *copy);

  if (copy == NULL) {
    complain("no memory");
    return NULL;
  }
  copy->name = name;
  copy->descriptor =
      strcmp(name, "-") == 0 ? dup(STDOUT_FILENO) : open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (copy->descriptor < 0 || (copy->output = output_open(copy->descriptor)) == NULL) {
    complain("%s: %s", name, strerror(errno));
    if (copy->descriptor >= 0) {
      close(copy->descriptor);
    }
    free(copy);
    return NULL;
  }
  return copy;
}

/* ---------------------------------------------------------------- numbers */

static void put_u16(struct annotated_copy *copy, unsigned number)
{
  const uint8_t high = (uint8_t)(number >> 8);
  const uint8_t low = (uint8_t)number;
  const uint8_t bytes[] = {copy->big_endian ? high : low, copy->big_endian ? low : high};

  put_bytes(copy->output, (const char *)bytes, sizeof bytes);
}

static void put_u32(struct annotated_copy *copy, uint32_t number)
{
  put_u16(copy, copy->big_endian ? number >> 16 : number & 0xffff);
  put_u16(copy, copy->big_endian ? number & 0xffff : number >> 16);
}

static uint32_t get_u32(const struct raw_block *block, size_t at)
{
  const uint8_t *bytes = block->bytes + at;

  return block->big_endian ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3]
                           : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

static size_t padded(size_t size)
{
  return (size + 3) & ~(size_t)3;
}

static void put_padded(struct annotated_copy *copy, const uint8_t *bytes, size_t size)
{
  put_bytes(copy->output, (const char *)bytes, size);
  for (size_t i = size; i < padded(size); i++) {
    put_char(copy->output, '\0');
  }
}

static void put_comment(struct annotated_copy *copy, const char *comment, size_t size)
{
  put_u16(copy, OPTION_COMMENT);
  put_u16(copy, (unsigned)size);
  put_padded(copy, (const uint8_t *)comment, size);
}

/* ---------------------------------------------------------------- from pcapng */

void annotated_copy_block(void *user, const struct raw_block *block)
{
  struct annotated_copy *copy = user;

  copy->has_section = true;
  copy->big_endian = block->big_endian;
  if (get_u32(block, 0) != PCAPNG_SECTION) {
    put_bytes(copy->output, (const char *)block->bytes, block->size);
    return;
  }
  /* The section grows by the comments: its length is no longer known. */
  put_bytes(copy->output, (const char *)block->bytes, SECTION_LENGTH_OFFSET);
  put_u32(copy, UINT32_MAX);
  put_u32(copy, UINT32_MAX);
  put_bytes(copy->output, (const char *)block->bytes + SECTION_LENGTH_OFFSET + 8,
            block->size - SECTION_LENGTH_OFFSET - 8);
}

/* The comment goes before the options that are there already. */
static void copy_block(struct annotated_copy *copy, const struct raw_block *block, const char *comment)
{
  size_t comment_size = strlen(comment);
  size_t options = BLOCK_HEADER + PACKET_HEADER + padded(get_u32(block, BLOCK_HEADER + CAPTURED_OFFSET));
  size_t end = block->size - BLOCK_TRAILER;
  bool needs_end = options >= end;
  uint32_t size = (uint32_t)(block->size + 4 + padded(comment_size) + (needs_end ? 4 : 0));

  options = needs_end ? end : options;
  put_bytes(copy->output, (const char *)block->bytes, 4);
  put_u32(copy, size);
  put_bytes(copy->output, (const char *)block->bytes + BLOCK_HEADER, options - BLOCK_HEADER);
  put_comment(copy, comment, comment_size);
  put_bytes(copy->output, (const char *)block->bytes + options, end - options);
  if (needs_end) {
    put_u32(copy, OPTION_END);
  }
  put_u32(copy, size);
}

/* ---------------------------------------------------------------- from other captures */

static void put_section(struct annotated_copy *copy)
{
  const uint32_t size = BLOCK_HEADER + 16 + BLOCK_TRAILER;

  put_u32(copy, PCAPNG_SECTION);
  put_u32(copy, size);
  put_u32(copy, PCAPNG_BYTE_ORDER_MAGIC);
  put_u16(copy, 1);
  put_u16(copy, 0);
  put_u32(copy, UINT32_MAX);
  put_u32(copy, UINT32_MAX);
  put_u32(copy, size);
  copy->has_section = true;
}

static void put_interface(struct annotated_copy *copy, const struct frame *frame)
{
  const uint32_t size = BLOCK_HEADER + 8 + 8 + 4 + BLOCK_TRAILER;

  put_u32(copy, PCAPNG_INTERFACE);
  put_u32(copy, size);
  put_u16(copy, frame->link_type);
  put_u16(copy, 0);
  put_u32(copy, frame->snap_length);
  put_u16(copy, OPTION_RESOLUTION);
  put_u16(copy, 1);
  put_padded(copy, &(const uint8_t){NANOSECONDS}, 1);
  put_u32(copy, OPTION_END);
  put_u32(copy, size);
}

/* Number of the frame's interface, which is described first if it is new. */
static size_t interface_of(struct annotated_copy *copy, const struct frame *frame)
{
  for (size_t i = 0; i < copy->interface_count; i++) {
    if (copy->interfaces[i].link_type == frame->link_type && copy->interfaces[i].snap_length == frame->snap_length) {
      return i;
    }
  }
  if (copy->interface_count == MAX_INTERFACES) { /* one file has one, a live capture too */
    return 0;
  }
  if (!copy->has_section) {
    put_section(copy);
  }
  put_interface(copy, frame);
  copy->interfaces[copy->interface_count].link_type = frame->link_type;
  copy->interfaces[copy->interface_count].snap_length = frame->snap_length;
  return copy->interface_count++;
}

static void put_frame(struct annotated_copy *copy, const struct frame *frame, const char *comment)
{
  uint32_t number = (uint32_t)interface_of(copy, frame);
  uint64_t stamp = frame->time_ns > 0 ? (uint64_t)frame->time_ns : 0;
  size_t comment_size = strlen(comment);
  size_t options = comment_size > 0 ? 4 + padded(comment_size) + 4 : 0;
  uint32_t size = (uint32_t)(BLOCK_HEADER + PACKET_HEADER + padded(frame->captured) + options + BLOCK_TRAILER);

  put_u32(copy, PCAPNG_ENHANCED_PACKET);
  put_u32(copy, size);
  put_u32(copy, number);
  put_u32(copy, (uint32_t)(stamp >> 32));
  put_u32(copy, (uint32_t)stamp);
  put_u32(copy, (uint32_t)frame->captured);
  put_u32(copy, (uint32_t)frame->length);
  put_padded(copy, frame->bytes, frame->captured);
  if (comment_size > 0) {
    put_comment(copy, comment, comment_size);
    put_u32(copy, OPTION_END);
  }
  put_u32(copy, size);
}

/* ---------------------------------------------------------------- both */

void annotated_copy_packet(struct annotated_copy *copy, const struct frame *frame,
                           const tcpstate_annotation *annotation)
{
  char comment[COMMENT_SIZE] = "";

  if (annotation != NULL) {
    comment_text(comment, annotation);
  }
  if (frame->link_type > UINT16_MAX) { /* of a damaged pcap file: pcapng has no number for it */
    copy->left_out++;
  } else if (frame->block.size == 0) {
    put_frame(copy, frame, comment);
  } else if (annotation != NULL && get_u32(&frame->block, 0) != PCAPNG_SIMPLE_PACKET) {
    copy_block(copy, &frame->block, comment);
  } else { /* a simple packet has no room for options, and no time that another block could carry */
    copy->without_comment += annotation != NULL;
    put_bytes(copy->output, (const char *)frame->block.bytes, frame->block.size);
  }
}

bool annotated_copy_close(struct annotated_copy *copy)
{
  bool complete;
  int error;

  if (!copy->has_section) {
    put_section(copy);
  }
  output_flush(copy->output);
  error = output_error(copy->output);
  if (close(copy->descriptor) != 0 && error == 0) {
    error = errno;
  }
  if (error != 0 && error != EPIPE) {
    complain("%s: %s", copy->name, strerror(error));
  }
  if (copy->without_comment > 0) {
    complain("%zu simple packet blocks cannot carry a comment", copy->without_comment);
  }
  if (copy->left_out > 0) {
    complain("%s lacks %zu packets of a link type that pcapng cannot name", copy->name, copy->left_out);
  }
  complete = copy->left_out == 0 && (error == 0 || error == EPIPE);
  output_close(copy->output);
  free(copy);
  return complete;
}
