/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checksum.h"

enum {
  FIXED_HEADER = 20,
  CHECKSUM_OFFSET = 16,
  PROTOCOL_TCP = 6,
  /* Longer than any frame on a wire: put together or not yet cut by the network card, whose checksum is stale. */
  LONGEST_ON_A_WIRE = 16384
};

static uint32_t word_at(const uint8_t *bytes)
{
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* RFC 1071: the order of the bytes does not matter as long as it is kept, and wider words add up to the same; an odd
 * last byte is padded with zero. */
static uint64_t add_bytes(uint64_t sum, const uint8_t *bytes, size_t size)
{
  size_t at = 0;

  for (; at + 3 < size; at += 4) {
    sum += word_at(bytes + at);
  }
  for (; at + 1 < size; at += 2) {
    sum += (uint64_t)bytes[at] << 8 | bytes[at + 1];
  }
  return at < size ? sum + ((uint64_t)bytes[at] << 8) : sum;
}

static uint16_t fold(uint64_t sum)
{
  while (sum >> 16) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return (uint16_t)sum;
}

int ts_checksum_is_bad(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                       unsigned ip_version)
{
  size_t address_size = ip_version == 4 ? 4 : 16;
  uint64_t pseudo;
  uint16_t field;

  if (length < FIXED_HEADER || length > LONGEST_ON_A_WIRE) {
    return 0;
  }
  pseudo = add_bytes(add_bytes(PROTOCOL_TCP, src, address_size), dst, address_size);
  if (fold(add_bytes(pseudo + length, segment, length)) == 0xffff) {
    return 0;
  }
  /* What a host hands to a card that fills the checksum in: nothing, or the sum of the pseudo header, with the length
   * or, where the card cuts the segment too, without it. */
  field = (uint16_t)(segment[CHECKSUM_OFFSET] << 8 | segment[CHECKSUM_OFFSET + 1]);
  return field != 0 && field != fold(pseudo + length) && field != fold(pseudo);
}
