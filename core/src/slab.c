/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "slab.h"

#include <string.h>

enum { LINE = 64, BLOCK = 1 << 21 /* a huge page */, FEW = 4 /* chunks that come one by one */ };

/* Chunks that are allocated at once: a large slab grows in blocks that fill huge pages, where no limit has to be kept.
 */
static uint32_t group_of(const struct slab *slab, uint32_t chunk)
{
  size_t chunk_size = slab->record_size * SLAB_CHUNK;
  uint32_t group = (uint32_t)((BLOCK - LINE) / chunk_size);
  return slab->memory->limit || chunk < FEW ? 1 : group;
}

static size_t group_size(const struct slab *slab, uint32_t group)
{
  return slab->record_size * SLAB_CHUNK * group + LINE; /* room to align the first record */
}

/* The start of the memory that a group lies in is kept right before its first record. */
static uint8_t *align_group(void *memory)
{
  uintptr_t start = (uintptr_t)memory;
  uint8_t *first = (uint8_t *)memory + (((start + sizeof memory + LINE - 1) & ~(uintptr_t)(LINE - 1)) - start);
  memcpy(first - sizeof memory, &memory, sizeof memory);
  return first;
}

static void *memory_of(const uint8_t *first)
{
  void *memory;
  memcpy(&memory, first - sizeof memory, sizeof memory);
  return memory;
}

void slab_init(struct slab *slab, struct memory *memory, size_t record_size)
{
  memset(slab, 0, sizeof *slab);
  slab->memory = memory;
  slab->record_size = record_size;
}

void slab_clear(struct slab *slab)
{
  for (uint32_t i = 0; i < slab->chunk_count; i += group_of(slab, i)) {
    memory_put(slab->memory, memory_of(slab->chunks[i]), group_size(slab, group_of(slab, i)));
  }
  memory_put(slab->memory, slab->chunks, slab->chunk_room * sizeof *slab->chunks);
  slab_init(slab, slab->memory, slab->record_size);
}

static int grow_list(struct slab *slab)
{
  uint32_t room = slab->chunk_room ? slab->chunk_room * 2 : 16;
  if (room > UINT32_MAX / SLAB_CHUNK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  uint8_t **chunks = memory_get(slab->memory, room * sizeof *chunks);
  if (!chunks) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  if (slab->chunks) {
    memcpy(chunks, slab->chunks, slab->chunk_count * sizeof *chunks);
    memory_put(slab->memory, slab->chunks, slab->chunk_room * sizeof *chunks);
  }
  slab->chunks = chunks;
  slab->chunk_room = room;
  return TCPSTATE_OK;
}

static int add_chunks(struct slab *slab)
{
  uint32_t group = group_of(slab, slab->chunk_count);
  while (slab->chunk_room - slab->chunk_count < group) {
    if (grow_list(slab) != TCPSTATE_OK) {
      return TCPSTATE_ERROR_NO_MEMORY;
    }
  }
  void *memory = memory_get_unset(slab->memory, group_size(slab, group));
  if (!memory) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  uint8_t *first = align_group(memory);
  for (uint32_t i = 0; i < group; i++) {
    slab->chunks[slab->chunk_count++] = first + i * slab->record_size * SLAB_CHUNK;
  }
  return TCPSTATE_OK;
}

int slab_take_other(struct slab *slab, uint32_t *place)
{
  if (slab->free) {
    *place = slab->free - 1;
    memcpy(&slab->free, slab_at(slab, *place), sizeof slab->free);
    return TCPSTATE_OK;
  }
  if (add_chunks(slab) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  *place = slab->fresh++;
  return TCPSTATE_OK;
}

/* Zeroed here, not a chunk at once, which would have left the cache by then. */
int slab_take(struct slab *slab, uint32_t *place)
{
  if (slab_take_unset(slab, place) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  memset(slab_at(slab, *place), 0, slab->record_size);
  return TCPSTATE_OK;
}

void slab_give(struct slab *slab, uint32_t place)
{
  void *record = slab_at(slab, place);
  memset(record, 0, slab->record_size);
  memcpy(record, &slab->free, sizeof slab->free);
  slab->free = place + 1;
}
