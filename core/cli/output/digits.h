/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers as decimal digits, straight into memory. All functions return the end of what they wrote; up to DIGITS_SLACK
 * bytes behind it are written to as well.
 */
#ifndef CLI_DIGITS_H
#define CLI_DIGITS_H

#include <stdint.h>

enum { DIGITS_MOST = 20, TIME_MOST = DIGITS_MOST + 11, DIGITS_SLACK = 7 };

static inline unsigned digits_count(uint64_t number)
{
  unsigned count = 1;

  for (; number >= 10000; number /= 10000) {
    count += 4;
  }
  return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* Eight digits, leading zeros and all, a byte each, the first one lowest. All are found together: four and four, then
 * pairs, then digits, each in its part of the word. The factors are reciprocals, exact as far as they are needed. */
static inline uint64_t eight_digits(uint32_t number)
{
  uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
  uint64_t hundreds = (fours * 5243 >> 19) & UINT64_C(0x0000007f0000007f);
  uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
  uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);

  return tens | (pairs - tens * 10) << 8;
}

static inline void eight_bytes_write(char *at, uint64_t bytes)
{
  for (unsigned i = 0; i < 8; i++) { /* one store, where the lowest byte comes first */
    at[i] = (char)(bytes >> 8 * i & 0xff);
  }
}

static inline char *eight_digits_write(char *at, uint32_t number)
{
  eight_bytes_write(at, eight_digits(number) + UINT64_C(0x3030303030303030));
  return at + 8;
}

/* The same for numbers below 10000. */
static inline char *four_digits_write(char *at, uint32_t number)
{
  uint32_t hundreds = number * 5243 >> 19;
  uint32_t pairs = hundreds | (number - hundreds * 100) << 16;
  uint32_t tens = (pairs * 103 >> 10) & UINT32_C(0x000f000f);
  uint32_t digits = tens | (pairs - tens * 10) << 8;
  unsigned zeros = (unsigned)__builtin_ctz(digits | UINT32_C(1) << 24) / 8;

  digits = (digits + UINT32_C(0x30303030)) >> 8 * zeros;
  for (unsigned i = 0; i < 4; i++) {
    at[i] = (char)(digits >> 8 * i & 0xff);
  }
  return at + 4 - zeros;
}

/* Below 100000000, without a branch. The last digit stands even if it is zero. */
static inline char *plain_digits_write(char *at, uint32_t number)
{
  uint64_t digits = eight_digits(number);
  unsigned zeros = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) / 8;

  eight_bytes_write(at, (digits + UINT64_C(0x3030303030303030)) >> 8 * zeros);
  return at + 8 - zeros;
}

/* The same, where small numbers come often. */
static inline char *small_digits_write(char *at, uint32_t number)
{
  return number < 10000 ? four_digits_write(at, number) : plain_digits_write(at, number);
}

static inline char *digits_write(char *at, uint64_t number)
{
  enum { EIGHT = 100000000 };

  if (number < EIGHT) {
    return small_digits_write(at, (uint32_t)number);
  }
  if (number / EIGHT < EIGHT) {
    at = small_digits_write(at, (uint32_t)(number / EIGHT));
  } else {
    at = small_digits_write(at, (uint32_t)(number / EIGHT / EIGHT));
    at = eight_digits_write(at, (uint32_t)(number / EIGHT % EIGHT));
  }
  return eight_digits_write(at, (uint32_t)(number % EIGHT));
}

/* With leading zeros. */
static inline char *nine_digits_write(char *at, uint32_t number)
{
  *at = (char)('0' + number / 100000000);
  return eight_digits_write(at + 1, number % 100000000);
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
