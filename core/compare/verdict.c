/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pairs and leftovers to rows, each with its verdict, in the order of their connection and time.
 */
#include "state.h"

#include <string.h>

enum { ENOUGH_TRAFFIC = 2 };

/* When the two captures ran, by A's clock. A capture that is silent at its end may still have run: it had not begun,
 * or had ended, if segments that must have passed there arrived at the other tap meanwhile. */
struct spans {
  int64_t first[COMPARE_SIDES];
  int64_t last[COMPARE_SIDES];
  uint32_t arrived_before[COMPARE_SIDES];
  uint32_t arrived_after[COMPARE_SIDES];
};

/* ---------------------------------------------------------------- changes */

static bool both_have(const struct sighting *a, const struct sighting *b, unsigned fact)
{
  return (a->facts & b->facts & fact) != 0;
}

static bool know_options(const struct sighting *a, const struct sighting *b)
{
  return ((a->facts | b->facts) & TCPSTATE_NO_CAPTURED_OPTIONS) == 0;
}

static unsigned changed_options(const struct sighting *a, const struct sighting *b)
{
  unsigned changes = 0;

  if (!know_options(a, b)) {
    return 0;
  }
  if (a->options != b->options) {
    changes |= COMPARE_OPTIONS;
  }
  if (both_have(a, b, TCPSTATE_HAS_MSS) && a->mss != b->mss) {
    changes |= COMPARE_MSS;
  }
  if (both_have(a, b, TCPSTATE_HAS_WINDOW_SCALE) && a->window_scale != b->window_scale) {
    changes |= COMPARE_WINDOW_SCALE;
  }
  if (both_have(a, b, TCPSTATE_HAS_TIMESTAMP) && (a->ts_value != b->ts_value || a->ts_echo != b->ts_echo)) {
    changes |= COMPARE_TIMESTAMP;
  }
  return changes;
}

static unsigned changes_of(const struct sighting *a, const struct sighting *b)
{
  unsigned changes = changed_options(a, b);

  if (((a->facts | b->facts) & TCPSTATE_NO_WINDOW) == 0 && a->window != b->window) {
    changes |= COMPARE_WINDOW;
  }
  if (a->flags != b->flags) {
    changes |= COMPARE_FLAGS;
  }
  if ((a->known & b->known & COMPARE_KNOWS_PAYLOAD) != 0 && a->length == b->length && a->payload != b->payload) {
    changes |= a->length > 0 ? COMPARE_PAYLOAD : COMPARE_OPTIONS;
  }
  if ((a->known & b->known & COMPARE_KNOWS_IP) != 0 && a->ip_id != b->ip_id) {
    changes |= COMPARE_IP_ID;
  }
  return changes;
}

/* The TTL falls by the routers between the taps: the first pair of a direction tells by how many. */
static unsigned changed_ttl(struct connection *connection, unsigned direction, const struct sighting *a,
                            const struct sighting *b)
{
  const int fall = direction == connection->forward ? a->ttl - b->ttl : b->ttl - a->ttl;

  if ((a->known & b->known & COMPARE_KNOWS_IP) == 0) {
    return 0;
  }
  if (!connection->has_hops[direction]) {
    connection->has_hops[direction] = true;
    connection->hops[direction] = fall;
    connection->ttl[direction] = direction == connection->forward ? a->ttl : b->ttl;
  }
  return connection->hops[direction] == fall ? 0 : COMPARE_TTL;
}

/* ---------------------------------------------------------------- rows */

static bool has_time(const struct compare *compare, uint32_t index)
{
  return index != NOBODY && (sighting_at(compare, index)->facts & TCPSTATE_NO_TIME) == 0;
}

static void time_way(const struct compare *compare, struct row *row, bool forward)
{
  if (row->index[COMPARE_A] != NOBODY && row->index[COMPARE_B] != NOBODY) {
    const struct sighting *a = sighting_at(compare, row->index[COMPARE_A]);
    const struct sighting *b = sighting_at(compare, row->index[COMPARE_B]);
    const int64_t way = minus(compare_align(compare, COMPARE_B, b->time_ns), a->time_ns);

    row->has_delay = has_time(compare, row->index[COMPARE_A]) && has_time(compare, row->index[COMPARE_B]);
    row->delay_ns = !row->has_delay ? 0 : forward ? way : minus(0, way);
  }
}

/* Whose time is the row's: that of the departure, or of the arrival if it was not seen, has no time, or it is a copy.
 */
static uint32_t first_of(const struct compare *compare, uint32_t left, uint32_t came, enum compare_verdict verdict)
{
  const uint32_t first = left != NOBODY && verdict != COMPARE_DUPLICATED ? left : came;

  return !has_time(compare, first) && has_time(compare, came) ? came : first;
}

static struct row *add_row(struct compare *compare, uint32_t a, uint32_t b, enum compare_verdict verdict)
{
  const struct sighting *sighting = sighting_at(compare, a != NOBODY ? a : b);
  const unsigned direction = direction_of(sighting);
  const uint32_t index = connection_of(sighting);
  const bool forward = direction == connection_at(compare, index)->forward;
  const uint32_t first = first_of(compare, forward ? a : b, forward ? b : a, verdict);
  struct row *row = list_push(compare, &compare->rows);

  if (row != NULL) {
    *row = (struct row){
        .time_ns = compare_align(compare, side_of(compare, first), sighting_at(compare, first)->time_ns),
        .index = {a, b},
        .connection = index,
        .verdict = (uint8_t)verdict,
        .direction = (uint8_t)direction,
        .has_time = has_time(compare, first),
    };
    time_way(compare, row, forward);
  }
  return row;
}

static bool add_pair(struct compare *compare, uint32_t a, uint32_t b, enum compare_verdict verdict)
{
  struct row *row = add_row(compare, a, b, verdict);
  const struct sighting *left = sighting_at(compare, a);
  const struct sighting *right = sighting_at(compare, b);

  if (row == NULL) {
    return false;
  }
  if (verdict == COMPARE_BOTH) {
    struct connection *connection = connection_at(compare, row->connection);

    row->changes = (uint16_t)(changes_of(left, right) | changed_ttl(connection, row->direction, left, right));
  }
  return true;
}

static bool is_at_sender(const struct compare *compare, uint32_t index)
{
  const struct sighting *sighting = sighting_at(compare, index);
  const struct connection *connection = connection_at(compare, connection_of(sighting));

  return (direction_of(sighting) == connection->forward) == (side_of(compare, index) == COMPARE_A);
}

static bool is_outside(const struct compare *compare, const struct spans *spans, uint32_t index)
{
  const struct sighting *sighting = sighting_at(compare, index);
  const enum compare_side side = side_of(compare, index);
  const int64_t time_ns = compare_align(compare, side, sighting->time_ns);

  if (!compare->clock.known || !has_time(compare, index)) {
    return false;
  }
  return (time_ns < spans->first[1 - side] && spans->arrived_before[1 - side] >= ENOUGH_TRAFFIC) ||
         (time_ns > spans->last[1 - side] && spans->arrived_after[1 - side] >= ENOUGH_TRAFFIC);
}

static enum compare_verdict verdict_of_alone(const struct compare *compare, const struct spans *spans, uint32_t index)
{
  if (is_outside(compare, spans, index)) {
    return COMPARE_OUTSIDE;
  }
  if (sighting_at(compare, index)->relation == RELATION_MISSED) {
    return COMPARE_MISSED;
  }
  return is_at_sender(compare, index) ? COMPARE_LOST : COMPARE_INJECTED;
}

static bool add_of(struct compare *compare, const struct spans *spans, uint32_t index)
{
  const struct sighting *sighting = sighting_at(compare, index);
  const enum compare_side side = side_of(compare, index);
  const uint32_t a = side == COMPARE_A ? index : NOBODY;
  const uint32_t b = side == COMPARE_B ? index : NOBODY;

  switch ((enum relation)sighting->relation) {
  case RELATION_PAIR:
    return side == COMPARE_B || add_pair(compare, index, sighting->mate, COMPARE_BOTH);
  case RELATION_COPY:
    return add_pair(compare, side == COMPARE_A ? index : sighting->mate, side == COMPARE_B ? index : sighting->mate,
                    COMPARE_DUPLICATED);
  case RELATION_PART:
    return add_pair(compare, side == COMPARE_A ? index : sighting->mate, side == COMPARE_B ? index : sighting->mate,
                    is_at_sender(compare, index) ? COMPARE_MERGED : COMPARE_SPLIT);
  case RELATION_WHOLE:
    return sighting->mate >= sighting->length || add_row(compare, a, b, COMPARE_PARTIAL) != NULL;
  case RELATION_NONE:
  case RELATION_MISSED:
    break;
  }
  return add_row(compare, a, b, verdict_of_alone(compare, spans, index)) != NULL;
}

static void find_spans(const struct compare *compare, struct spans *spans)
{
  bool any[COMPARE_SIDES] = {false, false};

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);
    const enum compare_side side = side_of(compare, i);
    const int64_t time_ns = compare_align(compare, side, sighting->time_ns);

    if (!any[side] || time_ns < spans->first[side]) {
      spans->first[side] = time_ns;
    }
    if (!any[side] || time_ns > spans->last[side]) {
      spans->last[side] = time_ns;
    }
    any[side] = true;
  }
}

static void find_arrivals(const struct compare *compare, struct spans *spans)
{
  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);
    const enum compare_side other = 1 - side_of(compare, i);
    const int64_t time_ns = compare_align(compare, side_of(compare, i), sighting->time_ns);

    if (sighting->relation == RELATION_NONE && connection_of(sighting) != NOBODY && !is_at_sender(compare, i)) {
      spans->arrived_before[other] += time_ns < spans->first[other];
      spans->arrived_after[other] += time_ns > spans->last[other];
    }
  }
}

/* ---------------------------------------------------------------- order */

/* By time, then by connection: the sort keeps what is equal in order. */
static int sort_rows(struct compare *compare)
{
  const uint32_t count = compare->rows.count;
  struct list sorted = {.size = sizeof(struct row)};

  if (!list_reserve(compare, &sorted, count)) {
    return count == 0 ? TCPSTATE_OK : TCPSTATE_ERROR_NO_MEMORY;
  }
  for (uint32_t i = 0; i < count; i++) {
    compare->entries[i] = (struct entry){(uint64_t)row_at(compare, i)->time_ns ^ (uint64_t)INT64_MIN, i};
  }
  entries_sort(compare, count);
  for (uint32_t i = 0; i < count; i++) {
    compare->entries[i].key = row_at(compare, compare->entries[i].index)->connection;
  }
  entries_sort(compare, count);
  for (uint32_t i = 0; i < count; i++) {
    *(struct row *)list_push(compare, &sorted) = *row_at(compare, compare->entries[i].index);
  }
  list_drop(compare, &compare->rows);
  compare->rows = sorted;
  return TCPSTATE_OK;
}

static void point_at_rows(const struct compare *compare)
{
  for (uint32_t i = 0; i < compare->rows.count; i++) {
    const struct row *row = row_at(compare, i);

    fetch_later_row(compare, i);
    for (unsigned side = 0; side < COMPARE_SIDES; side++) {
      struct sighting *sighting = row->index[side] == NOBODY ? NULL : sighting_at(compare, row->index[side]);

      if (sighting != NULL && sighting->row == NOBODY) {
        sighting->row = i;
      }
    }
  }
}

/* ---------------------------------------------------------------- connections */

struct arrivals {
  uint32_t earliest[2]; /* by direction: what came first of all that left later */
};

/* Rows are in the order of departure and are gone through backwards: one that came after what left later was
 * overtaken. */
static void find_reordered(const struct compare *compare, struct row *row, struct arrivals *arrivals)
{
  const struct connection *connection = connection_at(compare, row->connection);
  const uint32_t came = row->index[row->direction == connection->forward ? COMPARE_B : COMPARE_A];

  if (row->verdict != COMPARE_BOTH) {
    return;
  }
  if (came > arrivals->earliest[row->direction]) {
    row->changes |= COMPARE_REORDERED;
  } else {
    arrivals->earliest[row->direction] = came;
  }
}

static void find_all_reordered(const struct compare *compare)
{
  struct arrivals arrivals = {{NOBODY, NOBODY}};

  for (uint32_t i = compare->rows.count; i-- > 0;) {
    struct row *row = row_at(compare, i);

    if (i + 1 == compare->rows.count || row->connection != row_at(compare, i + 1)->connection) {
      arrivals = (struct arrivals){{NOBODY, NOBODY}};
    }
    find_reordered(compare, row, &arrivals);
  }
}

static void count_delay(struct compare_connection *result, const struct row *row, unsigned from)
{
  if (!row->has_delay || row->verdict != COMPARE_BOTH) {
    return;
  }
  if (!result->has_delay[from] || row->delay_ns < result->min_delay_ns[from]) {
    result->min_delay_ns[from] = row->delay_ns;
  }
  if (!result->has_delay[from] || row->delay_ns > result->max_delay_ns[from]) {
    result->max_delay_ns[from] = row->delay_ns;
  }
  result->has_delay[from] = true;
}

static void count_row(const struct compare *compare, uint32_t index)
{
  const struct row *row = row_at(compare, index);
  struct connection *connection = connection_at(compare, row->connection);
  struct compare_connection *result = &connection->result;
  const unsigned from = row->direction == connection->client ? TCPSTATE_CLIENT : TCPSTATE_SERVER;

  if (result->row_count++ == 0) {
    result->first_row = index;
  }
  if (row->has_time && !result->has_start) {
    result->start_ns = row->time_ns;
    result->has_start = true;
  }
  result->verdicts[from][row->verdict]++;
  result->reordered += (row->changes & COMPARE_REORDERED) != 0;
  result->changed += (row->changes & ~(unsigned)(COMPARE_REORDERED | COMPARE_IP_ID)) != 0;
  count_delay(result, row, from);
}

static void describe_side(const struct compare *compare, struct connection *connection, enum compare_side side)
{
  struct compare_connection *result = &connection->result;
  const struct flow *flow = flow_at(compare, connection->flow[side]);

  for (unsigned direction = 0; direction < 2; direction++) {
    const unsigned role = direction == connection->client ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
    const unsigned index = direction ^ flow->parity;

    memcpy(result->address[side][role], flow->tuple.address[index], 16);
    result->port[side][role] = flow->tuple.port[index];
    if (side == COMPARE_B) {
      result->shift[role] = flow->shift[index];
    }
  }
  result->ip_version[side] = flow->tuple.ip_version;
}

static void describe(const struct compare *compare, struct connection *connection)
{
  struct compare_connection *result = &connection->result;

  describe_side(compare, connection, COMPARE_A);
  describe_side(compare, connection, COMPARE_B);
  result->client_tap = connection->forward == connection->client ? COMPARE_A : COMPARE_B;
  result->translated = memcmp(result->address[COMPARE_A], result->address[COMPARE_B], sizeof result->address[0]) != 0 ||
                       memcmp(result->port[COMPARE_A], result->port[COMPARE_B], sizeof result->port[0]) != 0;
  result->has_hops = connection->has_hops[0] || connection->has_hops[1];
  for (unsigned direction = 0; direction < 2; direction++) {
    const unsigned role = direction == connection->client ? TCPSTATE_CLIENT : TCPSTATE_SERVER;

    result->hops[role] = connection->hops[direction];
    result->ttl[role] = connection->ttl[direction];
    result->is_next_to[role] = is_next_to_host(connection, direction);
  }
}

static void describe_all(const struct compare *compare)
{
  for (uint32_t i = 0; i < compare->connections.count; i++) {
    describe(compare, connection_at(compare, i));
  }
  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const uint32_t index = connection_of(sighting_at(compare, i));

    if (index != NOBODY) {
      connection_at(compare, index)->result.segments[side_of(compare, i)]++;
    }
  }
  find_all_reordered(compare);
  for (uint32_t i = 0; i < compare->rows.count; i++) {
    count_row(compare, i);
  }
}

int judge(struct compare *compare)
{
  struct spans spans = {.first = {0}};
  int error;

  find_spans(compare, &spans);
  find_arrivals(compare, &spans);
  if (!list_reserve(compare, &compare->rows,
                    compare->captured[COMPARE_A].count + compare->captured[COMPARE_B].count / 8)) {
    return sighting_count(compare) == 0 ? TCPSTATE_OK : TCPSTATE_ERROR_NO_MEMORY;
  }
  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    if (connection_of(sighting_at(compare, i)) != NOBODY && !add_of(compare, &spans, i)) {
      return TCPSTATE_ERROR_NO_MEMORY;
    }
  }
  error = sort_rows(compare);
  if (error == TCPSTATE_OK) {
    point_at_rows(compare);
    describe_all(compare);
  }
  return error;
}
