/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Something timed again and again, in memory that an untimed round has touched before: what a first touch costs is the
 * machine's, and is in the figures of whole processes. */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include "segments.h"
#include <stdint.h>

/* Nanoseconds of processor time. */
int64_t rounds_now(void);

/* Of this program's arguments, FILE and how many rounds (5 if nothing is said), and the capture's segments, in huge
 * pages: as in the command, where a batch of them is in the cache. False, and it is said how it is called: neither can
 * be had. */
bool rounds_open(int count, char **arguments, struct segments *segments, size_t *rounds);
void rounds_close(struct segments *segments);

/* The median of what `round` says, or less than 0 if one of them fails. */
double rounds_median(size_t rounds, double (*round)(void *user), void *user);

/* Memory that is kept when it is put back, for the next of its size. */
void *rounds_get(size_t size);
void rounds_put(void *memory, size_t size);

#endif
