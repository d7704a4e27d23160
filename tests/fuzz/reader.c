/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture file of any kind, packed or not: read as a file and once more through a pipe in pieces; the frames, the end
 * and what is said of damage have to be the same. A copy with comments (-w) has to hold the same frames, too. */
#include "pieces.h"
#include "quiet.h"
#include "target.h"

#include "input/capture_file.h"
#include "input/frame_decoder.h"
#include "output/annotated_copy.h"

#include <string.h>
#include <unistd.h>

enum { MOST_INPUT = PIECES * PIECE, NAME_SIZE = 40, SELDOM = 3, MOST_FRAMES = 2000 };

struct digest {
  uint64_t hash;
  unsigned frames;
  enum read_status end;
  bool opened;
  bool strange_link; /* beyond 16 bits, which pcapng cannot name */
  char damage[COMPLAINT_SIZE];
};

/* FNV-1a. */
static void take(struct digest *digest, const void *bytes, size_t size)
{
  const uint8_t *at = bytes;

  for (size_t i = 0; i < size; i++) {
    digest->hash = (digest->hash ^ at[i]) * UINT64_C(0x100000001b3);
  }
}

static void take_frame(struct digest *digest, const struct frame *frame)
{
  take(digest, frame->bytes, frame->captured);
  take(digest, &frame->captured, sizeof frame->captured);
  take(digest, &frame->length, sizeof frame->length);
  take(digest, &frame->link_type, sizeof frame->link_type);
  digest->strange_link = digest->strange_link || frame->link_type > UINT16_MAX;
  digest->frames++;
}

static void decode(struct reassembler *reassembler, const struct frame *frame, struct annotated_copy *copy,
                   tcpstate_tracker *tracker)
{
  struct item item;
  tcpstate_annotation annotation;
  bool is_segment;

  frame_decode(reassembler, frame, 1, &item);
  is_segment =
      item.decoded.kind == DECODED_SEGMENT && tcpstate_feed(tracker, &item.decoded.segment, &annotation) == TCPSTATE_OK;
  if (copy != NULL) {
    annotated_copy_packet(copy, frame, is_segment ? &annotation : NULL);
  }
}

static struct digest read_all(const char *name, struct annotated_copy *copy)
{
  struct block_watch watch = {.other_block = annotated_copy_block, .user = copy};
  uint64_t bytes = 0;
  struct reassembler *reassembler = reassembler_new();
  struct digest digest = {.end = READ_END};
  struct capture_file *file;
  struct frame frame = {0};
  tcpstate_tracker *tracker = NULL;

  complaint_forget();
  file = capture_file_open(name, copy != NULL ? &watch : NULL, &bytes);
  digest.opened = file != NULL;
  FUZZ_CHECK(reassembler != NULL && tcpstate_new(&tracker, NULL) == TCPSTATE_OK);
  while (file != NULL && digest.frames < MOST_FRAMES && (digest.end = capture_file_read(file, &frame)) == READ_FRAME) {
    take_frame(&digest, &frame);
    decode(reassembler, &frame, copy, tracker);
  }
  tcpstate_free(tracker);
  reassembler_free(reassembler);
  if (file != NULL) {
    capture_file_close(file);
  }
  complaint_copy(digest.damage, "damaged at byte");
  return digest;
}

static struct digest read_in_pieces(const uint8_t *data, size_t size, size_t step)
{
  int kept = dup(STDIN_FILENO);
  int pieces = pipe_of(data, size, step);
  struct digest digest;

  dup2(pieces, STDIN_FILENO);
  close(pieces);
  digest = read_all("-", NULL);
  if (kept >= 0) {
    dup2(kept, STDIN_FILENO);
    close(kept);
  }
  return digest;
}

static void check_pieces(const struct digest *whole, const uint8_t *data, size_t size, size_t step)
{
  struct digest pieces;

  pieces = read_in_pieces(data, size, step);
  FUZZ_CHECK(whole->opened == pieces.opened && whole->end == pieces.end);
  FUZZ_CHECK(whole->frames == pieces.frames && whole->hash == pieces.hash);
  FUZZ_CHECK(strcmp(whole->damage, pieces.damage) == 0);
}

static void check_copy(const struct digest *original, const char *name, const char *copy_name)
{
  struct annotated_copy *copy = annotated_copy_open(copy_name);
  struct digest copied;

  FUZZ_CHECK(copy != NULL);
  read_all(name, copy);
  if (!annotated_copy_close(copy)) {
    FUZZ_CHECK(original->strange_link);
    return;
  }
  copied = read_all(copy_name, NULL);
  FUZZ_CHECK(original->frames == 0 || (copied.hash == original->hash && copied.frames == original->frames));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char name[NAME_SIZE];
  char copy_name[NAME_SIZE];
  struct digest whole;
  int file;
  int copy;

  if (size < 1 || size > MOST_INPUT) {
    return 0;
  }
  file = file_of(data, size - 1);
  copy = file_of(data, 0);
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  snprintf(copy_name, sizeof copy_name, "/proc/self/fd/%d", copy);
  whole = read_all(name, NULL);
  if ((data[size - 1] & SELDOM) == 0) { /* a pipe costs much more than the rest */
    check_pieces(&whole, data, size - 1, 1U + data[size - 1]);
  }
  check_copy(&whole, name, copy_name);
  close(file);
  close(copy);
  return 0;
}
