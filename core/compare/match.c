/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pairs what numbers alone leave open: repeated acknowledgements, retransmissions, probes. First by everything that
 * the path is known to keep; then by numbers and time alone, where both ends of the way fit.
 */
#include "state.h"

enum { CLOSE_NS = 5 * 1000 * 1000, COPY_NS = 150 * 1000 * 1000 };

static const int64_t longest_way = 5000000000;

static uint64_t strict_key(const struct compare *compare, const struct sighting *sighting)
{
  const struct connection *connection = connection_at(compare, connection_of(sighting));
  uint64_t key = number_key(compare, sighting);

  if (keeps(compare, connection, HABIT_IP_ID)) {
    key = mix(key, (uint64_t)sighting->ip_id + 1);
  }
  if (keeps(compare, connection, HABIT_TIMESTAMP)) {
    key = mix(key, (uint64_t)sighting->ts_value << 32 | sighting->ts_echo);
  }
  if (keeps(compare, connection, HABIT_WINDOW)) {
    key = mix(key, (uint64_t)sighting->window + 1);
  }
  if (has_sack(sighting) && keeps(compare, connection, HABIT_SACK)) {
    key = mix(key, (uint64_t)sighting->payload + 1);
  }
  return key;
}

/* How far the time between the two is from the usual one. */
static int64_t surprise(const struct compare *compare, uint32_t a, uint32_t b)
{
  const struct sighting *left = sighting_at(compare, a);
  const struct sighting *right = sighting_at(compare, b);
  const struct connection *connection = connection_at(compare, connection_of(left));
  int64_t way = minus(compare_align(compare, COMPARE_B, right->time_ns), left->time_ns);

  if (((left->facts | right->facts) & TCPSTATE_NO_TIME) != 0) {
    return 0;
  }
  way = direction_of(left) == connection->forward ? way : minus(0, way);
  return distance(way, compare->base_ns);
}

struct group {
  const struct entry *entries;
  uint32_t count[COMPARE_SIDES]; /* A's come first */
  int64_t limit_ns;
};

static uint32_t member(const struct group *group, enum compare_side side, uint32_t i)
{
  return group->entries[side == COMPARE_A ? i : group->count[COMPARE_A] + i].index;
}

static int64_t group_surprise(const struct compare *compare, const struct group *group, enum compare_side few,
                              uint32_t i, uint32_t j)
{
  const uint32_t one = member(group, few, i);
  const uint32_t other = member(group, 1 - few, j);

  return few == COMPARE_A ? surprise(compare, one, other) : surprise(compare, other, one);
}

/* Each of the fewer gets the one of the more that is the least surprising, in order; enough are left for the rest. */
static void pair_group(const struct compare *compare, const struct group *group)
{
  const enum compare_side few = group->count[COMPARE_A] <= group->count[COMPARE_B] ? COMPARE_A : COMPARE_B;
  const uint32_t count = group->count[few];
  uint32_t free_to_skip = group->count[1 - few] - count;
  uint32_t at = 0;

  for (uint32_t i = 0; i < count; i++, at++) {
    int64_t best = group_surprise(compare, group, few, i, at);

    while (free_to_skip > 0) {
      int64_t next = group_surprise(compare, group, few, i, at + 1);

      if (next >= best) {
        break;
      }
      best = next;
      at++;
      free_to_skip--;
    }
    if (best <= group->limit_ns) {
      const uint32_t one = member(group, few, i);
      const uint32_t other = member(group, 1 - few, at);

      pair_up(compare, few == COMPARE_A ? one : other, few == COMPARE_A ? other : one);
    }
  }
}

/* Its sender gives no other segment the same mark. */
static bool is_numbered(const struct sighting *sighting)
{
  return sighting->ip_id != 0 || (sighting->facts & TCPSTATE_HAS_TIMESTAMP) != 0;
}

/* What is left of a group at the receiver's tap, where another of the group was paired: the network made copies. */
static void find_copies(const struct compare *compare, const struct group *group, enum compare_side side)
{
  uint32_t paired = NOBODY;

  for (uint32_t i = 0; i < group->count[side]; i++) {
    const uint32_t index = member(group, side, i);
    struct sighting *sighting = sighting_at(compare, index);
    const struct sighting *original;

    if (sighting->relation == RELATION_PAIR) {
      paired = index;
    }
    if (sighting->relation != RELATION_NONE || paired == NOBODY) {
      continue;
    }
    original = sighting_at(compare, paired);
    if (is_numbered(sighting) || distance(sighting->time_ns, original->time_ns) < COPY_NS) {
      sighting->relation = RELATION_COPY;
      sighting->mate = original->mate;
    }
  }
}

static void match_group(const struct compare *compare, const struct group *group, bool copies)
{
  const struct sighting *first = sighting_at(compare, group->entries[0].index);
  const struct connection *connection = connection_at(compare, connection_of(first));

  if (group->count[COMPARE_A] == 0 || group->count[COMPARE_B] == 0) {
    return;
  }
  pair_group(compare, group);
  if (copies) {
    find_copies(compare, group, direction_of(first) == connection->forward ? COMPARE_B : COMPARE_A);
  }
}

static void match_entries(struct compare *compare, uint32_t count, int64_t limit_ns, bool copies)
{
  entries_gather(compare, count);
  for (uint32_t i = 0; i < count;) {
    struct group group = {.entries = compare->entries + i, .limit_ns = limit_ns};

    while (i < count && compare->entries[i].key == group.entries[0].key) {
      group.count[side_of(compare, compare->entries[i].index)]++;
      i++;
    }
    match_group(compare, &group, copies);
  }
}

static bool is_left(const struct sighting *sighting)
{
  return sighting->relation == RELATION_NONE && connection_of(sighting) != NOBODY;
}

static uint32_t gather_strict(const struct compare *compare)
{
  uint32_t count = 0;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    if (is_left(sighting_at(compare, i))) {
      compare->entries[count++] = (struct entry){strict_key(compare, sighting_at(compare, i)), i};
    }
  }
  return count;
}

static uint32_t gather_by_numbers(const struct compare *compare)
{
  uint32_t count = 0;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    if (is_left(sighting_at(compare, i))) {
      compare->entries[count++] = (struct entry){number_key(compare, sighting_at(compare, i)), i};
    }
  }
  return count;
}

void match(struct compare *compare)
{
  match_entries(compare, gather_strict(compare), longest_way, true);
  match_entries(compare, gather_by_numbers(compare), CLOSE_NS, false);
}
