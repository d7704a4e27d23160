/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "counting_allocator.h"

#include <stdlib.h>
#include <string.h>

/* In front of each block: its size. */
union header {
  size_t size;
  max_align_t align;
};

static int is_refused(const struct counting_allocator *counts)
{
  uint64_t run = counts->refusals ? counts->refusals : 1;
  return counts->refuse_at && counts->requests >= counts->refuse_at && counts->requests - counts->refuse_at < run;
}

static void *allocate(void *user, size_t size)
{
  struct counting_allocator *counts = user;

  counts->requests++;
  if (is_refused(counts)) {
    return NULL;
  }
  union header *block = malloc(sizeof *block + size);
  if (!block) {
    return NULL;
  }
  block->size = size;
  memset(block + 1, 0xa5, size); /* nobody may rely on zeroed memory */
  counts->bytes += size;
  counts->blocks++;
  return block + 1;
}

static void release(void *user, void *memory, size_t size)
{
  struct counting_allocator *counts = user;
  union header *block = (union header *)memory - 1;

  counts->mistakes += block->size != size;
  counts->bytes -= block->size;
  counts->blocks--;
  free(block);
}

tcpstate_allocator counting_allocator_use(struct counting_allocator *counts)
{
  memset(counts, 0, sizeof *counts);
  return (tcpstate_allocator){allocate, release, counts};
}
