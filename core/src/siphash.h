/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) of whole 64-bit words: a keyed hash, so
 * that crafted tuples cost no more than random ones. */
#ifndef TS_SIPHASH_H
#define TS_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct sip_state {
  uint64_t v0, v1, v2, v3;
};

static inline uint64_t sip_rotl(uint64_t x, unsigned bits)
{
  return (x << bits) | (x >> (64 - bits));
}

static inline void sip_round(struct sip_state *s)
{
  s->v0 += s->v1;
  s->v1 = sip_rotl(s->v1, 13) ^ s->v0;
  s->v0 = sip_rotl(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = sip_rotl(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = sip_rotl(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = sip_rotl(s->v1, 17) ^ s->v2;
  s->v2 = sip_rotl(s->v2, 32);
}

static inline void sip_word(struct sip_state *s, uint64_t word)
{
  s->v3 ^= word;
  sip_round(s);
  s->v0 ^= word;
}

static inline uint64_t siphash13(const uint64_t key[2], const uint64_t *words, size_t count)
{
  struct sip_state s = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
                        key[1] ^ 0x7465646279746573u};
  for (size_t i = 0; i < count; i++) {
    sip_word(&s, words[i]);
  }
  sip_word(&s, (uint64_t)(count * 8) << 56);
  s.v2 ^= 0xff;
  sip_round(&s);
  sip_round(&s);
  sip_round(&s);
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

#endif
