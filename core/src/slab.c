/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "slab.h"

#include <string.h>

/* Chunks that are allocated at once: a large slab grows in blocks that fill huge pages, where no limit has to be kept.
 */
static uint32_t group_of(const struct slab *slab, uint32_t chunk)
{
  return slab->memory->limit || chunk < SLAB_GROUP ? 1 : SLAB_GROUP;
}

static size_t group_size(const struct slab *slab, uint32_t group)
{
  return slab->record_size * SLAB_CHUNK * group + 64; /* room to align the first record */
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
    memory_put(slab->memory, slab->chunks[i], group_size(slab, group_of(slab, i)));
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
  void **chunks = memory_get(slab->memory, room * sizeof *chunks);
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

/* A group's later chunks lie behind the first one's aligned start. */
static void enter_chunks(struct slab *slab, void *memory, uint32_t group)
{
  uint8_t *first = memory;
  uint32_t start = slab->chunk_count;
  for (uint32_t i = 0; i < group; i++) {
    slab->chunks[slab->chunk_count++] = i ? first + i * slab->record_size * SLAB_CHUNK : memory;
    first = i ? first : slab_at(slab, start * SLAB_CHUNK);
  }
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
  enter_chunks(slab, memory, group);
  return TCPSTATE_OK;
}

/* Zeroed here, not a chunk at once, which would have left the cache by then. */
int slab_take(struct slab *slab, uint32_t *place)
{
  if (slab->free) {
    *place = slab->free - 1;
    memcpy(&slab->free, slab_at(slab, *place), sizeof slab->free);
  } else if (slab->fresh < slab->chunk_count * SLAB_CHUNK || add_chunks(slab) == TCPSTATE_OK) {
    *place = slab->fresh++;
  } else {
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
