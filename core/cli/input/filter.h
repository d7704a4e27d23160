/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A pcap-filter(7) expression over frames of any link types.
 */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include "frame.h"

struct filter;

/* NULL, and said on standard error, if the expression makes no sense for any common link type (or no memory). */
struct filter *filter_new(const char *expression);
void filter_free(struct filter *filter);

/* Where the expression makes no sense for the frame's link type, nothing passes; said once. */
bool filter_passes(struct filter *filter, const struct frame *frame);

/* Memory did not suffice for it: frames that it lets pass were left out, which was said. */
bool filter_ran_out(const struct filter *filter);

#endif
