/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eviction.h"

/* Looks beyond the candidates are earned a few at a time, after an advance: where nearly all are alive, the search
 * stays short on average. */
enum { CANDIDATES = 32, MOST_LOOKS = 4096, EARNED = 64, MOST_SPENT = 1 << 16 };

enum worth { WORTH_OVER, WORTH_ATTEMPT, WORTH_ALIVE };

static bool is_over(const struct flow *flow)
{
  return ((SET_OVER >> flow->ep[0].state) & (SET_OVER >> flow->ep[1].state) & 1u) != 0;
}

static unsigned worth_of(const struct flow *flow)
{
  if (is_over(flow)) {
    return WORTH_OVER;
  }
  return endpoint_is(flow, 0, EP_SYNCED) || endpoint_is(flow, 1, EP_SYNCED) ? WORTH_ALIVE : WORTH_ATTEMPT;
}

static bool is_kept(const struct flow *flow)
{
  return flow->ep[0].segments || flow->ep[1].segments;
}

static bool less(const struct flow *a, const struct flow *b)
{
  unsigned wa = worth_of(a);
  unsigned wb = worth_of(b);
  return wa != wb ? wa < wb : a->last_ns < b->last_ns;
}

bool eviction_pick(struct tcpstate_tracker *tracker, uint32_t *place)
{
  struct flow_table *table = &tracker->table;
  const struct flow *worst = NULL;
  unsigned seen = 0;
  table->spent -= table->spent < EARNED ? table->spent : EARNED;
  for (unsigned looks = 0; looks < MOST_LOOKS && table->flows.fresh; looks++) {
    if (worst && seen >= CANDIDATES) {
      if (worth_of(worst) != WORTH_ALIVE || table->spent >= MOST_SPENT) {
        break;
      }
      table->spent++; /* a flood must not cost the living their place */
    }
    table->hand = table->hand + 1 < table->flows.fresh ? table->hand + 1 : 0;
    const struct flow *flow = flow_table_at(table, table->hand);
    if (!is_kept(flow)) {
      continue;
    }
    seen++;
    if (!worst || less(flow, worst)) {
      worst = flow;
      *place = table->hand;
    }
  }
  return worst != NULL;
}
