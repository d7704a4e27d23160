/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tail_cache.h"

#include "../huge_pages.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { ENTRY_BITS = 9, ENTRIES = 1 << ENTRY_BITS, TAIL_SIZE = 480 };

/* All of the annotation that `render` may use, in words as they lie in it; the last one has a mark that the entry is in
 * use. Put together in registers: what is stored in pieces and read as a whole right after costs more than the row. */
enum {
  EVENTS = offsetof(tcpstate_annotation, events),
  MOVES = offsetof(tcpstate_annotation, possible),
  ROLES = MOVES + sizeof(uint64_t),
  REST = ROLES + sizeof(uint64_t)
};

_Static_assert(REST == offsetof(tcpstate_annotation, teardown_steps) &&
                   REST + 1 == offsetof(tcpstate_annotation, teardown_role) &&
                   sizeof(tcpstate_annotation) - REST <= sizeof(uint64_t),
               "nothing is left out");

struct key {
  uint64_t events;
  uint64_t moves;
  uint64_t roles;
  uint64_t rest;
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
  struct tail_cache *cache = huge_pages_get_clear(sizeof *cache);

  if (cache != NULL && (cache->scratch = output_open(-1)) == NULL) {
    huge_pages_put(cache, sizeof *cache);
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
  huge_pages_put(cache, sizeof *cache);
}

static inline uint64_t word_of(const tcpstate_annotation *annotation, size_t offset)
{
  uint64_t word;

  memcpy(&word, (const uint8_t *)annotation + offset, sizeof word);
  return word;
}

static inline struct key key_of(const tcpstate_annotation *annotation)
{
  const uint32_t in_use = 1u << 16;

  return (struct key){word_of(annotation, EVENTS), word_of(annotation, MOVES), word_of(annotation, ROLES),
                      annotation->teardown_steps | (uint32_t)annotation->teardown_role << 8 | in_use};
}

/* A sum of products, whose highest bits depend on all of them, and none of which waits for another. */
static inline size_t hash(struct key key)
{
  uint64_t sum = key.events * UINT64_C(0x9e3779b97f4a7c15) + key.moves * UINT64_C(0xbf58476d1ce4e5b9) +
                 key.roles * UINT64_C(0x94d049bb133111eb) + key.rest * UINT64_C(0xd6e8feb86659fd93);

  return (size_t)(sum >> (64 - ENTRY_BITS));
}

static inline bool is_same(const struct key *kept, struct key key)
{
  return ((kept->events ^ key.events) | (kept->moves ^ key.moves) | (kept->roles ^ key.roles) |
          (kept->rest ^ key.rest)) == 0;
}

/* The entry is filled as far as the text fits. */
static void put_anew(struct output *output, struct tail_cache *cache, struct entry *entry, const struct packet *packet)
{
  const char *text;
  size_t size;

  output_clear(cache->scratch);
  cache->render(cache->scratch, packet);
  text = output_content(cache->scratch, &size);
  put_bytes(output, text, size);
  if (size <= TAIL_SIZE) {
    memcpy(entry->text, text, size);
    entry->size = size;
    entry->key = key_of(packet->annotation);
  }
}

void put_tail(struct output *output, struct tail_cache *cache, const struct packet *packet)
{
  const struct key key = key_of(packet->annotation);
  struct entry *entry = &cache->entries[hash(key)];

  if (is_same(&entry->key, key)) {
    char *at = output_room(output, TAIL_SIZE);

    memcpy(at, entry->text, entry->size);
    output_took(output, at + entry->size);
  } else {
    put_anew(output, cache, entry, packet);
  }
}
