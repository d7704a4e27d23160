/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A keyed hash of a tuple in 32-bit words: crafted tuples cost no more than random ones.
 *
 * The sum of products is Thorup's pair-multiply-shift ("High Speed Hashing for Integers and Strings", 2015, 3.5): for
 * two tuples that were chosen without knowledge of the key, whichever they are, its upper half is the same with
 * probability 2^-32. That bounds how many collide, but leaves an order to rows of addresses, which open addressing
 * would gather into long runs; so what comes last multiplies by a secret once more. The key is drawn from the caller's
 * by SipHash. Nothing that is computed from the hash reaches the outside. */
#ifndef TS_TUPLE_HASH_H
#define TS_TUPLE_HASH_H

#include "siphash.h"

enum { TUPLE_MOST_PAIRS = 5 };

struct tuple_key {
  uint64_t first;
  uint64_t word[TUPLE_MOST_PAIRS][2];
  uint64_t last;
};

static inline void tuple_key_draw(struct tuple_key *key, const uint64_t secret[2])
{
  uint64_t number = 0;
  key->first = siphash13(secret, &number, 1);
  for (unsigned i = 0; i < TUPLE_MOST_PAIRS; i++) {
    for (unsigned side = 0; side < 2; side++) {
      number++;
      key->word[i][side] = siphash13(secret, &number, 1);
    }
  }
  number++;
  key->last = siphash13(secret, &number, 1) | 1u;
}

/* Two words of the sum: `pair` is the number of the pair, each taken once. */
static inline uint64_t tuple_product(const struct tuple_key *key, unsigned pair, uint32_t left, uint32_t right)
{
  return (key->word[pair][0] + right) * (key->word[pair][1] + left);
}

static inline uint32_t tuple_finish(const struct tuple_key *key, uint64_t sum)
{
  sum += key->first;
  sum = (sum ^ sum >> 32) * key->last;
  return (uint32_t)(sum >> 32);
}

#endif
