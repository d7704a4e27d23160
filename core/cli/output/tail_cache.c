/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tail_cache.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 512, TAIL_SIZE = 480 };

/* No padding, so that it can be compared as bytes. */
struct key {
  uint64_t events;
  uint16_t possible[2];
  uint8_t state[2];
  uint8_t certainty[2];
  uint8_t src_role;
  uint8_t roles;
  uint8_t phase;
  uint8_t handshake_role;
  uint8_t teardown_steps;
  uint8_t teardown_role;
  uint8_t used;
  uint8_t unused;
};

struct entry {
  struct key key;
  size_t size;
  char text[TAIL_SIZE];
};

struct tail_cache {
  void (*render)(struct output *output, const struct packet *packet);
  struct output *scratch;
  struct entry entries[ENTRIES];
};

struct tail_cache *tail_cache_new(void (*render)(struct output *output, const struct packet *packet))
{
  struct tail_cache *cache = calloc(1, sizeof *cache);

  if (cache != NULL && (cache->scratch = output_open(-1)) == NULL) {
    free(cache);
    return NULL;
  }
  if (cache != NULL) {
    cache->render = render;
  }
  return cache;
}

void tail_cache_free(struct tail_cache *cache)
{
  output_clear(cache->scratch);
  output_close(cache->scratch);
  free(cache);
}

static struct key key_of(const tcpstate_annotation *annotation)
{
  return (struct key){
      .events = annotation->events,
      .possible = {annotation->possible[0], annotation->possible[1]},
      .state = {annotation->state[0], annotation->state[1]},
      .certainty = {annotation->certainty[0], annotation->certainty[1]},
      .src_role = annotation->src_role,
      .roles = annotation->roles,
      .phase = annotation->phase,
      .handshake_role = annotation->handshake_role,
      .teardown_steps = annotation->teardown_steps,
      .teardown_role = annotation->teardown_role,
      .used = 1,
  };
}

static size_t hash(const struct key *key)
{
  uint64_t words[sizeof *key / sizeof(uint64_t)];
  uint64_t value = 0;

  _Static_assert(sizeof words == sizeof *key, "a key is whole words");
  memcpy(words, key, sizeof words);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    value = (value ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
    value ^= value >> 29;
  }
  return value % ENTRIES;
}

void put_tail(struct output *output, struct tail_cache *cache, const struct packet *packet)
{
  const struct key key = key_of(packet->annotation);
  struct entry *entry = &cache->entries[hash(&key)];
  const char *text;
  size_t size;

  if (memcmp(&entry->key, &key, sizeof key) == 0) {
    put_bytes(output, entry->text, entry->size);
    return;
  }
  output_clear(cache->scratch);
  cache->render(cache->scratch, packet);
  text = output_content(cache->scratch, &size);
  put_bytes(output, text, size);
  if (size <= TAIL_SIZE) {
    memcpy(entry->text, text, size);
    entry->size = size;
    entry->key = key;
  }
}
