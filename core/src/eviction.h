/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Room for a new connection when the limit is reached. */
#ifndef TS_EVICTION_H
#define TS_EVICTION_H

#include "look.h"

/* The connection that will be missed least among the next few: one that is over, else an attempt that nobody
 * answered, else the one silent for longest. False if there is none at all. */
bool eviction_pick(struct tcpstate_tracker *tracker, uint32_t *place);

#endif
