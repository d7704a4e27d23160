/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * IPv6 addresses whose text takes longer to make than the rest of the row: kept, for those who write them in every row.
 */
#ifndef CLI_KNOWN_ADDRESSES_H
#define CLI_KNOWN_ADDRESSES_H

#include "apart.h"
#include "output.h"

#include <string.h>

/* A line of the processor's cache. */
struct known_address {
  uint64_t words[2];
  uint8_t size; /* 0: not used yet */
  char text[47];
};

enum { KNOWN_BITS = 12, KNOWN_ADDRESSES = 1 << KNOWN_BITS };

APART void known_address_make(struct known_address *known, const uint8_t *address);

/* Of `table`, which was zeroed at first. Only the highest bits of a product depend on all of its factors. */
static inline const struct known_address *known_address(struct known_address table[KNOWN_ADDRESSES],
                                                        const uint8_t *address)
{
  struct known_address *known;
  uint64_t words[2];

  memcpy(words, address, sizeof words);
  known = &table[(words[0] ^ words[1]) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - KNOWN_BITS)];
  if (known->size == 0 || ((known->words[0] ^ words[0]) | (known->words[1] ^ words[1])) != 0) {
    known_address_make(known, address);
  }
  return known;
}

#endif
