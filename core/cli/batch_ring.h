/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A second thread that does something with each batch, in order: while it has one, the caller fills the next. The
 * functions are for the caller's thread only.
 */
#ifndef CLI_BATCH_RING_H
#define CLI_BATCH_RING_H

#include "batch.h"

#include <stdbool.h>

struct batch_ring;

/* Called in the second thread. False: it wants no more. */
typedef bool (*batch_use)(void *user, const struct batch *batch);

/* NULL: there is no memory, or no thread to be had. */
struct batch_ring *batch_ring_start(batch_use use, void *user);

/* The batch to fill, empty: first of all, and after each pass. */
struct batch *batch_ring_first(struct batch_ring *ring);

/* Passes on the batch that was filled, and gives the next one, empty. Waits while all others are still in use. */
struct batch *batch_ring_pass(struct batch_ring *ring);

/* Waits until all that was passed on has been used: then `user` may be touched, until the next pass. */
void batch_ring_drain(struct batch_ring *ring);

/* It wanted no more; what is passed on is dropped. */
bool batch_ring_is_over(const struct batch_ring *ring);

/* Drains, ends the thread and frees. */
void batch_ring_end(struct batch_ring *ring);

#endif
