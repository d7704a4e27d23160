/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "slab.h"

#include <string.h>

static size_t chunk_size(const struct slab *slab)
{
  return slab->record_size * SLAB_CHUNK + 64; /* room to align the first record */
}

void slab_init(struct slab *slab, struct memory *memory, size_t record_size)
{
  memset(slab, 0, sizeof *slab);
  slab->memory = memory;
  slab->record_size = record_size;
}

void slab_clear(struct slab *slab)
{
  for (uint32_t i = 0; i < slab->chunk_count; i++) {
    memory_put(slab->memory, slab->chunks[i], chunk_size(slab));
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

static int add_chunk(struct slab *slab)
{
  if (slab->chunk_count == slab->chunk_room && grow_list(slab) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  void *chunk = memory_get(slab->memory, chunk_size(slab));
  if (!chunk) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  slab->chunks[slab->chunk_count++] = chunk;
  return TCPSTATE_OK;
}

int slab_take(struct slab *slab, uint32_t *place)
{
  if (slab->free) {
    *place = slab->free - 1;
    memcpy(&slab->free, slab_at(slab, *place), sizeof slab->free);
    memset(slab_at(slab, *place), 0, slab->record_size);
    return TCPSTATE_OK;
  }
  if (slab->fresh == slab->chunk_count * SLAB_CHUNK && add_chunk(slab) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  *place = slab->fresh++;
  return TCPSTATE_OK;
}

void slab_give(struct slab *slab, uint32_t place)
{
  void *record = slab_at(slab, place);
  memset(record, 0, slab->record_size);
  memcpy(record, &slab->free, sizeof slab->free);
  slab->free = place + 1;
}
