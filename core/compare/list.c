/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Growing arrays out of the caller's allocator, and a radix sort.
 */
#include "state.h"

#include <string.h>

bool list_reserve(struct compare *compare, struct list *list, uint32_t capacity)
{
  void *items;

  if (capacity <= list->capacity) {
    return true;
  }
  items = memory_get(&compare->memory, (size_t)capacity * list->size);
  if (items == NULL) {
    return false;
  }
  if (list->items != NULL) {
    memcpy(items, list->items, (size_t)list->count * list->size);
    memory_put(&compare->memory, list->items, (size_t)list->capacity * list->size);
  }
  list->items = items;
  list->capacity = capacity;
  return true;
}

void *list_push(struct compare *compare, struct list *list)
{
  if (list->count == list->capacity) {
    if (list->capacity > UINT32_MAX / 4 ||
        !list_reserve(compare, list, list->capacity == 0 ? 64 : list->capacity * 2)) {
      return NULL;
    }
  }
  return (char *)list->items + (size_t)list->count++ * list->size;
}

void list_drop(struct compare *compare, struct list *list)
{
  if (list->items != NULL) {
    memory_put(&compare->memory, list->items, (size_t)list->capacity * list->size);
  }
  list->items = NULL;
  list->count = 0;
  list->capacity = 0;
}

enum { DIGIT_BITS = 11, DIGITS = 6, HASH_DIGITS = 3, DIGIT_VALUES = 1 << DIGIT_BITS };

static void sort_by_digit(const struct entry *from, struct entry *to, uint32_t count, unsigned shift)
{
  uint32_t starts[DIGIT_VALUES] = {0};
  uint32_t sum = 0;

  for (uint32_t i = 0; i < count; i++) {
    starts[from[i].key >> shift & (DIGIT_VALUES - 1)]++;
  }
  for (unsigned value = 0; value < DIGIT_VALUES; value++) {
    uint32_t here = starts[value];

    starts[value] = sum;
    sum += here;
  }
  for (uint32_t i = 0; i < count; i++) {
    to[starts[from[i].key >> shift & (DIGIT_VALUES - 1)]++] = from[i];
  }
}

/* Bits in which keys differ: digits without any are sorted already. */
static uint64_t differing_bits(const struct compare *compare, uint32_t count)
{
  uint64_t bits = 0;

  for (uint32_t i = 1; i < count; i++) {
    bits |= compare->entries[i].key ^ compare->entries[0].key;
  }
  return bits;
}

static void sort_by_digits(struct compare *compare, uint32_t count, unsigned digits)
{
  const uint64_t bits = differing_bits(compare, count);

  for (unsigned digit = 0; digit < digits; digit++) {
    struct entry *sorted = compare->spare;

    if ((bits >> (digit * DIGIT_BITS) & (DIGIT_VALUES - 1)) != 0) {
      sort_by_digit(compare->entries, sorted, count, digit * DIGIT_BITS);
      compare->spare = compare->entries;
      compare->entries = sorted;
    }
  }
}

void entries_sort(struct compare *compare, uint32_t count)
{
  sort_by_digits(compare, count, DIGITS);
}

/* Keys whose lowest digits are the same are next to each other now, and hardly ever different ones. */
static void part_collisions(struct entry *entries, uint32_t count)
{
  const uint64_t low = (UINT64_C(1) << (HASH_DIGITS * DIGIT_BITS)) - 1;

  for (uint32_t i = 1; i < count; i++) {
    const struct entry entry = entries[i];
    uint32_t at = i;

    for (; at > 0 && ((entries[at - 1].key ^ entry.key) & low) == 0 && entries[at - 1].key > entry.key; at--) {
      entries[at] = entries[at - 1];
    }
    entries[at] = entry;
  }
}

void entries_gather(struct compare *compare, uint32_t count)
{
  sort_by_digits(compare, count, HASH_DIGITS);
  part_collisions(compare->entries, count);
}

void entries_group(struct compare *compare, uint32_t count)
{
  entries_gather(compare, count);
  for (uint32_t i = 0; i < count;) {
    const uint64_t key = compare->entries[i].key;
    const uint32_t first = compare->entries[i].index;

    for (; i < count && compare->entries[i].key == key; i++) {
      compare->entries[i].key = first;
    }
  }
  entries_sort(compare, count);
}
