/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eviction.h"

/* Looks beyond the candidates are earned a few at a time, after an advance: where nearly all are alive, the search
 * stays short on average. */
enum { CANDIDATES = 32, MOST_LOOKS = 4096, EARNED = 64, MOST_SPENT = 1 << 16 };

enum worth { WORTH_OVER, WORTH_ATTEMPT, WORTH_ALIVE };

static unsigned worth_of(const struct stance *stance)
{
  if ((SET_OVER >> stance_state(stance, 0)) & (SET_OVER >> stance_state(stance, 1)) & 1u) {
    return WORTH_OVER;
  }
  return (stance_facts(stance, 0) | stance_facts(stance, 1)) & EP_SYNCED ? WORTH_ALIVE : WORTH_ATTEMPT;
}

struct candidate {
  unsigned worth;
  int64_t last_ns;
};

static bool less(const struct candidate *a, const struct candidate *b)
{
  return a->worth != b->worth ? a->worth < b->worth : a->last_ns < b->last_ns;
}

bool eviction_pick(struct tcpstate_tracker *tracker, uint32_t *place)
{
  struct flow_table *table = &tracker->table;
  struct candidate worst = {0, 0};
  unsigned seen = 0;
  table->spent -= table->spent < EARNED ? table->spent : EARNED;
  for (unsigned looks = 0; looks < MOST_LOOKS && table->records.fresh; looks++) {
    if (seen >= CANDIDATES) {
      if (worst.worth != WORTH_ALIVE || table->spent >= MOST_SPENT) {
        break;
      }
      table->spent++; /* a flood must not cost the living their place */
    }
    table->hand = table->hand + 1 < table->records.fresh ? table->hand + 1 : 0;
    const struct hot *hot = flow_table_at(table, table->hand);
    if (!hot_is_kept(hot)) {
      continue;
    }
    struct candidate candidate = {worth_of(record_stance(&table->records, &table->postures, table->hand)),
                                  hot->last_ns};
    if (seen++ == 0 || less(&candidate, &worst)) {
      worst = candidate;
      *place = table->hand;
    }
  }
  return seen > 0;
}
