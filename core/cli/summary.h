/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What has been read, and what of it was left out.
 */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "input/source.h"

struct summary {
  uint64_t items[DECODED_MALFORMED + 1]; /* by kind */
  uint64_t last_frame;
  tcpstate_statistics statistics;
  bool out_of_memory;
};

void summary_count(struct summary *summary, const struct item *item);

/* `count` segments at once, of which the last was in frame `last_frame`. */
void summary_count_segments(struct summary *summary, size_t count, uint64_t last_frame);

/* To standard error: the totals if a person looks or has waited for them, what was left out in any case. */
void summary_print(const struct summary *summary, bool live);

/* Nothing if there are none. */
void summary_print_evicted(uint64_t evicted);

#endif
