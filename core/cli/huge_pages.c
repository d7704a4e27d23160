/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "huge_pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 1 << 21, WORTH_ONE = HUGE_PAGE / 4 };

/* In whole huge pages, where that wastes little, or there is but one; else the rest lies in small ones. */
static size_t whole_pages(size_t size)
{
  size_t up = (size + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
  bool worth_it = up - size <= size / 16 || (up == HUGE_PAGE && size >= WORTH_ONE);

  return up >= size && worth_it ? up : size & ~(size_t)(HUGE_PAGE - 1);
}

static void *allocate(void *user, size_t size)
{
  size_t whole = whole_pages(size);
  void *memory = NULL;

  (void)user;
  if (whole == 0) {
    return size > 0 ? malloc(size) : NULL;
  }
  if (posix_memalign(&memory, HUGE_PAGE, whole > size ? whole : size) != 0) {
    return NULL;
  }
#ifdef MADV_HUGEPAGE
  madvise(memory, whole, MADV_HUGEPAGE); /* if not, it is only slower */
#endif
  return memory;
}

static void release(void *user, void *memory, size_t size)
{
  (void)user;
  (void)size;
  free(memory);
}

const tcpstate_allocator huge_pages_allocator = {.allocate = allocate, .release = release};
