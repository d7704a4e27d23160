/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Looking for the connections of a batch of segments before they are judged: lines of the flow table take long to come
 * from memory, and come as fast as one if many are asked for together. What is found is likely only, as segments of the
 * batch can change the table. */
#ifndef TS_AHEAD_H
#define TS_AHEAD_H

#include "flow_key.h"
#include "usual_step.h"

enum { BATCH = 64 };

/* What is fetched ahead for a batch. Which segments are IPv6, and whose first group is full of others, nobody can
 * foresee: they are put on lists, without a branch. */
struct ahead {
  const void *lines[2 * BATCH];
  uint8_t ipv6[BATCH];
  size_t ipv6_count;
  uint8_t further[BATCH];
  size_t further_count;
};

/* One right after the other: where lines lie in many pages, the processor finds several of these at once, but only if
 * there is little to do in between. */
static ALWAYS_INLINE void fetch_lines(const struct ahead *ahead, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    PREFETCH(ahead->lines[i]);
  }
}

static ALWAYS_INLINE void fetch_homes(const struct flow_table *table, size_t count, const struct lookup *lookups)
{
  for (size_t i = 0; i < count; i++) {
    PREFETCH(flow_table_home(table, &lookups[i]));
  }
}

/* `next`: the segments of the next batch, if there is one. */
static ALWAYS_INLINE void make_keys(struct flow_table *table, const tcpstate_segment *segments, size_t count,
                                    const tcpstate_segment *next, struct lookup *lookups, struct ahead *ahead)
{
  size_t ipv6_count = 0;
  for (size_t i = 0; i < count; i++) {
    PREFETCH(&next[i]);
    PREFETCH((const char *)&next[i] + 64);
    flow_key_make(table, &segments[i], &lookups[i]);
    ahead->ipv6[ipv6_count] = (uint8_t)i;
    ipv6_count += lookups[i].ipv6 != 0;
  }
  ahead->ipv6_count = ipv6_count;
}

static ALWAYS_INLINE void look_up(const struct flow_table *table, size_t count, struct lookup *lookups,
                                  struct ahead *ahead)
{
  size_t further_count = 0;
  for (size_t i = 0; i < count; i++) {
    ahead->further[further_count] = (uint8_t)i;
    further_count += flow_table_look_ahead(table, &lookups[i], &ahead->lines[2 * i]);
  }
  fetch_lines(ahead, 2 * count);
  ahead->further_count = further_count;
}

static ALWAYS_INLINE void look_up_further(const struct flow_table *table, struct lookup *lookups, struct ahead *ahead)
{
  size_t line_count = 0;
  for (size_t i = 0; i < ahead->further_count; i++) {
    line_count += flow_table_look_further(table, &lookups[ahead->further[i]], &ahead->lines[line_count]);
  }
  fetch_lines(ahead, line_count);
}

static ALWAYS_INLINE void find_pairs(const struct flow_table *table, struct lookup *lookups, struct ahead *ahead)
{
  for (size_t i = 0; i < ahead->ipv6_count; i++) {
    ahead->lines[i] = flow_table_pair_line(table, &lookups[ahead->ipv6[i]]);
  }
  fetch_lines(ahead, ahead->ipv6_count);
}

/* Of `left` segments the first `count`, a batch or less. Each of these for all of them before the next: what one
 * fetches the next one reads. */
static inline void look_ahead(struct flow_table *table, const tcpstate_segment *segments, size_t count, size_t left,
                              struct lookup lookups[BATCH])
{
  const tcpstate_segment *next = left - count < BATCH ? segments : segments + BATCH;
  struct ahead ahead;
  make_keys(table, segments, count, next, lookups, &ahead);
  fetch_homes(table, count, lookups);
  look_up(table, count, lookups, &ahead);
  look_up_further(table, lookups, &ahead);
  find_pairs(table, lookups, &ahead);
  for (size_t i = 0; i < count; i++) {
    usual_step_prefetch(&table->postures, &lookups[i]);
  }
  for (size_t i = 0; i < ahead.ipv6_count; i++) {
    flow_table_confirm_pair(table, &lookups[ahead.ipv6[i]]);
  }
}

#endif
