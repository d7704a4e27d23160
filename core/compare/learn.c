/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments whose numbers occur once at each tap are the same one without doubt. They teach what this path leaves alone
 * (IP identification, time stamps, window), which tap is at which end, and how the clocks differ.
 */
#include "state.h"

enum { ENOUGH_SAMPLES = 4, CLIENT_BY_SYN = 3, CLIENT_BY_SYN_ACK = 2, CLIENT_BY_PORT = 1 };

void pair_up(const struct compare *compare, uint32_t a, uint32_t b)
{
  struct sighting *left = sighting_at(compare, a);
  struct sighting *right = sighting_at(compare, b);

  left->mate = b;
  left->relation = RELATION_PAIR;
  right->mate = a;
  right->relation = RELATION_PAIR;
}

/* ---------------------------------------------------------------- habits */

static bool compare_habit(enum habit habit, const struct sighting *a, const struct sighting *b, bool *same)
{
  switch (habit) {
  case HABIT_IP_ID:
    *same = a->ip_id == b->ip_id;
    return a->ip_id != 0 && b->ip_id != 0;
  case HABIT_TIMESTAMP:
    *same = a->ts_value == b->ts_value && a->ts_echo == b->ts_echo;
    return (a->facts & TCPSTATE_HAS_TIMESTAMP) != 0 && (b->facts & TCPSTATE_HAS_TIMESTAMP) != 0;
  case HABIT_WINDOW:
    *same = a->window == b->window;
    return (a->facts & TCPSTATE_NO_WINDOW) == 0 && (b->facts & TCPSTATE_NO_WINDOW) == 0;
  case HABIT_SACK:
    *same = a->payload == b->payload;
    return has_sack(a) && has_sack(b);
  case HABIT_COUNT:
    break;
  }
  return false;
}

static void count_habits(struct habits *habits, const struct sighting *a, const struct sighting *b)
{
  for (unsigned habit = 0; habit < HABIT_COUNT; habit++) {
    bool same;

    if (compare_habit((enum habit)habit, a, b, &same)) {
      habits->samples[habit]++;
      habits->same[habit] += same;
    }
  }
}

static bool is_mostly_same(const struct habits *habits, enum habit habit)
{
  return (uint64_t)habits->same[habit] * 10 >= (uint64_t)habits->samples[habit] * 8;
}

bool keeps(const struct compare *compare, const struct connection *connection, enum habit habit)
{
  return is_mostly_same(connection->habits.samples[habit] >= ENOUGH_SAMPLES ? &connection->habits : &compare->habits,
                        habit);
}

static bool agrees(const struct compare *compare, const struct connection *connection, const struct sighting *a,
                   const struct sighting *b)
{
  for (unsigned habit = 0; habit < HABIT_COUNT; habit++) {
    bool same;

    if (compare_habit((enum habit)habit, a, b, &same) && !same && keeps(compare, connection, (enum habit)habit)) {
      return false;
    }
  }
  return true;
}

/* ---------------------------------------------------------------- ends */

static void learn_client(struct connection *connection, const struct sighting *sighting, const struct flow *flow,
                         unsigned direction)
{
  const unsigned flags = sighting->flags & (TCPSTATE_SYN | TCPSTATE_ACK);
  const bool from_lower = flow->tuple.port[sighting->direction] < flow->tuple.port[1 - sighting->direction];
  unsigned weight = CLIENT_BY_PORT;
  unsigned client = from_lower ? 1 - direction : direction;

  if (flags == TCPSTATE_SYN) {
    weight = CLIENT_BY_SYN;
    client = direction;
  } else if ((flags & TCPSTATE_SYN) != 0) {
    weight = CLIENT_BY_SYN_ACK;
    client = 1 - direction;
  }
  if (weight > connection->client_weight) {
    connection->client_weight = (uint8_t)weight;
    connection->client = (uint8_t)client;
  }
}

/* The time from A to B is longer by the clocks' difference in both directions alike, so what is left of it when two
 * directions are compared tells which one runs from A to B. Neighbours in time are compared: clocks drift. */
static void learn_balance(struct connection *connection, const struct sighting *a, const struct sighting *b,
                          unsigned direction)
{
  const int64_t difference = minus(b->time_ns, a->time_ns);

  if (((a->facts | b->facts) & TCPSTATE_NO_TIME) != 0) {
    return;
  }
  if (connection->has_last && connection->last_direction != direction) {
    int64_t more = minus(difference, connection->last_difference);

    more = direction == 0 ? more : minus(0, more);
    connection->balance += more > 0 ? 1 : more < 0 ? -1 : 0;
  }
  connection->has_last = true;
  connection->last_direction = (uint8_t)direction;
  connection->last_difference = difference;
}

/* ---------------------------------------------------------------- pairs */

static void pair_unmistakable(struct compare *compare)
{
  uint32_t count = 0;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);

    if (connection_of(sighting) != NOBODY) {
      compare->entries[count++] = (struct entry){number_key(compare, sighting), i};
    }
  }
  entries_gather(compare, count);
  for (uint32_t i = 0; i < count;) {
    uint32_t end = i + 1;

    while (end < count && compare->entries[end].key == compare->entries[i].key) {
      end++;
    }
    if (end - i == 2) {
      const uint32_t a = compare->entries[i].index;
      const uint32_t b = compare->entries[i + 1].index;

      if (side_of(compare, a) != side_of(compare, b)) {
        pair_up(compare, a, b);
      }
    }
    i = end;
  }
}

/* A pair that does not agree with what the path has been found to keep was none. */
static void part_again(const struct compare *compare)
{
  for (uint32_t i = 0; i < compare->captured[COMPARE_A].count; i++) {
    struct sighting *a = sighting_at(compare, i);
    struct sighting *b;

    if (a->relation != RELATION_PAIR) {
      continue;
    }
    b = sighting_at(compare, a->mate);
    if (!agrees(compare, connection_at(compare, connection_of(a)), a, b)) {
      a->relation = RELATION_NONE;
      b->relation = RELATION_NONE;
    }
  }
}

void learn(struct compare *compare)
{
  pair_unmistakable(compare);
  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);
    const uint32_t index = connection_of(sighting);

    if (index != NOBODY) {
      learn_client(connection_at(compare, index), sighting, flow_at(compare, sighting->flow), direction_of(sighting));
    }
  }
  for (uint32_t i = 0; i < compare->captured[COMPARE_A].count; i++) {
    const struct sighting *a = sighting_at(compare, i);

    if (a->relation == RELATION_PAIR) {
      struct connection *connection = connection_at(compare, connection_of(a));
      const struct sighting *b = sighting_at(compare, a->mate);

      count_habits(&connection->habits, a, b);
      count_habits(&compare->habits, a, b);
      learn_balance(connection, a, b, direction_of(a));
    }
  }
  part_again(compare);
}
