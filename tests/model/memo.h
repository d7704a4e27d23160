/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A hash table from what has been explored to the number of paths that lead on from there. */
#ifndef MODEL_MEMO_H
#define MODEL_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memo {
  struct memo_entry *entry;
  size_t size; /* a power of two */
  uint64_t used;
};

bool memo_init(struct memo *memo);
void memo_free(struct memo *memo);
/* False if the key is not there. */
bool memo_find(const struct memo *memo, uint64_t key, double *paths);
/* False if there is no memory to grow. */
bool memo_add(struct memo *memo, uint64_t key, double paths);

uint64_t memo_hash(uint64_t hash, const void *data, size_t size);

#endif
