/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_NETWORK_H
#define MODEL_NETWORK_H

#include "sim.h"

/* False if the leg is full: the segment is lost. */
bool network_put(struct leg *leg, const struct segment *segment);
bool network_take(struct leg *leg, uint32_t index, struct segment *segment);
bool network_double(struct leg *leg, uint32_t index);
/* Drops what was sent until then; returns how many. */
unsigned network_expire(struct leg *leg, int64_t born_until_ms);

#endif
