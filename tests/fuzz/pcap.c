/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A pcap file, read by our reader, which takes plain records in place, and by libpcap alone: every frame, the end and
 * what is said of damage have to be the same. The mutator keeps the records one behind the other. */
#include "pieces.h"
#include "quiet.h"
#include "target.h"

#include "input/capture_file.h"
#include "input/pcap_frame.h"

#include <string.h>
#include <unistd.h>

enum {
  NAME_SIZE = 40,
  ERROR_SIZE = COMPLAINT_SIZE,
  HEADER = 24,
  RECORD_HEADER = 16,
  CAPTURED = 8,
  MOST_INPUT = 1 << 16
};

/* libpcap's way through the same file. */
struct other {
  pcap_t *pcap;
  struct frame frame;
  char error[ERROR_SIZE];
};

static bool open_other(struct other *other, const char *name)
{
  char error[PCAP_ERRBUF_SIZE] = "";
  FILE *stream = fopen(name, "rb");

  FUZZ_CHECK(stream != NULL);
  memset(other, 0, sizeof *other);
  other->pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, error);
  if (other->pcap == NULL) {
    fclose(stream);
    return false;
  }
  pcap_frame_prepare(&other->frame, other->pcap);
  return true;
}

static enum read_status read_other(struct other *other)
{
  struct pcap_pkthdr *header;
  const u_char *bytes;
  int result = pcap_next_ex(other->pcap, &header, &bytes);

  if (result == 1) {
    pcap_frame_fill(&other->frame, header, bytes, true);
    return READ_FRAME;
  }
  if (result == PCAP_ERROR_BREAK) {
    return READ_END;
  }
  snprintf(other->error, sizeof other->error, "damaged at byte %ld: %s", ftell(pcap_file(other->pcap)),
           pcap_geterr(other->pcap));
  return READ_DAMAGED;
}

static void check_frames(const struct frame *ours, const struct frame *other)
{
  FUZZ_CHECK(ours->captured == other->captured && ours->length == other->length);
  FUZZ_CHECK(ours->captured == 0 || memcmp(ours->bytes, other->bytes, ours->captured) == 0);
  FUZZ_CHECK(ours->time_ns == other->time_ns && ours->has_time && ours->block.size == 0);
  FUZZ_CHECK(ours->link_type == other->link_type && ours->snap_length == other->snap_length);
}

static void read_both(struct capture_file *file, struct other *other)
{
  enum read_status status = READ_FRAME;
  struct frame frame = {0};
  char said[COMPLAINT_SIZE];

  while (status == READ_FRAME) {
    status = capture_file_read(file, &frame);
    FUZZ_CHECK(status == read_other(other));
    if (status == READ_FRAME) {
      check_frames(&frame, &other->frame);
    }
  }
  complaint_copy(said, "damaged at byte");
  FUZZ_CHECK(status == READ_END || strcmp(said, other->error) == 0);
}

/* What libpcap does not unpack, or what is read in another way. */
static bool is_of_another_kind(const uint8_t *data, size_t size)
{
  return size < HEADER || data[0] == 0x0a || data[0] == 0x1f || data[0] == 0x28;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char name[NAME_SIZE];
  uint64_t bytes = 0;
  struct capture_file *file;
  struct other other;
  int descriptor;

  if (is_of_another_kind(data, size) || size > MOST_INPUT) {
    return 0;
  }
  descriptor = file_of(data, size);
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  complaint_forget();
  file = capture_file_open(name, NULL, &bytes);
  FUZZ_CHECK((file != NULL) == open_other(&other, name));
  if (file != NULL) {
    read_both(file, &other);
    FUZZ_CHECK(bytes <= size);
    capture_file_close(file);
    pcap_close(other.pcap);
  }
  close(descriptor);
  return 0;
}

/* ---------------------------------------------------------------- mutation */

static uint32_t number_at(const uint8_t *at)
{
  uint32_t number;

  memcpy(&number, at, sizeof number);
  return number;
}

static void put_number(uint8_t *at, uint32_t number)
{
  memcpy(at, &number, sizeof number);
}

static void change_header(uint8_t *data, unsigned seed)
{
  static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xd4c3b2a1, 0xa1b2cd34, 0x4d3cb2a1};
  static const uint32_t snap_lengths[] = {0,          1,         64, 65535, 1U << 18, (1U << 18) - RECORD_HEADER,
                                          0xffffffff, 0x80000000};
  static const uint32_t link_types[] = {1, 101, 113, 276, 0, 12, 147, 0x10000001, 0xfc000001, 105, 127, 228};

  switch (seed % 4) {
  case 0:
    put_number(data, magics[seed / 4 % (sizeof magics / sizeof *magics)]);
    break;
  case 1:
    put_number(data + 16, snap_lengths[seed / 4 % (sizeof snap_lengths / sizeof *snap_lengths)]);
    break;
  case 2:
    put_number(data + 20, link_types[seed / 4 % (sizeof link_types / sizeof *link_types)]);
    break;
  default:
    put_number(data + 4, seed & 4 ? 0x00040002 : seed >> 8);
    break;
  }
}

/* One field of one record; mostly a small step. */
static void change_record(uint8_t *record, size_t left, unsigned seed)
{
  static const uint32_t odd[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 999999999, 1000000000, 1U << 18};
  uint8_t *field = record + seed % 4 * sizeof(uint32_t);
  uint32_t drawn = seed >> 6;

  if (seed & 16) {
    put_number(field, odd[drawn % (sizeof odd / sizeof *odd)]);
  } else if (seed & 32 && left > RECORD_HEADER) {
    record[RECORD_HEADER + drawn % (left - RECORD_HEADER)] ^= (uint8_t)(1U << (drawn & 7));
  } else {
    put_number(field, number_at(field) + drawn % 5 - 2);
  }
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room) __attribute__((weak));

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
  size_t at = HEADER;

  if (size < HEADER + RECORD_HEADER || (seed & 3) == 0) {
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, size, room) : size;
  }
  if ((seed & 0x3c) == 0) {
    change_header(data, seed >> 6);
    return size;
  }
  for (unsigned step = seed >> 6 & 15; step > 0; step--) { /* some record */
    size_t next = at + RECORD_HEADER + number_at(data + at + CAPTURED);

    if (next + RECORD_HEADER > size || next < at) {
      break;
    }
    at = next;
  }
  change_record(data + at, size - at, seed >> 10);
  return size;
}
