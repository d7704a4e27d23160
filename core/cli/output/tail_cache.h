/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The end of a row, which depends on nothing but the annotation, and most annotations are alike: rendered once, copied
 * ever after.
 */
#ifndef CLI_TAIL_CACHE_H
#define CLI_TAIL_CACHE_H

#include "writer.h"

struct tail_cache;

/* `render` may use all of the annotation but stream, slot, previous and rule. NULL: no memory. */
struct tail_cache *tail_cache_new(void (*render)(struct output *output, const struct packet *packet));
void tail_cache_free(struct tail_cache *cache);

void put_tail(struct output *output, struct tail_cache *cache, const struct packet *packet);

#endif
