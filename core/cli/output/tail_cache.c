/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tail_cache.h"

#include "../huge_pages.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { ENTRIES = 512, TAIL_SIZE = 480 };

/* All of the annotation that `render` may use lies together in it, from `possible` on; what else lies there does no
 * harm. Whole words, the last one's rest zero but for a mark that the entry is in use. */
enum {
  SAID = offsetof(tcpstate_annotation, possible),
  SAID_SIZE = offsetof(tcpstate_annotation, teardown_role) + 1 - SAID,
  KEY_WORDS = 4
};

struct key {
  uint64_t words[KEY_WORDS]; /* the first are the events */
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

static struct key key_of(const tcpstate_annotation *annotation)
{
  struct key key = {{annotation->events}};
  uint8_t *rest = (uint8_t *)&key.words[1];

  _Static_assert(SAID_SIZE < sizeof key - sizeof annotation->events, "the mark has a byte of its own");
  memcpy(rest, (const uint8_t *)annotation + SAID, SAID_SIZE);
  rest[SAID_SIZE] = 1;
  return key;
}

static size_t hash(const struct key *key)
{
  uint64_t value = 0;

  for (size_t i = 0; i < KEY_WORDS; i++) {
    value = (value ^ key->words[i]) * UINT64_C(0x9e3779b97f4a7c15);
    value ^= value >> 29;
  }
  return value % ENTRIES;
}

static bool is_same(const struct key *a, const struct key *b)
{
  uint64_t difference = 0;

  for (size_t i = 0; i < KEY_WORDS; i++) {
    difference |= a->words[i] ^ b->words[i];
  }
  return difference == 0;
}

/* The entry is filled as far as the text fits. */
static void put_anew(struct output *output, struct tail_cache *cache, struct entry *entry, const struct key *key,
                     const struct packet *packet)
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
    entry->key = *key;
  }
}

void put_tail(struct output *output, struct tail_cache *cache, const struct packet *packet)
{
  const struct key key = key_of(packet->annotation);
  struct entry *entry = &cache->entries[hash(&key)];

  if (is_same(&entry->key, &key)) {
    char *at = output_room(output, TAIL_SIZE);

    memcpy(at, entry->text, entry->size);
    output_took(output, at + entry->size);
  } else {
    put_anew(output, cache, entry, &key, packet);
  }
}
