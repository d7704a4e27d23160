/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "annotated_copy.h"

#include "../input/pcapng.h"
#include "../message.h"
#include "comment.h"
#include "output.h"
#include "pcapng_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_HEADER = 8, BLOCK_TRAILER = 4, PACKET_HEADER = 20, CAPTURED_OFFSET = 12, SECTION_LENGTH_OFFSET = 16 };
enum { ENOUGH_TO_WRITE = 1 << 15 };

struct annotated_copy {
  const char *name;
  int descriptor;
  struct output *output;
  struct pcapng_writer writer;
  size_t without_comment;
  size_t left_out;
};

/* Input that is not pcapng says nothing of its interface. */
static const struct pcapng_origin unnamed;

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
  copy->writer.output = copy->output;
  return copy;
}

static uint32_t get_u32(const struct raw_block *block, size_t at)
{
  const uint8_t *bytes = block->bytes + at;

  return block->big_endian ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3]
                           : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

/* ---------------------------------------------------------------- from pcapng */

void annotated_copy_block(void *user, const struct raw_block *block)
{
  struct annotated_copy *copy = user;

  copy->writer.has_section = true;
  copy->writer.big_endian = block->big_endian;
  if (get_u32(block, 0) != PCAPNG_SECTION) {
    put_bytes(copy->output, (const char *)block->bytes, block->size);
    return;
  }
  /* The section grows by the comments: its length is no longer known. */
  put_bytes(copy->output, (const char *)block->bytes, SECTION_LENGTH_OFFSET);
  pcapng_put_u32(&copy->writer, UINT32_MAX);
  pcapng_put_u32(&copy->writer, UINT32_MAX);
  put_bytes(copy->output, (const char *)block->bytes + SECTION_LENGTH_OFFSET + 8,
            block->size - SECTION_LENGTH_OFFSET - 8);
}

/* The comment goes before the options that are there already. */
static void copy_block(struct annotated_copy *copy, const struct raw_block *block, const char *comment)
{
  size_t comment_size = strlen(comment);
  size_t options = BLOCK_HEADER + PACKET_HEADER + pcapng_padded(get_u32(block, BLOCK_HEADER + CAPTURED_OFFSET));
  size_t end = block->size - BLOCK_TRAILER;
  bool needs_end = options >= end;
  uint32_t size = (uint32_t)(block->size + pcapng_option_size(comment_size) + (needs_end ? 4 : 0));

  options = needs_end ? end : options;
  put_bytes(copy->output, (const char *)block->bytes, 4);
  pcapng_put_u32(&copy->writer, size);
  put_bytes(copy->output, (const char *)block->bytes + BLOCK_HEADER, options - BLOCK_HEADER);
  pcapng_put_option(&copy->writer, PCAPNG_OPTION_COMMENT, comment, comment_size);
  put_bytes(copy->output, (const char *)block->bytes + options, end - options);
  if (needs_end) {
    pcapng_put_u32(&copy->writer, PCAPNG_OPTION_END);
  }
  pcapng_put_u32(&copy->writer, size);
}

/* ---------------------------------------------------------------- both */

void annotated_copy_packet(struct annotated_copy *copy, const struct frame *frame,
                           const tcpstate_annotation *annotation)
{
  char comment[COMMENT_SIZE] = "";
  size_t waiting;

  if (annotation != NULL) {
    comment_text(comment, annotation);
  }
  if (frame->block.size == 0) {
    copy->left_out += !pcapng_put_frame(&copy->writer, &unnamed, frame, frame->time_ns, comment);
  } else if (annotation != NULL && get_u32(&frame->block, 0) != PCAPNG_SIMPLE_PACKET) {
    copy_block(copy, &frame->block, comment);
  } else { /* a simple packet has no room for options, and no time that another block could carry */
    copy->without_comment += annotation != NULL;
    put_bytes(copy->output, (const char *)frame->block.bytes, frame->block.size);
  }
  output_content(copy->output, &waiting);
  if (waiting >= ENOUGH_TO_WRITE) { /* at the end of a block: whenever the command is killed, the file is whole */
    output_flush(copy->output);
  }
}

void annotated_copy_flush(struct annotated_copy *copy)
{
  output_flush(copy->output);
}

bool annotated_copy_is_broken(const struct annotated_copy *copy)
{
  return output_is_broken(copy->output);
}

bool annotated_copy_close(struct annotated_copy *copy)
{
  bool complete;
  int error;

  pcapng_begin(&copy->writer);
  output_flush(copy->output);
  error = output_error(copy->output);
  if (close(copy->descriptor) != 0 && error == 0) {
    error = errno;
  }
  if (error != 0 && error != EPIPE) {
    complain("%s: %s", strcmp(copy->name, "-") == 0 ? "standard output" : copy->name, strerror(error));
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
