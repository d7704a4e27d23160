/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is left over as ranges of bytes: segments that offload (TSO, GRO, LRO) cut or joined on the way.
 */
#include "state.h"

enum { NEIGHBOURS = 64 };

static const int64_t longest_way = 1000000000;

/* Connection and direction above, room for the start below: one sort orders them all. */
static uint64_t range_place(const struct sighting *sighting)
{
  return (uint64_t)connection_of(sighting) << 33 | (uint64_t)direction_of(sighting) << 32;
}

static uint32_t end_of(const struct compare *compare, uint32_t index)
{
  const struct sighting *sighting = sighting_at(compare, index);

  return seq_of(compare, sighting) + sighting->length;
}

static uint32_t overlap(const struct compare *compare, uint32_t left, uint32_t right)
{
  const uint32_t left_start = seq_of(compare, sighting_at(compare, left));
  const uint32_t right_start = seq_of(compare, sighting_at(compare, right));
  const uint32_t start = (int32_t)(left_start - right_start) > 0 ? left_start : right_start;
  const uint32_t left_end = end_of(compare, left);
  const uint32_t right_end = end_of(compare, right);
  const uint32_t end = (int32_t)(left_end - right_end) < 0 ? left_end : right_end;

  return (int32_t)(end - start) > 0 ? end - start : 0;
}

static bool is_plausible(const struct compare *compare, uint32_t a, uint32_t b)
{
  const struct sighting *left = sighting_at(compare, a);
  const struct sighting *right = sighting_at(compare, b);

  return ((left->facts | right->facts) & TCPSTATE_NO_TIME) != 0 ||
         distance(compare_align(compare, COMPARE_B, right->time_ns), left->time_ns) <= longest_way;
}

/* The shorter one is the part. A whole counts the bytes of its parts, from either tap. */
static void join(const struct compare *compare, uint32_t a, uint32_t b, uint32_t bytes)
{
  const bool a_is_whole = sighting_at(compare, a)->length >= sighting_at(compare, b)->length;
  struct sighting *whole = sighting_at(compare, a_is_whole ? a : b);
  struct sighting *part = sighting_at(compare, a_is_whole ? b : a);

  if (part->relation != RELATION_NONE || (whole->relation != RELATION_NONE && whole->relation != RELATION_WHOLE)) {
    return;
  }
  part->relation = RELATION_PART;
  part->mate = a_is_whole ? a : b;
  whole->mate = whole->relation == RELATION_WHOLE ? whole->mate + bytes : bytes;
  whole->relation = RELATION_WHOLE;
}

static void join_if_plausible(const struct compare *compare, uint32_t one, uint32_t other, uint32_t bytes)
{
  const bool one_is_a = side_of(compare, one) == COMPARE_A;
  const uint32_t a = one_is_a ? one : other;
  const uint32_t b = one_is_a ? other : one;

  if (side_of(compare, one) != side_of(compare, other) && is_plausible(compare, a, b)) {
    join(compare, a, b, bytes);
  }
}

/* entries[first, end) are one direction's leftovers in the order of their start: looking ahead ends where the next one
 * starts behind this one's end. */
static void join_direction(const struct compare *compare, uint32_t first, uint32_t end)
{
  for (uint32_t i = first; i < end; i++) {
    const uint32_t one = compare->entries[i].index;

    for (uint32_t j = i + 1; j < end && j < i + NEIGHBOURS; j++) {
      const uint32_t other = compare->entries[j].index;
      const uint32_t bytes = overlap(compare, one, other);

      if (bytes == 0) {
        break;
      }
      join_if_plausible(compare, one, other, bytes);
    }
  }
}

/* Payloads that are still alone. Sequence numbers wrap: each direction counts from its first leftover. */
static uint32_t gather(struct compare *compare)
{
  uint32_t count = 0;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);

    if (sighting->relation == RELATION_NONE && sighting->length > 0 && connection_of(sighting) != NOBODY) {
      compare->entries[count++] = (struct entry){range_place(sighting), i};
    }
  }
  entries_sort(compare, count);
  for (uint32_t i = 0; i < count;) {
    const uint64_t place = compare->entries[i].key;
    const uint32_t base = seq_of(compare, sighting_at(compare, compare->entries[i].index)) - (UINT32_MAX >> 1);

    for (; i < count && compare->entries[i].key == place; i++) {
      compare->entries[i].key |= seq_of(compare, sighting_at(compare, compare->entries[i].index)) - base;
    }
  }
  entries_sort(compare, count);
  return count;
}

void match_ranges(struct compare *compare)
{
  const uint32_t count = gather(compare);

  for (uint32_t i = 0; i < count;) {
    const uint32_t first = i;

    while (i < count && compare->entries[i].key >> 32 == compare->entries[first].key >> 32) {
      i++;
    }
    join_direction(compare, first, i);
  }
}
