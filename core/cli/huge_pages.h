/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory for what is large or lives long, side by side in huge pages, where there are any. Each page that is touched
 * for the first time costs a turn in the kernel, in a virtual machine two; and with a million connections, every
 * segment would miss the processor's table of small pages.
 *
 * For one thread at a time.
 */
#ifndef CLI_HUGE_PAGES_H
#define CLI_HUGE_PAGES_H

#include "tcpstate/tcpstate.h"

/* Aligned for anything. What is in it is not known. NULL: there is none, or none was asked for. */
void *huge_pages_get(size_t size);
void huge_pages_put(void *memory, size_t size);

/* Zeroed. */
void *huge_pages_get_clear(size_t size);

extern const tcpstate_allocator huge_pages_allocator;

#endif
