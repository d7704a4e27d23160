/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Filters are compiled by libpcap; this command is built without it.
 */
#include "../message.h"
#include "filter.h"

struct filter *filter_new(const char *expression)
{
  complain("%s: a filter needs libpcap, without which this tcpstate was built", expression);
  return NULL;
}

void filter_free(struct filter *filter)
{
  (void)filter;
}

bool filter_passes(struct filter *filter, const struct frame *frame)
{
  (void)filter;
  (void)frame;
  return false;
}

bool filter_ran_out(const struct filter *filter)
{
  (void)filter;
  return false;
}
