/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments that one capture lacks although they passed there: their receiver has acknowledged bytes that this capture
 * has from nobody.
 */
#include "state.h"

static uint32_t room_of(const struct sighting *sighting)
{
  return sighting->length + ((sighting->flags & TCPSTATE_SYN) != 0) + ((sighting->flags & TCPSTATE_FIN) != 0);
}

static uint32_t start_of(const struct compare *compare, const struct sighting *sighting)
{
  const struct connection *connection = connection_at(compare, connection_of(sighting));

  return seq_of(compare, sighting) - connection->base[direction_of(sighting)];
}

/* Directions that have something alone, and where their numbers are counted from: sequence numbers wrap. */
static bool mark(const struct compare *compare)
{
  bool any = false;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);

    if (sighting->relation == RELATION_NONE && connection_of(sighting) != NOBODY && room_of(sighting) > 0) {
      struct connection *connection = connection_at(compare, connection_of(sighting));
      const unsigned direction = direction_of(sighting);

      if (!connection->has_alone[direction]) {
        connection->base[direction] = seq_of(compare, sighting) - (UINT32_MAX >> 1);
      }
      connection->has_alone[direction] = true;
      any = true;
    }
  }
  return any;
}

/* Sightings of the marked directions by their start; what acknowledges them is noted. */
static uint32_t gather(const struct compare *compare)
{
  uint32_t count = 0;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);
    const uint32_t index = connection_of(sighting);
    struct connection *connection = index == NOBODY ? NULL : connection_at(compare, index);
    const unsigned direction = direction_of(sighting);

    if (connection == NULL) {
      continue;
    }
    if (connection->has_alone[direction] && room_of(sighting) > 0) {
      const uint64_t place = (uint64_t)index << 33 | (uint64_t)direction << 32;

      compare->entries[count++] = (struct entry){place | start_of(compare, sighting), i};
    }
    if (connection->has_alone[1 - direction] && (sighting->flags & (TCPSTATE_ACK | TCPSTATE_RST)) == TCPSTATE_ACK) {
      const uint32_t acked = ack_of(compare, sighting) - connection->base[1 - direction];

      if (acked > connection->acked[1 - direction]) {
        connection->acked[1 - direction] = acked;
      }
    }
  }
  return count;
}

/* How far what starts at or before the current one reaches, and how far all of the direction does, at each tap. */
struct reach {
  uint32_t here[COMPARE_SIDES];
  uint32_t all[COMPARE_SIDES];
};

static void extend(const struct compare *compare, uint32_t index, uint32_t reach[COMPARE_SIDES])
{
  const struct sighting *sighting = sighting_at(compare, index);
  const uint32_t end = start_of(compare, sighting) + room_of(sighting);
  const enum compare_side side = side_of(compare, index);

  reach[side] = end > reach[side] ? end : reach[side];
}

static void judge_alone(const struct compare *compare, uint32_t index, const struct reach *reach)
{
  struct sighting *sighting = sighting_at(compare, index);
  const struct connection *connection = connection_at(compare, connection_of(sighting));
  const unsigned direction = direction_of(sighting);
  const enum compare_side side = side_of(compare, index);
  const uint32_t start = start_of(compare, sighting);
  const uint32_t end = start + room_of(sighting);
  const bool at_sender = (direction == connection->forward) == (side == COMPARE_A);

  if (sighting->relation != RELATION_NONE || reach->here[1 - side] > start || connection->acked[direction] < end) {
    return;
  }
  /* A sender that goes on behind bytes has sent them, if it has sent some before; one that does not may never have. */
  if (at_sender || (reach->here[1 - side] > 0 && reach->all[1 - side] > end)) {
    sighting->relation = RELATION_MISSED;
  }
}

static void judge_direction(const struct compare *compare, uint32_t first, uint32_t end)
{
  struct reach reach = {{0}, {0}};

  for (uint32_t i = first; i < end; i++) {
    extend(compare, compare->entries[i].index, reach.all);
  }
  for (uint32_t i = first; i < end;) {
    uint32_t same = i;

    for (; same < end && compare->entries[same].key == compare->entries[i].key; same++) {
      extend(compare, compare->entries[same].index, reach.here);
    }
    for (; i < same; i++) {
      judge_alone(compare, compare->entries[i].index, &reach);
    }
  }
}

void find_missed(struct compare *compare)
{
  uint32_t count;

  if (!mark(compare)) {
    return;
  }
  count = gather(compare);
  entries_sort(compare, count);
  for (uint32_t i = 0; i < count;) {
    const uint32_t first = i;

    while (i < count && compare->entries[i].key >> 32 == compare->entries[first].key >> 32) {
      i++;
    }
    judge_direction(compare, first, i);
  }
}
