/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "listeners.h"

#include "siphash.h"
#include <string.h>

static uint64_t digest(const struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain)
{
  uint64_t words[3];
  memcpy(words, address, 16);
  words[2] = (uint64_t)domain << 32 | port;
  return siphash13(listeners->hash_key, words, 3);
}

/* Of the set that holds it. */
static size_t first_place(uint64_t hash)
{
  return hash % (LISTENER_COUNT / LISTENER_PLACES) * LISTENER_PLACES;
}

static uint32_t tag_of(uint64_t hash)
{
  return (uint32_t)(hash >> 32) | 1u;
}

void listeners_add(struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain)
{
  uint64_t hash = digest(listeners, address, port, domain);
  uint32_t *place = listeners->tag + first_place(hash);
  uint32_t tag = tag_of(hash);
  unsigned i = 0;

  /* The last one added comes first; the one that was added longest ago makes room. */
  if (place[0] == tag) {
    return;
  }
  while (i < LISTENER_PLACES - 1 && place[i] != tag && place[i] != 0) {
    i++;
  }
  memmove(place + 1, place, i * sizeof *place);
  place[0] = tag;
}

bool listeners_have(const struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain)
{
  uint64_t hash = digest(listeners, address, port, domain);
  const uint32_t *place = listeners->tag + first_place(hash);
  uint32_t tag = tag_of(hash);

  for (unsigned i = 0; i < LISTENER_PLACES; i++) {
    if (place[i] == tag) {
      return true;
    }
  }
  return false;
}
