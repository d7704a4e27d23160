/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "siphash.h"

struct sip {
  uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotl(uint64_t x, unsigned bits)
{
  return (x << bits) | (x >> (64 - bits));
}

static inline void round_once(struct sip *s)
{
  s->v0 += s->v1;
  s->v1 = rotl(s->v1, 13) ^ s->v0;
  s->v0 = rotl(s->v0, 32);
  s->v2 += s->v3;
  s->v3 = rotl(s->v3, 16) ^ s->v2;
  s->v0 += s->v3;
  s->v3 = rotl(s->v3, 21) ^ s->v0;
  s->v2 += s->v1;
  s->v1 = rotl(s->v1, 17) ^ s->v2;
  s->v2 = rotl(s->v2, 32);
}

static inline void take_word(struct sip *s, uint64_t word)
{
  s->v3 ^= word;
  round_once(s);
  s->v0 ^= word;
}

uint64_t siphash13(const uint64_t key[2], const uint64_t *words, size_t count)
{
  struct sip s = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
                  key[1] ^ 0x7465646279746573u};
  for (size_t i = 0; i < count; i++) {
    take_word(&s, words[i]);
  }
  take_word(&s, (uint64_t)(count * 8) << 56);
  s.v2 ^= 0xff;
  round_once(&s);
  round_once(&s);
  round_once(&s);
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
