/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers as decimal digits, straight into memory. All functions return the end of what they wrote.
 */
#ifndef CLI_DIGITS_H
#define CLI_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MOST = 20, TIME_MOST = DIGITS_MOST + 11 };

static inline char *two_digits_write(char *at, uint32_t number)
{
  static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                              "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                              "8081828384858687888990919293949596979899";

  memcpy(at, pairs + 2 * (size_t)number, 2);
  return at + 2;
}

static inline unsigned digits_count(uint64_t number)
{
  unsigned count = 1;

  for (; number >= 10000; number /= 10000) {
    count += 4;
  }
  return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

static inline char *digits_write(char *at, uint64_t number)
{
  char *end = at + digits_count(number);
  char *place = end;
  uint32_t small;

  for (; number > UINT32_MAX; number /= 100) {
    two_digits_write(place -= 2, (uint32_t)(number % 100));
  }
  small = (uint32_t)number; /* divides faster */
  for (; small >= 100; small /= 100) {
    two_digits_write(place -= 2, small % 100);
  }
  if (small >= 10) {
    two_digits_write(at, small);
  } else {
    *at = (char)('0' + small);
  }
  return end;
}

/* With leading zeros. */
static inline char *nine_digits_write(char *at, uint32_t number)
{
  *at = (char)('0' + number / 100000000);
  two_digits_write(at + 1, number / 1000000 % 100);
  two_digits_write(at + 3, number / 10000 % 100);
  two_digits_write(at + 5, number / 100 % 100);
  return two_digits_write(at + 7, number % 100);
}

/* Seconds with nine decimals. */
static inline char *time_write(char *at, int64_t nanoseconds)
{
  uint64_t magnitude = nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;

  if (nanoseconds < 0) {
    *at++ = '-';
  }
  at = digits_write(at, magnitude / 1000000000);
  *at++ = '.';
  return nine_digits_write(at, (uint32_t)(magnitude % 1000000000));
}

#endif
