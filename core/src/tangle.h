/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two lives of one tuple at once: a SYN with another number passed while segments of the life before may be on their
 * way. Whose numbers a segment carries cannot be told for sure then. */
#ifndef TS_TANGLE_H
#define TS_TANGLE_H

#include "look.h"

/* From now on, until both ends have proven the same life. */
void tangle_begin(struct look *look);

/* Widens the sets to all that either life allows. `before`: the sets as they were before this segment. */
void tangle_widen(struct look *look, const uint16_t before[2]);

#endif
