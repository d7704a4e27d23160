/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "huge_pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Less than SMALL is malloc's; a huge page and more lies by itself, in whole ones, and goes back as a whole. In between
 * blocks lie side by side in a region, which is address space, not memory, until it is touched. */
enum { LINE = 64, SMALL = 1 << 14, HUGE_PAGE = 1 << 21, REGION = 32 * HUGE_PAGE };

/* A block of a region that was put back, for the next that fits. Tables grow, so that few come back, and whoever asks
 * next for less is one of many equal parts. */
struct spare {
  struct spare *next;
  size_t size;
};

static struct spare *spares;
static uint8_t *fresh; /* never given yet */
static size_t fresh_size;

static size_t round_up(size_t size, size_t unit)
{
  return (size + unit - 1) & ~(unit - 1);
}

static uint8_t *map_anywhere(size_t size)
{
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory != MAP_FAILED ? memory : NULL;
}

/* `size`: of whole huge pages. They begin where one can, if there is enough address space to find such a place. */
static uint8_t *map(size_t size)
{
  uint8_t *wide = map_anywhere(size + HUGE_PAGE);
  size_t before;

  if (wide == NULL) {
    return map_anywhere(size);
  }
  before = round_up((uintptr_t)wide, HUGE_PAGE) - (uintptr_t)wide;
  if (before > 0) {
    munmap(wide, before);
  }
  munmap(wide + before + size, HUGE_PAGE - before);
#ifdef MADV_HUGEPAGE
  madvise(wide + before, size, MADV_HUGEPAGE); /* if not, it is only slower */
#endif
  return wide + before;
}

/* What is left of the region before is given up: nobody has touched more than one page of it. */
static void begin_region(void)
{
  uint8_t *region = map(REGION);

  if (region != NULL) {
    fresh = region;
    fresh_size = REGION;
  }
}

/* What is left of it stays. */
static void *take_spare(size_t size)
{
  for (struct spare **at = &spares; *at != NULL; at = &(*at)->next) {
    struct spare *spare = *at;

    if (spare->size == size) {
      *at = spare->next;
      return spare;
    }
    if (spare->size > size) {
      struct spare *rest = (struct spare *)((uint8_t *)spare + size);

      *rest = (struct spare){spare->next, spare->size - size};
      *at = rest;
      return spare;
    }
  }
  return NULL;
}

/* Where address space is short, as under a limit of it, there is still what malloc has. */
static void *take_fresh(size_t size)
{
  void *memory;

  if (size > fresh_size) {
    begin_region();
  }
  if (size > fresh_size) {
    return malloc(size);
  }
  memory = fresh;
  fresh += size;
  fresh_size -= size;
  return memory;
}

void *huge_pages_get(size_t size)
{
  void *spare;

  if (size < SMALL) {
    return size > 0 ? malloc(size) : NULL;
  }
  if (size >= HUGE_PAGE) {
    return size <= PTRDIFF_MAX - REGION ? map(round_up(size, HUGE_PAGE)) : NULL;
  }
  spare = take_spare(round_up(size, LINE));
  return spare != NULL ? spare : take_fresh(round_up(size, LINE));
}

void *huge_pages_get_clear(size_t size)
{
  void *memory = huge_pages_get(size);

  return memory != NULL ? memset(memory, 0, size) : NULL;
}

void huge_pages_put(void *memory, size_t size)
{
  struct spare *spare = memory;

  if (size < SMALL || memory == NULL) {
    free(memory);
  } else if (size >= HUGE_PAGE) {
    munmap(memory, round_up(size, HUGE_PAGE));
  } else {
    *spare = (struct spare){spares, round_up(size, LINE)};
    spares = spare;
  }
}
