/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The network: for each direction a leg before and a leg behind the capture point. It loses, doubles, delays and
 * reorders as the steps say, and keeps nothing longer than a maximum segment lifetime. */
#include "network.h"
#include <string.h>

static void leg_remove(struct leg *leg, unsigned index)
{
  leg->count--;
  memmove(leg->segment + index, leg->segment + index + 1, (leg->count - index) * sizeof *leg->segment);
  memset(leg->segment + leg->count, 0, sizeof *leg->segment);
}

bool network_put(struct leg *leg, const struct segment *segment)
{
  if (leg->count == LEG_MAX) {
    return false;
  }
  leg->segment[leg->count++] = *segment;
  return true;
}

bool network_take(struct leg *leg, uint32_t index, struct segment *segment)
{
  if (index >= leg->count) {
    return false;
  }
  *segment = leg->segment[index];
  leg_remove(leg, index);
  return true;
}

/* The copy goes to the end of the queue. */
bool network_double(struct leg *leg, uint32_t index)
{
  return index < leg->count && network_put(leg, &leg->segment[index]);
}

unsigned network_expire(struct leg *leg, int64_t born_until_ms)
{
  unsigned expired = 0;
  unsigned i = 0;
  while (i < leg->count) {
    if (leg->segment[i].born_ms <= born_until_ms) {
      leg_remove(leg, i);
      expired++;
    } else {
      i++;
    }
  }
  return expired;
}
