/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <tcpstate/tcpstate.h>

enum { FIXED = 20, LONGEST = 60 };

/* A header whose fields all differ, with these options, padded to a multiple of four. Returns its length. */
static size_t make_header(uint8_t *header, uint8_t flags, const uint8_t *options, size_t options_size)
{
  static const uint8_t fixed[FIXED] = {
      0xa0, 0x49, 0x01, 0xbb,             /* ports 41033, 443 */
      0x4f, 0x2f, 0xa5, 0x59,             /* sequence number 1328522585 */
      0x1b, 0xcb, 0x29, 0xc1,             /* acknowledgement 466299329 */
      0x00, 0x00, 0x08, 0x10, 0xde, 0xad, /* offset, flags, window 2064, checksum */
      0x00, 0x00,
  };
  size_t length = FIXED + (options_size + 3) / 4 * 4;

  assert_true(length <= LONGEST);
  memset(header, 0, LONGEST);
  memcpy(header, fixed, FIXED);
  header[12] = (uint8_t)(length / 4 << 4);
  header[13] = flags;
  if (options_size > 0) {
    memcpy(header + FIXED, options, options_size);
  }
  return length;
}

static tcpstate_segment parse_options(uint8_t flags, const uint8_t *options, size_t size)
{
  uint8_t header[LONGEST];
  size_t length = make_header(header, flags, options, size);
  tcpstate_segment segment = {0};

  assert_int_equal(tcpstate_segment_parse(&segment, header, length, length), TCPSTATE_OK);
  return segment;
}

#define PARSE_OPTIONS(flags, ...)                                                                                      \
  parse_options(flags, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

static void test_fixed_header(void **state)
{
  uint8_t header[LONGEST];
  tcpstate_segment segment = {.time_ns = 7, .domain = 8, .ip_version = 6, .facts = 0xff, .mss = 9};

  (void)state;
  make_header(header, TCPSTATE_PSH | TCPSTATE_ACK, NULL, 0);
  assert_int_equal(tcpstate_segment_parse(&segment, header, FIXED, FIXED + 523), TCPSTATE_OK);
  assert_int_equal(segment.src_port, 41033);
  assert_int_equal(segment.dst_port, 443);
  assert_int_equal(segment.seq, 1328522585);
  assert_int_equal(segment.ack, 466299329);
  assert_int_equal(segment.flags, TCPSTATE_PSH | TCPSTATE_ACK);
  assert_int_equal(segment.window, 2064);
  assert_int_equal(segment.payload_length, 523);
  assert_int_equal(segment.facts, 0);
  assert_int_equal(segment.mss, 0);
  /* not the parser's business */
  assert_int_equal(segment.time_ns, 7);
  assert_int_equal(segment.domain, 8);
  assert_int_equal(segment.ip_version, 6);
}

static void test_header_lengths(void **state)
{
  uint8_t header[LONGEST];
  tcpstate_segment segment = {0};

  (void)state;
  make_header(header, TCPSTATE_ACK, NULL, 0);
  assert_int_equal(tcpstate_segment_parse(&segment, header, 0, 40), TCPSTATE_ERROR_TRUNCATED);
  assert_int_equal(tcpstate_segment_parse(&segment, header, 19, 40), TCPSTATE_ERROR_TRUNCATED);
  assert_int_equal(tcpstate_segment_parse(&segment, header, 19, 19), TCPSTATE_ERROR_MALFORMED);
  header[12] = 0x40; /* offset 4 */
  assert_int_equal(tcpstate_segment_parse(&segment, header, 20, 20), TCPSTATE_ERROR_MALFORMED);
  header[12] = 0x60; /* offset 6, but the segment ends after 23 bytes */
  assert_int_equal(tcpstate_segment_parse(&segment, header, 23, 23), TCPSTATE_ERROR_MALFORMED);
  assert_int_equal(tcpstate_segment_parse(&segment, header, 24, 24), TCPSTATE_OK);
  assert_int_equal(segment.payload_length, 0);
  assert_int_equal(tcpstate_segment_parse(NULL, header, 24, 24), TCPSTATE_ERROR_INVALID_ARGUMENT);
  assert_int_equal(tcpstate_segment_parse(&segment, NULL, 24, 24), TCPSTATE_ERROR_INVALID_ARGUMENT);
}

static void test_options_of_a_syn(void **state)
{
  /* mss 1460, sackOK, TS val 2928333455 ecr 555445081, nop, wscale 7: the SYN-ACK of the seed's session */
  tcpstate_segment segment = PARSE_OPTIONS(TCPSTATE_SYN | TCPSTATE_ACK, 2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0xae, 0x8a, 0xd2,
                                           0x8f, 0x21, 0x1b, 0x6b, 0x59, 1, 3, 3, 7);

  (void)state;
  assert_int_equal(segment.facts, TCPSTATE_HAS_MSS | TCPSTATE_HAS_TIMESTAMP | TCPSTATE_HAS_WINDOW_SCALE);
  assert_int_equal(segment.mss, 1460);
  assert_int_equal(segment.ts_value, 2928333455);
  assert_int_equal(segment.ts_echo, 555445081);
  assert_int_equal(segment.window_scale, 7);
}

static void test_window_scale_above_14_counts_as_14(void **state)
{
  (void)state;
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 3, 3, 14).window_scale, 14);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 3, 3, 15).window_scale, 14);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 3, 3, 255).window_scale, 14);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 3, 3, 0).facts, TCPSTATE_HAS_WINDOW_SCALE);
}

static void test_only_timestamps_count_without_syn(void **state)
{
  tcpstate_segment segment = PARSE_OPTIONS(TCPSTATE_ACK, 2, 4, 5, 6, 3, 3, 7, 34, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);

  (void)state;
  assert_int_equal(segment.facts, TCPSTATE_HAS_TIMESTAMP);
  assert_int_equal(segment.ts_value, 1);
  assert_int_equal(segment.ts_echo, 2);
}

static void test_fast_open(void **state)
{
  (void)state;
  /* request; cookie of four; cookie too short, odd, too long (RFC 7413 4.1.1) */
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 34, 2).facts, TCPSTATE_HAS_FAST_OPEN);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 34, 6, 1, 2, 3, 4).facts, TCPSTATE_HAS_FAST_OPEN);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 34, 4, 1, 2).facts, 0);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 34, 7, 1, 2, 3, 4, 5).facts, 0);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 34, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8).facts, 0);
  /* the experimental form, and another experiment */
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 254, 4, 0xf9, 0x89).facts, TCPSTATE_HAS_FAST_OPEN);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 254, 8, 0xf9, 0x89, 1, 2, 3, 4).facts, TCPSTATE_HAS_FAST_OPEN);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 254, 4, 0xf9, 0x88).facts, 0);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 254, 2, 0xf9, 0x89).facts, 0);
}

static void test_bad_options_are_left_out(void **state)
{
  (void)state;
  /* wrong length of its own: the next one still counts */
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 2, 3, 1, 3, 3, 7).facts, TCPSTATE_HAS_WINDOW_SCALE);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 3, 4, 1, 1, 2, 4, 1, 1).facts, TCPSTATE_HAS_MSS);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_ACK, 8, 9, 0, 0, 0, 1, 0, 0, 0).facts, 0);
  /* a length that leads nowhere: nothing counts from there on */
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 5, 0, 2, 4, 1, 1).facts, 0);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 5, 1, 2, 4, 1, 1).facts, 0);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 2, 4, 5, 6, 5, 200, 1, 1).facts, TCPSTATE_HAS_MSS);
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 1, 1, 1, 2).facts, 0);
  /* what follows the end is padding */
  assert_int_equal(PARSE_OPTIONS(TCPSTATE_SYN, 0, 2, 4, 1, 1, 1, 1, 1).facts, 0);
}

static void test_options_that_were_cut_off(void **state)
{
  static const uint8_t options[] = {2, 4, 0x05, 0xb4, 3, 3, 7, 1};
  uint8_t header[LONGEST];
  size_t length = make_header(header, TCPSTATE_SYN, options, sizeof options);
  tcpstate_segment segment = {0};

  (void)state;
  memset(header + FIXED + 6, 0xff, LONGEST - FIXED - 6); /* must not be read */
  assert_int_equal(tcpstate_segment_parse(&segment, header, FIXED + 6, length + 9), TCPSTATE_OK);
  assert_int_equal(segment.facts, TCPSTATE_HAS_MSS | TCPSTATE_NO_CAPTURED_OPTIONS);
  assert_int_equal(segment.payload_length, 9);
  assert_int_equal(tcpstate_segment_parse(&segment, header, FIXED, length), TCPSTATE_OK);
  assert_int_equal(segment.facts, TCPSTATE_NO_CAPTURED_OPTIONS);
}

static void test_payload_is_no_option(void **state)
{
  uint8_t bytes[LONGEST];
  tcpstate_segment segment = {0};

  (void)state;
  make_header(bytes, TCPSTATE_SYN, NULL, 0);
  memcpy(bytes + FIXED, (const uint8_t[]){2, 4, 1, 1}, 4);
  assert_int_equal(tcpstate_segment_parse(&segment, bytes, FIXED + 4, FIXED + 4), TCPSTATE_OK);
  assert_int_equal(segment.facts, 0);
}

static uint32_t next_random(uint32_t *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* The usual options, some with a few bytes changed. With four times no operation before they are not the usual ones any
 * more, and mean the same. */
static void test_usual_options_as_any_others(void **state)
{
  static const uint8_t usual[][28] = {
      {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2, 2, 4, 5, 6},
      {2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7},
      {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 3, 3, 9, 0, 2, 4, 5, 0xb4, 1, 1, 8, 10, 0, 0, 0, 9},
  };
  static const size_t sizes[] = {0, 4, 8, 12, 16, 20, 24, 28};
  uint32_t seed = 7323;

  (void)state;
  for (int round = 0; round < 100000; round++) {
    uint8_t options[32] = {1, 1, 1, 1};
    size_t size = sizes[next_random(&seed) % (sizeof sizes / sizeof *sizes)];
    uint8_t flags = next_random(&seed) % 2 ? TCPSTATE_SYN : TCPSTATE_ACK;
    tcpstate_segment segment;
    tcpstate_segment as_any;

    memcpy(options + 4, usual[next_random(&seed) % 3], sizeof *usual);
    for (uint32_t i = next_random(&seed) % 3; i > 0; i--) {
      options[4 + next_random(&seed) % 28] = (uint8_t)(next_random(&seed) % 2 ? 20 : next_random(&seed));
    }
    segment = parse_options(flags, options + 4, size);
    as_any = parse_options(flags, options, size + 4);
    assert_memory_equal(&segment, &as_any, sizeof segment);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fixed_header),
      cmocka_unit_test(test_header_lengths),
      cmocka_unit_test(test_options_of_a_syn),
      cmocka_unit_test(test_window_scale_above_14_counts_as_14),
      cmocka_unit_test(test_only_timestamps_count_without_syn),
      cmocka_unit_test(test_fast_open),
      cmocka_unit_test(test_bad_options_are_left_out),
      cmocka_unit_test(test_options_that_were_cut_off),
      cmocka_unit_test(test_payload_is_no_option),
      cmocka_unit_test(test_usual_options_as_any_others),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
