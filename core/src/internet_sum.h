/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RFC 1071: wider words add up to the same, and in either order of the bytes; what carries out of a word comes in again
 * at its other end. All sums here are of words as they lie in memory.
 */
#ifndef TS_INTERNET_SUM_H
#define TS_INTERNET_SUM_H

#include "compiler.h"
#include "network_order.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The carries apart, so that no addition waits for that of the one before it. */
struct internet_sum {
  uint64_t words;
  uint64_t carries;
};

static ALWAYS_INLINE void sum_add(struct internet_sum *sum, uint64_t word)
{
  sum->words += word;
  sum->carries += sum->words < word;
}

static ALWAYS_INLINE uint64_t word_at(const uint8_t *bytes)
{
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/* A number of 16 bits, as a header has it. */
static ALWAYS_INLINE void sum_add_field(struct internet_sum *sum, unsigned number)
{
  const uint8_t bytes[2] = {(uint8_t)(number >> 8), (uint8_t)number};
  uint16_t field;
  memcpy(&field, bytes, sizeof field);
  sum_add(sum, field);
}

/* The eight bytes at `bytes` without the first `skip`, 0 to 7, and as many zeros behind the rest. */
static ALWAYS_INLINE uint64_t rest_of_word(const uint8_t *bytes, unsigned skip)
{
  const uint64_t rest = read64(bytes) << 8 * skip;
  const uint8_t in_order[8] = {(uint8_t)(rest >> 56), (uint8_t)(rest >> 48), (uint8_t)(rest >> 40),
                               (uint8_t)(rest >> 32), (uint8_t)(rest >> 24), (uint8_t)(rest >> 16),
                               (uint8_t)(rest >> 8),  (uint8_t)rest};
  return word_at(in_order);
}

/* `size` is 8 at least, or there are as many bytes before. */
static ALWAYS_INLINE void sum_add_bytes(struct internet_sum *sum, const uint8_t *bytes, size_t size)
{
  const uint8_t *last = bytes + size - 8; /* the last word; its first bytes may be those of the word before */
  const unsigned skip = (unsigned)(0 - size) & 7u;
  for (; size > 32; bytes += 32, size -= 32) {
    sum_add(sum, word_at(bytes));
    sum_add(sum, word_at(bytes + 8));
    sum_add(sum, word_at(bytes + 16));
    sum_add(sum, word_at(bytes + 24));
  }
  for (; bytes < last; bytes += 8) {
    sum_add(sum, word_at(bytes));
  }
  sum_add(sum, rest_of_word(last, skip));
}

/* A TCP segment, which has 20 bytes at least. */
static ALWAYS_INLINE void sum_add_tcp(struct internet_sum *sum, const uint8_t *tcp, size_t length)
{
  sum_add(sum, word_at(tcp));
  sum_add(sum, word_at(tcp + 8));
  sum_add_bytes(sum, tcp + 16, length - 16);
}

/* The checksum in a TCP header, to be compared with a sum. */
static ALWAYS_INLINE uint16_t checksum_field(const uint8_t *tcp)
{
  uint16_t field;
  memcpy(&field, tcp + 16, sizeof field);
  return field;
}

static ALWAYS_INLINE uint64_t sum_word(struct internet_sum sum)
{
  const uint64_t word = sum.words + sum.carries;
  return word + (word < sum.carries);
}

/* 0xffff if all is right with a sum that includes its checksum; 0 if nothing but zeros was added. */
static ALWAYS_INLINE uint16_t sum_fold(struct internet_sum sum)
{
  uint64_t wide = sum_word(sum);
  uint32_t half;
  wide += wide << 32 | wide >> 32; /* both halves' sum in the upper one, with the carry of the lower one */
  half = (uint32_t)(wide >> 32);
  half += half << 16 | half >> 16;
  return (uint16_t)(half >> 16);
}

#endif
