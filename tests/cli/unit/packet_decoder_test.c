/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/packet_decoder.h"

#include "decode/reassembler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ETHERNET = 1, RAW = 101, SLL2 = 276, UNKNOWN_LINK = 147 };

/* Ethernet, IPv4 192.0.2.1 to 198.51.100.2, TCP 40000 to 80, SYN, 1000; the checksum is right. */
static const uint8_t syn[] = {
    2,    0,    0, 0,  0, 2, 2,    0,    0,  0, 0, 1, 8,    0,                            /* Ethernet */
    0x45, 0,    0, 40, 0, 1, 0x40, 0,    64, 6, 0, 0, 192,  0, 2,   1,   198, 51, 100, 2, /* IPv4 */
    0x9c, 0x40, 0, 80, 0, 0, 3,    0xe8, 0,  0, 0, 0, 0x50, 2, 255, 255, 0,   0,  0,   0, /* TCP */
};

/* What it says must be what packet_decode says, but for the time, which neither knows. */
static void compare_plain(const struct decoded *decoded, unsigned link, const uint8_t *bytes, size_t captured)
{
  tcpstate_segment plain;

  memset(&plain, 0xff, sizeof plain);
  if (packet_decode_plain(&plain, link, 0, bytes, captured)) {
    assert_int_equal(decoded->kind, DECODED_SEGMENT);
    assert_memory_equal(&plain, &decoded->segment, sizeof plain);
  }
}

static struct decoded decode(unsigned link, const uint8_t *bytes, size_t captured, size_t length)
{
  struct decoded decoded;
  struct decoded by_layers; /* the short cut for plain frames must not show */

  memset(&decoded, 0xff, sizeof decoded); /* all of it has to be set */
  packet_decode(&decoded, link, bytes, captured, length);
  memset(&by_layers, 0xff, sizeof by_layers);
  packet_decode_layers(&by_layers, link, bytes, captured, length);
  assert_memory_equal(&decoded, &by_layers, sizeof decoded);
  compare_plain(&decoded, link, bytes, captured);
  return decoded;
}

static void a_segment(void **state)
{
  struct decoded decoded = decode(ETHERNET, syn, sizeof syn, sizeof syn);
  tcpstate_segment plain;
  const uint8_t client[16] = {192, 0, 2, 1};

  (void)state;
  assert_int_equal(decoded.kind, DECODED_SEGMENT);
  assert_int_equal(decoded.segment.src_port, 40000);
  assert_int_equal(decoded.segment.seq, 1000);
  assert_int_equal(decoded.segment.flags, TCPSTATE_SYN);
  assert_int_equal(decoded.segment.domain, 0);
  assert_int_equal(decoded.segment.time_ns, 0);
  assert_memory_equal(decoded.segment.src, client, sizeof client);
  assert_true(packet_decode_plain(&plain, ETHERNET, 0, syn, sizeof syn));
  assert_false(packet_decode_plain(&plain, RAW, 0, syn, sizeof syn));
}

/* Memory of the exact size, so that a sanitizer sees a read beyond it. */
static void every_cut_is_safe(void **state)
{
  (void)state;
  for (size_t size = 0; size < sizeof syn; size++) {
    uint8_t *bytes = malloc(size > 0 ? size : 1);

    assert_non_null(bytes);
    memcpy(bytes, syn, size);
    assert_int_not_equal(decode(ETHERNET, bytes, size, sizeof syn).kind, DECODED_SEGMENT);
    free(bytes);
  }
}

static void options_that_were_cut_are_not_missed(void **state)
{
  uint8_t bytes[sizeof syn];
  struct decoded decoded;

  (void)state;
  memcpy(bytes, syn, sizeof syn);
  bytes[14 + 3] = 52;         /* IP says 12 more bytes */
  bytes[14 + 20 + 12] = 0x80; /* of TCP options */
  decoded = decode(ETHERNET, bytes, sizeof bytes, sizeof bytes + 12);
  assert_int_equal(decoded.kind, DECODED_SEGMENT);
  assert_true(decoded.segment.facts & TCPSTATE_NO_CAPTURED_OPTIONS);
  assert_int_equal(decoded.segment.payload_length, 0);
}

static void unknown_links_hold_nothing(void **state)
{
  (void)state;
  assert_false(packet_link_is_known(UNKNOWN_LINK));
  assert_true(packet_link_is_known(ETHERNET));
  assert_int_equal(decode(UNKNOWN_LINK, syn, sizeof syn, sizeof syn).kind, DECODED_OTHER);
}

static uint32_t next_random(uint32_t *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Nothing that the bytes say may lead beyond them, whatever the link type, fragments included. */
static void noise_is_safe(void **state)
{
  static const unsigned links[] = {0, 1, 9, 12, 50, 51, 101, 104, 108, 113, 166, 204, 219, 228, 229, 276};
  struct reassembler *reassembler = reassembler_new();
  uint32_t seed = 9293;

  (void)state;
  assert_non_null(reassembler);
  for (int round = 0; round < 200000; round++) {
    size_t size = next_random(&seed) % 160;
    uint8_t *bytes = malloc(size > 0 ? size : 1);
    struct decoded decoded;

    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
      /* mostly what headers are made of, so that walks get deep */
      static const uint8_t likely[] = {0x45, 0x60, 0x08, 0x00, 0x86, 0xdd, 0x81, 0x88,
                                       6,    17,   47,   41,   44,   4,    0x12, 0xb5};
      uint32_t random = next_random(&seed);

      bytes[i] = random % 3 != 0 ? likely[random % sizeof likely] : (uint8_t)(random >> 8);
    }
    decoded = decode(links[next_random(&seed) % (sizeof links / sizeof *links)], bytes, size, size + seed % 3);
    if (decoded.kind == DECODED_FRAGMENT) {
      reassembler_take(reassembler, &decoded);
    }
    free(bytes);
  }
  reassembler_free(reassembler);
}

/* Frames that are nearly plain: a few bytes changed, cut, or longer than captured. */
static void nearly_plain_frames(void **state)
{
  static const uint8_t syn6[] = {
      2,    0,    0, 0,  0, 2,  2, 0,    0, 0, 0, 1, 0x86, 0xdd,                       /* Ethernet */
      0x60, 0,    0, 0,  0, 20, 6, 64,   0, 0, 0, 0, 0,    0,    0,   0,   0, 0, 0, 0, /* IPv6 */
      0,    0,    0, 1,  0, 0,  0, 0,    0, 0, 0, 0, 0,    0,    0,   0,   0, 2,       /* its addresses' end */
      0x9c, 0x40, 0, 80, 0, 0,  3, 0xe8, 0, 0, 0, 0, 0x50, 2,    255, 255, 0, 0, 0, 0, /* TCP */
      1,    2,
  };
  uint32_t seed = 793;

  (void)state;
  for (int round = 0; round < 200000; round++) {
    bool ipv6 = next_random(&seed) % 2 != 0;
    uint8_t bytes[sizeof syn6];
    size_t size = ipv6 ? sizeof syn6 : sizeof syn;

    memcpy(bytes, ipv6 ? syn6 : syn, size);
    for (uint32_t i = next_random(&seed) % 4; i > 0; i--) {
      size_t at = 12 + next_random(&seed) % (size - 12);

      bytes[at] = next_random(&seed) % 2 ? (uint8_t)next_random(&seed) : (uint8_t)(bytes[at] + 1);
    }
    size -= next_random(&seed) % 3 ? 0 : next_random(&seed) % size;
    decode(ETHERNET, bytes, size, size + (next_random(&seed) % 2 ? 0 : next_random(&seed) % 50));
  }
}

static void put16(uint8_t *at, uint32_t number)
{
  at[0] = (uint8_t)(number >> 8);
  at[1] = (uint8_t)number;
}

static uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t size)
{
  for (size_t i = 0; i < size; i++) {
    sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
  }
  return (sum & 0xffff) + (sum >> 16);
}

/* Plain frames with a checksum that is right, wrong, or unfinished, usual options and others, and payloads of any
 * length. Returns the frame's size. */
static size_t make_plain_frame(uint8_t *frame, uint32_t *seed)
{
  static const uint8_t options[][20] = {
      {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1, 1, 1, 1, 1},
      {2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7},
      {2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0},
  };
  static const uint8_t flags[] = {TCPSTATE_ACK, TCPSTATE_SYN, TCPSTATE_SYN | TCPSTATE_ACK, TCPSTATE_RST};
  const bool ipv6 = next_random(seed) % 2 != 0;
  const size_t header = 20 + next_random(seed) % 6 * 4;
  const size_t length = header + next_random(seed) % 60;
  const size_t at = ipv6 ? 54 : 34;
  uint32_t sum = 6 + (uint32_t)length;

  for (size_t i = 0; i < at + length; i++) {
    frame[i] = (uint8_t)next_random(seed);
  }
  put16(frame + 12, ipv6 ? 0x86dd : 0x0800);
  frame[14] = ipv6 ? 0x60 : 0x45;
  put16(frame + (ipv6 ? 18 : 16), (uint32_t)(ipv6 ? length : 20 + length));
  frame[ipv6 ? 20 : 23] = 6;
  if (!ipv6) {
    put16(frame + 20, next_random(seed) % 2 ? 0x4000 : 0); /* may be cut on the way, or not */
  }
  frame[at + 12] = (uint8_t)(header / 4 << 4);
  frame[at + 13] = flags[next_random(seed) % sizeof flags];
  memcpy(frame + at + 20, options[next_random(seed) % 3], header - 20);
  sum = add_words(sum, frame + (ipv6 ? 22 : 26), ipv6 ? 32 : 8);
  if (next_random(seed) % 4) {
    put16(frame + at + 16, 0);
    put16(frame + at + 16, next_random(seed) % 4 ? ~add_words(sum, frame + at, length) : sum);
  }
  return at + length;
}

static void plain_frames_of_all_kinds(void **state)
{
  uint32_t seed = 1122;
  int damaged = 0;
  int unfinished = 0;

  (void)state;
  for (int round = 0; round < 200000; round++) {
    uint8_t frame[200];
    size_t size = make_plain_frame(frame, &seed);
    size_t captured = next_random(&seed) % 4 ? size : next_random(&seed) % size;
    struct decoded decoded = decode(ETHERNET, frame, captured + next_random(&seed) % 2, size);

    damaged += (decoded.segment.facts & TCPSTATE_BAD_CHECKSUM) != 0;
    unfinished += decoded.segment.unfinished_checksum;
  }
  assert_in_range(damaged, 20000, 50000);
  assert_in_range(unfinished, 5000, 50000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_segment),
      cmocka_unit_test(every_cut_is_safe),
      cmocka_unit_test(options_that_were_cut_are_not_missed),
      cmocka_unit_test(unknown_links_hold_nothing),
      cmocka_unit_test(noise_is_safe),
      cmocka_unit_test(nearly_plain_frames),
      cmocka_unit_test(plain_frames_of_all_kinds),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
