/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "huge_pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Less than SMALL is malloc's, more than SHARED lies by itself. A region is address space, not memory, until it is
 * touched. */
enum { LINE = 64, SMALL = 1 << 14, HUGE_PAGE = 1 << 21, REGION = 32 * HUGE_PAGE, SHARED = REGION / 4 };

/* A block that was put back, for the next of its size. Tables grow by doubling: few sizes come twice. */
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

/* Huge pages as a whole: what is left over of the last would lie in small ones. */
static uint8_t *map(size_t least)
{
  size_t size = round_up(least, HUGE_PAGE);
  uint8_t *start = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (start == MAP_FAILED) {
    return NULL;
  }
  start += round_up((uintptr_t)start, HUGE_PAGE) - (uintptr_t)start;
#ifdef MADV_HUGEPAGE
  madvise(start, size, MADV_HUGEPAGE); /* if not, it is only slower */
#endif
  return start;
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

static void *take_spare(size_t size)
{
  for (struct spare **at = &spares; *at != NULL; at = &(*at)->next) {
    if ((*at)->size == size) {
      struct spare *spare = *at;

      *at = spare->next;
      return spare;
    }
  }
  return NULL;
}

/* Where address space is short, as under a limit of it, there is still what malloc has. */
static void *take_fresh(size_t size)
{
  void *memory;

  if (size > SHARED) {
    memory = map(size);
    return memory != NULL ? memory : malloc(size);
  }
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
  size_t lines = round_up(size, LINE);
  void *spare;

  if (size < SMALL) {
    return size > 0 ? malloc(size) : NULL;
  }
  if (size > PTRDIFF_MAX - REGION) {
    return NULL;
  }
  spare = take_spare(lines);
  return spare != NULL ? spare : take_fresh(lines);
}

void *huge_pages_get_clear(size_t size)
{
  void *memory = huge_pages_get(size);

  return memory != NULL ? memset(memory, 0, size) : NULL;
}

/* The addresses stay ours; pages of which nobody else has a part go back. */
static void give_up_pages(uint8_t *memory, size_t size)
{
  uintptr_t start = (uintptr_t)memory;
  size_t first = round_up(start + sizeof(struct spare), HUGE_PAGE) - start;
  size_t end = size - (start + size) % HUGE_PAGE;

  if (first < end && end <= size) {
    madvise(memory + first, end - first, MADV_DONTNEED);
  }
}

void huge_pages_put(void *memory, size_t size)
{
  struct spare *spare = memory;
  size_t lines = round_up(size, LINE);

  if (size < SMALL || memory == NULL) {
    free(memory);
    return;
  }
  give_up_pages(memory, lines);
  *spare = (struct spare){spares, lines};
  spares = spare;
}

static void *allocate(void *user, size_t size)
{
  (void)user;
  return huge_pages_get(size);
}

static void release(void *user, void *memory, size_t size)
{
  (void)user;
  huge_pages_put(memory, size);
}

const tcpstate_allocator huge_pages_allocator = {.allocate = allocate, .release = release};
