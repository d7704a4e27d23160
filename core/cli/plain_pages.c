/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory as it comes: where huge pages are an administrator's to give, and where a sanitizer is to see every block.
 */
#include "huge_pages.h"

#include <stdlib.h>

void *huge_pages_get(size_t size)
{
  return size > 0 ? malloc(size) : NULL;
}

void *huge_pages_get_clear(size_t size)
{
  return size > 0 ? calloc(1, size) : NULL;
}

void huge_pages_put(void *memory, size_t size)
{
  (void)size;
  free(memory);
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
