/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Memory for the tracker: large blocks in huge pages, where there are any. With a million connections, every segment
 * would else miss the processor's table of pages.
 */
#ifndef CLI_HUGE_PAGES_H
#define CLI_HUGE_PAGES_H

#include "tcpstate/tcpstate.h"

extern const tcpstate_allocator huge_pages_allocator;

#endif
