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

void listeners_add(struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain)
{
  uint64_t hash = digest(listeners, address, port, domain);
  listeners->tag[hash % LISTENER_COUNT] = (uint32_t)(hash >> 32) | 1u;
}

bool listeners_have(const struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain)
{
  uint64_t hash = digest(listeners, address, port, domain);
  return listeners->tag[hash % LISTENER_COUNT] == ((uint32_t)(hash >> 32) | 1u);
}
