/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checksum.h"

#include "internet_sum.h"
#include "tcp_header.h"

static void add_address(struct internet_sum *sum, const uint8_t *address, unsigned ip_version)
{
  if (ip_version == 4) {
    uint32_t word;
    memcpy(&word, address, sizeof word);
    sum_add(sum, word);
  } else {
    sum_add(sum, word_at(address));
    sum_add(sum, word_at(address + 8));
  }
}

/* All of the pseudo header but the length. */
static struct internet_sum sum_of_addresses(const uint8_t *src, const uint8_t *dst, unsigned ip_version)
{
  struct internet_sum sum = {0};

  sum_add_field(&sum, PROTOCOL_TCP);
  add_address(&sum, src, ip_version);
  add_address(&sum, dst, ip_version);
  return sum;
}

/* The length counts modulo 2^16 here: what is longer has no field that would hold it. */
static struct internet_sum sum_of_pseudo_header(struct internet_sum addresses, size_t length)
{
  sum_add_field(&addresses, (unsigned)(length & 0xffff));
  return addresses;
}

int ts_checksum_is_unfinished(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                              unsigned ip_version)
{
  return checksum_field(segment) == sum_fold(sum_of_pseudo_header(sum_of_addresses(src, dst, ip_version), length));
}

int ts_checksum_is_bad(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                       unsigned ip_version)
{
  struct internet_sum addresses;
  struct internet_sum pseudo;
  struct internet_sum all;
  uint16_t field;

  if (length < FIXED_HEADER || length > LONGEST_ON_A_WIRE) {
    return 0;
  }
  addresses = sum_of_addresses(src, dst, ip_version);
  all = pseudo = sum_of_pseudo_header(addresses, length);
  sum_add_tcp(&all, segment, length);
  if (sum_fold(all) == 0xffff) {
    return 0;
  }
  /* What a host hands to a card that fills the checksum in: nothing, or the sum of the pseudo header, with the length
   * or, where the card cuts the segment too, without it. */
  field = checksum_field(segment);
  return field != 0 && field != sum_fold(pseudo) && field != sum_fold(addresses);
}
