/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments that are judged at once, with what is said of them.
 */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "tcpstate/tcpstate.h"

/* Small ones stay in the innermost cache; large ones are passed to another thread. */
enum { BATCH_SMALL = 128, BATCH_LARGE = 512 };

struct batch {
  size_t count;
  uint64_t frames[BATCH_LARGE];
  tcpstate_segment segments[BATCH_LARGE];
  tcpstate_annotation annotations[BATCH_LARGE];
};

#endif
