/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A connection as it is kept: 96 bytes, in two parts of which the plainest segments need only one, a cache line. A pair
 * of records lies in three lines: the hot part of the first, both cold parts, the hot part of the second.
 *
 * The judges see a struct flow, which is loaded from the record before them and stored after them, without loss. The
 * few flows that have no posture (holes, more than fits) take a second record, as overflow. */
#ifndef TS_RECORD_H
#define TS_RECORD_H

#include "flow.h"
#include "posture.h"
#include "slab.h"

struct hot {
  struct flow_ends ends;
  uint32_t stream;
  struct numbers end[2];
  int64_t last_ns;
  uint16_t win[2];
  uint16_t posture;
  uint8_t duplicates;
  uint8_t tally; /* of endpoint e, from bit 3 e: segments that are not in `segments` yet; and: */
};

enum { TALLY_BITS = 3, TALLY_FULL = 7, TALLY_WRAPS = 0x40, TALLY_IPV6 = 0x80 };

/* A sequence number beyond the next multiple of this is stored by record_store(), which sets TALLY_WRAPS where an ISN
 * lies ahead before the multiple after it. */
enum { NUMBERS_BLOCK = 1 << 24 };

struct cold {
  int64_t first_ns;
  uint32_t isn[2];
  uint32_t segments[2];
  uint16_t rtt[2];
  uint32_t extra; /* as the stance says; of a whole connection: place of the overflow */
};

enum { RECORD_SIZE = sizeof(struct hot) + sizeof(struct cold) };

_Static_assert(sizeof(struct hot) == 64 && sizeof(struct cold) == 32, "three lines hold two records");

/* What the record's posture would hold, and what follows from it elsewhere. */
struct overflow {
  struct stance stance;
  uint32_t rcvd[2];
  uint32_t rst[2];
  uint8_t unused[12];
  uint16_t posture; /* where the hot part of any other record has it: POSTURE_OVERFLOW */
  uint8_t further[2];
};

_Static_assert(offsetof(struct overflow, posture) == offsetof(struct hot, posture) &&
                   sizeof(struct overflow) == sizeof(struct hot),
               "in the place of a hot part");

static inline struct hot *hot_at(const struct slab *records, uint32_t place)
{
  return (struct hot *)((uint8_t *)slab_record(records, place, RECORD_SIZE) + place % 2 * sizeof(struct cold));
}

static inline struct cold *cold_at(const struct slab *records, uint32_t place)
{
  return (struct cold *)((uint8_t *)slab_record(records, place, RECORD_SIZE) + (1 - place % 2) * sizeof(struct hot));
}

/* Where the cold part is, from the hot part on. */
static inline ptrdiff_t cold_beside(uint32_t place)
{
  ptrdiff_t behind = (ptrdiff_t)sizeof(struct hot);
  return place % 2 ? -(ptrdiff_t)sizeof(struct cold) : behind;
}

/* The hot part, and both lines that a record lies in. */
static ALWAYS_INLINE struct hot *record_lines(const struct slab *records, uint32_t place, const void *lines[2])
{
  uint8_t *pair = slab_record(records, place & ~1u, RECORD_SIZE);
  struct hot *hot = (struct hot *)(pair + place % 2 * (sizeof *hot + 2 * sizeof(struct cold)));
  lines[0] = hot;
  lines[1] = pair + sizeof *hot;
  return hot;
}

static inline bool hot_is_kept(const struct hot *hot)
{
  return hot->posture != POSTURE_NONE && hot->posture != POSTURE_OVERFLOW;
}

static inline unsigned hot_tally(const struct hot *hot, unsigned e)
{
  return (unsigned)hot->tally >> (TALLY_BITS * e) & TALLY_FULL;
}

/* What the record's posture or its overflow says. */
const struct stance *record_stance(const struct slab *records, const struct postures *postures, uint32_t place);

/* What a stance says of a flow; its numbers are 0. */
void stance_spread(const struct stance *stance, struct flow *flow);

/* The domains of the segments that endpoint 0 and 1 send. */
void record_domains(const struct slab *records, const struct postures *postures, uint32_t place, uint16_t domain[2]);

void record_load(const struct slab *records, const struct postures *postures, uint32_t place, struct flow *flow);

/* But for addresses and ports, which stay. NO_MEMORY leaves the record as it was. */
int record_store(struct slab *records, struct postures *postures, uint32_t place, const struct flow *flow);

/* Gives the record back, and its overflow. */
void record_give(struct slab *records, uint32_t place);

#endif
