/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first two bytes choose the link type; the rest are frames, each behind its length in two bytes, the top bit of
 * which says that the frame was cut. Fragments go on to the reassembler. */
#include "target.h"

#include "decode/packet_decoder.h"
#include "decode/reassembler.h"

#include <string.h>

enum { LINK_SIZE = 2, LENGTH_SIZE = 2, CUT = 0x8000, CUT_AWAY = 1000 };

static void check(const struct decoded *decoded)
{
  const tcpstate_segment *segment = &decoded->segment;

  FUZZ_CHECK(decoded->kind <= DECODED_MALFORMED);
  if (decoded->kind == DECODED_SEGMENT || decoded->kind == DECODED_ICMP_ERROR) {
    static const uint8_t zeros[12];

    FUZZ_CHECK(segment->ip_version == 4 || segment->ip_version == 6);
    FUZZ_CHECK(segment->ip_version == 6 || (memcmp(segment->src + 4, zeros, sizeof zeros) == 0 &&
                                            memcmp(segment->dst + 4, zeros, sizeof zeros) == 0));
  }
}

/* Without the padding at its end. */
enum { SEGMENT_SIZE = offsetof(tcpstate_segment, unfinished_checksum) + sizeof(uint8_t) };

/* The short cuts for plain frames must not show. */
static void check_short_cuts(const struct decoded *decoded, unsigned link, const uint8_t *frame, size_t size,
                             size_t length)
{
  struct decoded by_layers;
  tcpstate_segment plain;

  packet_decode_layers(&by_layers, link, frame, size, length);
  FUZZ_CHECK(decoded->kind == by_layers.kind);
  FUZZ_CHECK(memcmp((const char *)&decoded->segment, (const char *)&by_layers.segment, SEGMENT_SIZE) == 0);
  memset(&plain, 0xff, sizeof plain);
  if (packet_decode_plain(&plain, link, 0, frame, size)) {
    FUZZ_CHECK(decoded->kind == DECODED_SEGMENT);
    FUZZ_CHECK(memcmp((const char *)&decoded->segment, (const char *)&plain, SEGMENT_SIZE) == 0);
  }
}

/* In memory of the exact size, so that a sanitizer sees a read beyond it. */
static void decode(struct reassembler *reassembler, unsigned link, const uint8_t *frame, size_t size, size_t length)
{
  uint8_t *exact = malloc(size > 0 ? size : 1);
  struct decoded decoded;

  FUZZ_CHECK(exact != NULL);
  memcpy(exact, frame, size);
  memset(&decoded, 0xff, sizeof decoded); /* all of it has to be set */
  packet_decode(&decoded, link, exact, size, length);
  check(&decoded);
  check_short_cuts(&decoded, link, exact, size, length);
  if (decoded.kind == DECODED_FRAGMENT) {
    FUZZ_CHECK(decoded.fragment.size <= size);
    if (reassembler_take(reassembler, &decoded) > 0) {
      check(&decoded);
    }
  }
  free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct reassembler *reassembler = reassembler_new();
  unsigned link = size >= LINK_SIZE ? (unsigned)data[0] << 8 | data[1] : 0;

  for (size_t at = LINK_SIZE; reassembler != NULL && at + LENGTH_SIZE <= size;) {
    unsigned head = (unsigned)data[at] << 8 | data[at + 1];
    size_t left = size - at - LENGTH_SIZE;
    size_t captured = (head & (CUT - 1)) < left ? head & (CUT - 1) : left;

    decode(reassembler, link, data + at + LENGTH_SIZE, captured, captured + (head & CUT ? CUT_AWAY : 0));
    at += LENGTH_SIZE + captured;
  }
  if (reassembler != NULL) {
    reassembler_free(reassembler);
  }
  return 0;
}
