/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/digits.h"
#include "output/output.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PIPE_SIZE = 4096 };

struct pipe {
  int ends[2];
  struct output *output;
};

static struct pipe open_pipe(void)
{
  struct pipe opened;

  assert_int_equal(pipe(opened.ends), 0);
  opened.output = output_open(opened.ends[1]);
  assert_non_null(opened.output);
  return opened;
}

static void expect(struct pipe opened, const char *expected)
{
  char text[PIPE_SIZE] = "";
  ssize_t size;

  output_close(opened.output);
  close(opened.ends[1]);
  size = read(opened.ends[0], text, sizeof text - 1);
  close(opened.ends[0]);
  assert_int_equal(size, (ssize_t)strlen(expected));
  assert_string_equal(text, expected);
}

static void numbers(void **state)
{
  struct pipe opened = open_pipe();

  (void)state;
  put_number(opened.output, 0);
  put_char(opened.output, ' ');
  put_number(opened.output, UINT64_MAX);
  put_char(opened.output, ' ');
  put_hex(opened.output, 0x12, 4);
  expect(opened, "0 18446744073709551615 0x0012");
}

static void expect_digits(uint64_t number)
{
  char text[DIGITS_MOST + DIGITS_SLACK + 1];
  char expected[DIGITS_MOST + 1];
  char *end = digits_write(text, number);

  *end = '\0';
  snprintf(expected, sizeof expected, "%" PRIu64, number);
  assert_string_equal(text, expected);
  *nine_digits_write(text, (uint32_t)(number % 1000000000)) = '\0';
  snprintf(expected, sizeof expected, "%09u", (unsigned)(number % 1000000000));
  assert_string_equal(text, expected);
}

/* Where the number of digits changes, and numbers of every length between. */
static void digits(void **state)
{
  uint64_t drawn = 1;

  (void)state;
  expect_digits(0);
  expect_digits(UINT64_MAX);
  for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10) {
    expect_digits(power - 1);
    expect_digits(power);
    expect_digits(power * 9 + 9);
  }
  for (unsigned i = 0; i < 1000000; i++) {
    drawn = drawn * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    expect_digits(drawn >> i % 64);
  }
}

static void times(void **state)
{
  struct pipe opened = open_pipe();

  (void)state;
  put_time(opened.output, 0);
  put_char(opened.output, ' ');
  put_time(opened.output, 1600000000000000001);
  put_char(opened.output, ' ');
  put_time(opened.output, -1500000000);
  put_char(opened.output, ' ');
  put_time(opened.output, INT64_MIN);
  expect(opened, "0.000000000 1600000000.000000001 -1.500000000 -9223372036.854775808");
}

static void addresses_and_flags(void **state)
{
  const uint8_t ipv6[16] = {0x20, 1, 0x0d, 0xb8, [15] = 1};
  struct pipe opened = open_pipe();

  (void)state;
  put_address(opened.output, 4, (const uint8_t[]){192, 0, 2, 255});
  put_char(opened.output, ' ');
  put_address(opened.output, 6, ipv6);
  put_char(opened.output, ' ');
  put_flags(opened.output, 0xff);
  put_flags(opened.output, 0);
  expect(opened, "192.0.2.255 2001:db8::1 FSRPAUEC");
}

/* Addresses of mostly zeros, against the C library's idea of them. */
static void ipv6_addresses(void **state)
{
  uint32_t seed = 5952;

  (void)state;
  for (int round = 0; round < 3000; round++) {
    struct pipe opened = open_pipe();
    uint8_t address[16] = {0};
    char expected[INET6_ADDRSTRLEN];

    for (size_t i = 0; i < sizeof address; i++) {
      seed = seed * 1664525u + 1013904223u;
      address[i] = (uint8_t)((seed >> 30) == 0 ? seed >> 16 : (seed >> 30) == 1 ? 1 : 0);
    }
    inet_ntop(AF_INET6, address, expected, sizeof expected);
    put_address(opened.output, 6, address);
    expect(opened, expected);
  }
}

static void more_than_the_buffer_holds(void **state)
{
  char *name = strdup("/tmp/tcpstate-output-XXXXXX");
  int descriptor = mkstemp(name);
  struct output *output = output_open(descriptor);

  (void)state;
  assert_non_null(output);
  for (int i = 0; i < 300000; i++) {
    put_text(output, "0123456789");
  }
  assert_int_equal(output_error(output), 0);
  output_close(output);
  assert_int_equal(lseek(descriptor, 0, SEEK_END), 3000000);
  close(descriptor);
  unlink(name);
  free(name);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers),        cmocka_unit_test(digits),
      cmocka_unit_test(times),          cmocka_unit_test(addresses_and_flags),
      cmocka_unit_test(ipv6_addresses), cmocka_unit_test(more_than_the_buffer_holds),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
