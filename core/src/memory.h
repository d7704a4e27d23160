/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The caller's allocator with the caller's limit. */
#ifndef TS_MEMORY_H
#define TS_MEMORY_H

#include <tcpstate/tcpstate.h>

struct memory {
  tcpstate_allocator allocator;
  uint64_t limit; /* 0 = none */
  uint64_t used;
};

/* Zeroed memory, or NULL when the allocator or the limit says no. */
void *memory_get(struct memory *memory, size_t size);

/* The same, not zeroed. */
void *memory_get_unset(struct memory *memory, size_t size);

void memory_put(struct memory *memory, void *block, size_t size);

#endif
