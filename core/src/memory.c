/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "memory.h"

#include <string.h>

void *memory_get_unset(struct memory *memory, size_t size)
{
  if (memory->limit && (size > memory->limit || memory->used > memory->limit - size)) {
    return NULL;
  }
  void *block = memory->allocator.allocate(memory->allocator.user, size);
  if (block) {
    memory->used += size;
  }
  return block;
}

void *memory_get(struct memory *memory, size_t size)
{
  void *block = memory_get_unset(memory, size);
  if (block) {
    memset(block, 0, size);
  }
  return block;
}

void memory_put(struct memory *memory, void *block, size_t size)
{
  if (block) {
    memory->used -= size;
    memory->allocator.release(memory->allocator.user, block, size);
  }
}
