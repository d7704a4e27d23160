/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checksum.h"

#include <string.h>

enum {
  FIXED_HEADER = 20,
  CHECKSUM_OFFSET = 16,
  PROTOCOL_TCP = 6,
  /* Longer than any frame on a wire: put together or not yet cut by the network card, whose checksum is stale. */
  LONGEST_ON_A_WIRE = 16384
};

/* RFC 1071: wider words add up to the same, and in either order of the bytes; the carry out of the word comes in again
 * at its other end. All sums here are of words as they lie in memory. */
static inline uint64_t add_word(uint64_t sum, uint64_t word)
{
  sum += word;
  return sum + (sum < word ? 1u : 0u);
}

/* What is left over is padded with zeros. */
static inline uint64_t add_bytes(uint64_t sum, const uint8_t *bytes, size_t size)
{
  uint64_t word;
  for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
    memcpy(&word, bytes, sizeof word);
    sum = add_word(sum, word);
  }
  if (size >= 4) {
    uint32_t half;
    memcpy(&half, bytes, sizeof half);
    sum = add_word(sum, half);
    bytes += sizeof half;
    size -= sizeof half;
  }
  if (size > 0) {
    uint8_t last[4] = {0};
    uint32_t half;
    for (size_t i = 0; i < size; i++) {
      last[i] = bytes[i];
    }
    memcpy(&half, last, sizeof half);
    sum = add_word(sum, half);
  }
  return sum;
}

static uint16_t fold(uint64_t sum)
{
  sum = (sum & UINT32_MAX) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

/* All of the pseudo header but the length. */
static uint64_t add_addresses(const uint8_t *src, const uint8_t *dst, unsigned ip_version)
{
  const uint8_t protocol[2] = {0, PROTOCOL_TCP};
  size_t address_size = ip_version == 4 ? 4 : 16;
  return add_bytes(add_bytes(add_bytes(0, protocol, 2), src, address_size), dst, address_size);
}

static uint64_t add_length(uint64_t sum, size_t length)
{
  const uint8_t length_field[2] = {(uint8_t)(length >> 8), (uint8_t)length};
  return add_bytes(sum, length_field, 2);
}

static uint16_t field_of(const uint8_t *segment)
{
  uint16_t field;
  memcpy(&field, segment + CHECKSUM_OFFSET, sizeof field);
  return field;
}

int ts_checksum_is_unfinished(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                              unsigned ip_version)
{
  return field_of(segment) == fold(add_length(add_addresses(src, dst, ip_version), length));
}

int ts_checksum_is_bad(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                       unsigned ip_version)
{
  uint64_t addresses;
  uint64_t pseudo;
  uint16_t field;

  if (length < FIXED_HEADER || length > LONGEST_ON_A_WIRE) {
    return 0;
  }
  addresses = add_addresses(src, dst, ip_version);
  pseudo = add_length(addresses, length);
  if (fold(add_bytes(pseudo, segment, length)) == 0xffff) {
    return 0;
  }
  /* What a host hands to a card that fills the checksum in: nothing, or the sum of the pseudo header, with the length
   * or, where the card cuts the segment too, without it. */
  field = field_of(segment);
  return field != 0 && field != fold(pseudo) && field != fold(addresses);
}
