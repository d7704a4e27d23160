/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "input/text_line.h"

#include "input/text_numbers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct text_line parse(const char *line)
{
  struct text_line parsed;

  text_line_parse(&parsed, line);
  return parsed;
}

static void a_whole_line(void **state)
{
  struct text_line line =
      parse("13:51:40.966228 IP 114.242.250.59.41033 > 172.17.51.219.443: Flags [S], seq 1328522649, "
            "win 65535, options [mss 1360,nop,wscale 6,nop,nop,TS val 555445081 ecr 7,sackOK,eol], "
            "length 0");

  (void)state;
  assert_true(line.is_segment);
  assert_true(line.has_seq);
  assert_int_equal(line.time.clock, CLOCK_DAY);
  assert_int_equal(line.time.ns, INT64_C(49900966228000));
  assert_int_equal(line.segment.seq, 1328522649);
  assert_int_equal(line.segment.window, 65535);
  assert_int_equal(line.segment.mss, 1360);
  assert_int_equal(line.segment.window_scale, 6);
  assert_int_equal(line.segment.ts_value, 555445081);
  assert_int_equal(line.segment.ts_echo, 7);
  assert_int_equal(line.segment.facts, TCPSTATE_HAS_MSS | TCPSTATE_HAS_WINDOW_SCALE | TCPSTATE_HAS_TIMESTAMP);
}

static void what_is_not_printed_is_not_known(void **state)
{
  struct text_line line = parse("IP  10.0.0.1.1   >  10.0.0.2.2:      Flags [P.],   seq 5:9, ack 3,length 4");

  (void)state;
  assert_true(line.is_segment);
  assert_int_equal(line.time.clock, CLOCK_NONE);
  assert_int_equal(line.segment.facts, TCPSTATE_NO_WINDOW | TCPSTATE_NO_CAPTURED_OPTIONS);
  assert_int_equal(line.segment.payload_length, 4);
  assert_int_equal(line.segment.ack, 3);
}

static void length_from_the_range(void **state)
{
  (void)state;
  assert_int_equal(parse("IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], seq 4294967290:4").segment.payload_length, 10);
}

static void fast_open(void **state)
{
  (void)state;
  assert_true(parse("IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1, win 2, options [mss 1460,tfo  cookie 12ab,eol], "
                    "length 3")
                  .segment.facts &
              TCPSTATE_HAS_FAST_OPEN);
}

static void a_window_scale_beyond_14_counts_as_14(void **state)
{
  (void)state; /* RFC 7323 2.3 */
  assert_int_equal(
      parse("IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 1, win 2, options [wscale 15]").segment.window_scale, 14);
}

static void every_prefix_is_safe(void **state)
{
  static const char whole[] =
      "2020-01-01 13:51:40.9 aa > bb, IP6 fe80::1.5 > fe80::2.6: Flags [FSRP.UEW], cksum 1 (x), "
      "seq 1:2, ack 3, win 4, options [mss 5,TS val 6 ecr 7], length 8";
  char part[sizeof whole];

  (void)state;
  for (size_t size = 0; size < sizeof whole; size++) {
    memset(part, 0, sizeof part);
    memcpy(part, whole, size);
    parse(part);
  }
  assert_true(parse(whole).is_segment);
}

/* More connections than are remembered: the numbers of a forgotten one are taken as printed. */
static void memory_is_bounded(void **state)
{
  struct text_numbers *numbers = text_numbers_new();

  (void)state;
  assert_non_null(numbers);
  for (uint32_t i = 0; i < 300000; i++) {
    tcpstate_segment segment = {.ip_version = 4, .flags = TCPSTATE_SYN, .seq = i, .src_port = (uint16_t)i};

    memcpy(segment.src, &i, sizeof i);
    assert_true(text_numbers_resolve(numbers, &segment, true));
    assert_int_equal(segment.seq, i);
  }
  text_numbers_free(numbers);
}

static void a_pure_ack_has_the_number_that_is_next(void **state)
{
  struct text_numbers *numbers = text_numbers_new();
  tcpstate_segment data = {
      .ip_version = 4, .src = {1}, .dst = {2}, .flags = TCPSTATE_ACK, .seq = 100, .ack = 50, .payload_length = 7};
  tcpstate_segment ack = {.ip_version = 4, .src = {1}, .dst = {2}, .flags = TCPSTATE_ACK, .ack = 60};
  tcpstate_segment answer = {.ip_version = 4, .src = {2}, .dst = {1}, .flags = TCPSTATE_ACK, .ack = 107};

  (void)state;
  assert_non_null(numbers);
  assert_false(text_numbers_resolve(numbers, &(tcpstate_segment){.ip_version = 4, .flags = TCPSTATE_ACK}, false));
  assert_true(text_numbers_resolve(numbers, &data, true));
  assert_true(text_numbers_resolve(numbers, &ack, false));
  assert_int_equal(ack.seq, 107);
  assert_true(text_numbers_resolve(numbers, &answer, false));
  assert_int_equal(answer.seq, 60);
  text_numbers_free(numbers);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_whole_line),
      cmocka_unit_test(what_is_not_printed_is_not_known),
      cmocka_unit_test(length_from_the_range),
      cmocka_unit_test(fast_open),
      cmocka_unit_test(a_window_scale_beyond_14_counts_as_14),
      cmocka_unit_test(every_prefix_is_safe),
      cmocka_unit_test(memory_is_bounded),
      cmocka_unit_test(a_pure_ack_has_the_number_that_is_next),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
