/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "huge_pages.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 1 << 21 };

static void *allocate(void *user, size_t size)
{
  void *memory = NULL;

  (void)user;
  if (size < HUGE_PAGE) {
    return malloc(size);
  }
  if (posix_memalign(&memory, HUGE_PAGE, size) != 0) {
    return NULL;
  }
#ifdef MADV_HUGEPAGE
  madvise(memory, size & ~(size_t)(HUGE_PAGE - 1), MADV_HUGEPAGE); /* if not, it is only slower */
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
