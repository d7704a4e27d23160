/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "memo.h"
#include <stdlib.h>
#include <string.h>

struct memo_entry {
  uint64_t key; /* 0: free */
  double paths;
};

enum { FIRST_SIZE = 1 << 16 };

bool memo_init(struct memo *memo)
{
  memo->size = FIRST_SIZE;
  memo->used = 0;
  memo->entry = calloc(memo->size, sizeof *memo->entry);
  return memo->entry != NULL;
}

void memo_free(struct memo *memo)
{
  free(memo->entry);
  memo->entry = NULL;
}

static struct memo_entry *place(const struct memo *memo, uint64_t key)
{
  size_t at = (size_t)key & (memo->size - 1);
  while (memo->entry[at].key != 0 && memo->entry[at].key != key) {
    at = (at + 1) & (memo->size - 1);
  }
  return &memo->entry[at];
}

bool memo_find(const struct memo *memo, uint64_t key, double *paths)
{
  const struct memo_entry *entry = place(memo, key ? key : 1);
  *paths = entry->paths;
  return entry->key != 0;
}

static bool grow(struct memo *memo)
{
  struct memo larger = {calloc(memo->size * 2, sizeof *memo->entry), memo->size * 2, memo->used};
  if (!larger.entry) {
    return false;
  }
  for (size_t i = 0; i < memo->size; i++) {
    if (memo->entry[i].key != 0) {
      *place(&larger, memo->entry[i].key) = memo->entry[i];
    }
  }
  free(memo->entry);
  *memo = larger;
  return true;
}

bool memo_add(struct memo *memo, uint64_t key, double paths)
{
  struct memo_entry *entry;
  if (memo->used * 4 >= memo->size * 3 && !grow(memo)) {
    return false;
  }
  entry = place(memo, key ? key : 1);
  memo->used += entry->key == 0;
  entry->key = key ? key : 1;
  entry->paths = paths;
  return true;
}

uint64_t memo_hash(uint64_t hash, const void *data, size_t size)
{
  const unsigned char *bytes = data;
  while (size > 0) {
    uint64_t word = 0;
    size_t length = size < sizeof word ? size : sizeof word;
    memcpy(&word, bytes, length);
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    hash ^= hash >> 32;
    bytes += length;
    size -= length;
  }
  return hash;
}
