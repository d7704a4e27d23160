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
