/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of one size, in chunks that never move, named by a 32-bit place. Cache-line aligned where the
 * record size is a multiple of a line. */
#ifndef TS_SLAB_H
#define TS_SLAB_H

#include "compiler.h"
#include "memory.h"

enum { SLAB_CHUNK = 1024 /* records in a chunk */ };

struct slab {
  struct memory *memory;
  size_t record_size; /* at least 4 */
  uint8_t **chunks;   /* first record of each */
  uint32_t chunk_count;
  uint32_t chunk_room;
  uint32_t free;  /* 1 + place of the first free record, 0 = none */
  uint32_t fresh; /* places never used start here */
};

void slab_init(struct slab *slab, struct memory *memory, size_t record_size);
void slab_clear(struct slab *slab);

/* A zeroed record; NO_MEMORY leaves the slab as it was. */
int slab_take(struct slab *slab, uint32_t *place);

void slab_give(struct slab *slab, uint32_t place);

/* The record, by one who knows how large it is. */
static inline void *slab_record(const struct slab *slab, uint32_t place, size_t record_size)
{
  return slab->chunks[place / SLAB_CHUNK] + (place % SLAB_CHUNK) * record_size;
}

/* slab_take_unset() where there is no fresh one at hand. */
OUT_OF_LINE int slab_take_other(struct slab *slab, uint32_t *place);

/* slab_take() for one who sets the record himself. */
static ALWAYS_INLINE int slab_take_unset(struct slab *slab, uint32_t *place)
{
  if (UNLIKELY(slab->free) || UNLIKELY(slab->fresh >= slab->chunk_count * SLAB_CHUNK)) {
    return slab_take_other(slab, place);
  }
  *place = slab->fresh++;
  return TCPSTATE_OK;
}

static inline void *slab_at(const struct slab *slab, uint32_t place)
{
  return slab_record(slab, place, slab->record_size);
}

#endif
