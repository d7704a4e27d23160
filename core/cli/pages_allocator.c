/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "huge_pages.h"

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
