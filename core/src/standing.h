/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where an endpoint stands, read and written at once: the end of a struct endpoint. */
#ifndef TS_STANDING_H
#define TS_STANDING_H

#include "flow.h"
#include <stddef.h>
#include <string.h>

struct standing {
  uint16_t facts;
  uint16_t possible;
  uint8_t state;
  uint8_t pending;
  uint16_t win;
};

_Static_assert(offsetof(struct endpoint, possible) == offsetof(struct endpoint, facts) + 2 &&
                   offsetof(struct endpoint, state) == offsetof(struct endpoint, facts) + 4 &&
                   offsetof(struct endpoint, pending) == offsetof(struct endpoint, facts) + 5 &&
                   sizeof(struct endpoint) == offsetof(struct endpoint, facts) + sizeof(struct standing),
               "a standing lies in the endpoint as a whole");

static inline uint64_t standing_word(const struct standing *standing)
{
  uint64_t word;
  memcpy(&word, standing, sizeof word);
  return word;
}

static inline uint64_t standing_of(const struct endpoint *endpoint)
{
  uint64_t word;
  memcpy(&word, (const uint8_t *)endpoint + offsetof(struct endpoint, facts), sizeof word);
  return word;
}

static inline void standing_set(struct endpoint *endpoint, uint64_t word)
{
  memcpy((uint8_t *)endpoint + offsetof(struct endpoint, facts), &word, sizeof word);
}

/* Where the members are in the word. */
enum standing_shift {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  STANDING_FACTS = 48,
  STANDING_POSSIBLE = 32,
  STANDING_STATE = 24,
  STANDING_PENDING = 16,
  STANDING_WIN = 0
#else
  STANDING_FACTS = 0,
  STANDING_POSSIBLE = 16,
  STANDING_STATE = 32,
  STANDING_PENDING = 40,
  STANDING_WIN = 48
#endif
};

/* The endpoint's, with something else in the window's place. Read one by one, as they may have been written so just
 * now. */
static inline uint64_t standing_gather(const struct endpoint *endpoint, unsigned win)
{
  return (uint64_t)endpoint->facts << STANDING_FACTS | (uint64_t)endpoint->possible << STANDING_POSSIBLE |
         (uint64_t)endpoint->state << STANDING_STATE | (uint64_t)endpoint->pending << STANDING_PENDING |
         (uint64_t)win << STANDING_WIN;
}

/* The same with another window. What is soon read as a whole is written as a whole: the processor waits for it
 * otherwise. */
static inline uint64_t standing_with(uint64_t word, uint16_t win)
{
  const struct standing kept = {0xffff, 0xffff, 0xff, 0xff, 0};
  const struct standing with = {0, 0, 0, 0, win};
  return (word & standing_word(&kept)) | standing_word(&with);
}

static inline void standing_offer(struct endpoint *endpoint, uint16_t win)
{
  standing_set(endpoint, standing_with(standing_of(endpoint), win));
}

#endif
