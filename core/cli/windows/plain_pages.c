/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * No huge pages without asking an administrator: memory as it comes. */
#include "../huge_pages.h"

#include <stdlib.h>

static void *allocate(void *user, size_t size)
{
  (void)user;
  return malloc(size);
}

static void release(void *user, void *memory, size_t size)
{
  (void)user;
  (void)size;
  free(memory);
}

const tcpstate_allocator huge_pages_allocator = {.allocate = allocate, .release = release};
