/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * START HERE: what is added becomes sightings; compare_run takes them step by step to rows.
 */
#include "state.h"

#include <string.h>

struct compare *compare_new(const struct compare_settings *settings)
{
  struct memory memory = {.allocator = settings->allocator, .limit = settings->memory_limit};
  struct compare *compare;

  if (memory.allocator.allocate == NULL) {
    tcpstate_settings defaults;

    tcpstate_settings_init(&defaults);
    memory.allocator = defaults.allocator;
  }
  compare = memory_get(&memory, sizeof *compare);
  if (compare == NULL) {
    return NULL;
  }
  compare->memory = memory;
  compare->key = mix(settings->hash_key, 1);
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    compare->captured[side].size = sizeof(struct sighting);
  }
  compare->flows.size = sizeof(struct flow);
  compare->connections.size = sizeof(struct connection);
  compare->rows.size = sizeof(struct row);
  return compare;
}

static void drop_entries(struct compare *compare)
{
  const size_t size = ((size_t)sighting_count(compare) + 1) * sizeof(struct entry);

  if (compare->entries != NULL) {
    memory_put(&compare->memory, compare->entries, size);
  }
  if (compare->spare != NULL) {
    memory_put(&compare->memory, compare->spare, size);
  }
  compare->entries = NULL;
  compare->spare = NULL;
}

void compare_free(struct compare *compare)
{
  struct memory memory;

  if (compare == NULL) {
    return;
  }
  drop_entries(compare);
  list_drop(compare, &compare->captured[COMPARE_A]);
  list_drop(compare, &compare->captured[COMPARE_B]);
  list_drop(compare, &compare->flows);
  list_drop(compare, &compare->connections);
  list_drop(compare, &compare->rows);
  if (compare->buckets != NULL) {
    memory_put(&compare->memory, compare->buckets, compare->bucket_count * sizeof *compare->buckets);
  }
  memory = compare->memory;
  memory_put(&memory, compare, sizeof *compare);
}

int compare_add(struct compare *compare, enum compare_side side, const struct compare_segment *added)
{
  const tcpstate_segment *segment = added->segment;
  unsigned direction;
  const uint32_t flow = flow_of(compare, side, segment, &direction);
  struct sighting *sighting;

  if (flow == NOBODY || sighting_count(compare) >= NOBODY / 2) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  sighting = list_push(compare, &compare->captured[side]);
  if (sighting == NULL) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  *sighting = (struct sighting){
      .time_ns = segment->time_ns,
      .seq = segment->seq,
      .ack = segment->ack,
      .length = segment->payload_length,
      .ts_value = segment->ts_value,
      .ts_echo = segment->ts_echo,
      .frame = added->frame,
      .flow = flow,
      .payload = added->payload,
      .options = added->options,
      .mate = NOBODY,
      .row = NOBODY,
      .window = segment->window,
      .ip_id = added->ip_id,
      .mss = segment->mss,
      .flags = segment->flags,
      .facts = segment->facts,
      .window_scale = segment->window_scale,
      .ttl = added->ttl,
      .known = added->known,
      .direction = (uint8_t)direction,
  };
  proof_keep(sighting, added->annotation);
  return TCPSTATE_OK;
}

static int get_entries(struct compare *compare)
{
  const size_t size = ((size_t)sighting_count(compare) + 1) * sizeof(struct entry);

  compare->entries = memory_get(&compare->memory, size);
  compare->spare = memory_get(&compare->memory, size);
  return compare->entries == NULL || compare->spare == NULL ? TCPSTATE_ERROR_NO_MEMORY : TCPSTATE_OK;
}

int compare_run(struct compare *compare)
{
  int error = get_entries(compare);

  if (error == TCPSTATE_OK) {
    error = link_flows(compare);
  }
  if (error == TCPSTATE_OK) {
    number_sightings(compare);
    learn(compare);
    error = clock_fit(compare);
  }
  if (error == TCPSTATE_OK) {
    match(compare);
    match_ranges(compare);
    find_missed(compare);
    error = judge(compare);
  }
  if (error == TCPSTATE_OK) {
    find_proofs(compare);
  }
  drop_entries(compare);
  return error;
}

/* ---------------------------------------------------------------- answers */

void compare_summary_get(const struct compare *compare, struct compare_summary *summary)
{
  *summary = (struct compare_summary){
      .clock = compare->clock,
      .connections = compare->connections.count,
      .only = {compare->only[COMPARE_A], compare->only[COMPARE_B]},
      .rows = compare->rows.count,
  };
}

void compare_connection_get(const struct compare *compare, uint32_t index, struct compare_connection *connection)
{
  *connection = connection_at(compare, index)->result;
}

static void fill_sight(const struct compare *compare, struct compare_sight *sight, uint32_t index)
{
  const struct sighting *sighting = sighting_at(compare, index);

  *sight = (struct compare_sight){
      .time_ns = sighting->time_ns,
      .frame = sighting->frame,
      .added = index - (side_of(compare, index) == COMPARE_A ? 0 : compare->captured[COMPARE_A].count),
      .seq = sighting->seq,
      .ack = sighting->ack,
      .length = sighting->length,
      .window = sighting->window,
      .mss = sighting->mss,
      .flags = sighting->flags,
      .ttl = sighting->ttl,
      .has_time = (sighting->facts & TCPSTATE_NO_TIME) == 0,
  };
}

void compare_row_get(const struct compare *compare, uint32_t index, struct compare_row *result)
{
  const struct row *row = row_at(compare, index);
  const struct connection *connection = connection_at(compare, row->connection);
  const bool forward = row->direction == connection->forward;

  fetch_later_row(compare, index);
  *result = (struct compare_row){
      .time_ns = row->time_ns,
      .delay_ns = row->delay_ns,
      .has_time = row->has_time,
      .has_delay = row->has_delay,
      .connection = row->connection,
      .changes = row->changes,
      .verdict = row->verdict,
      .from = row->direction == connection->client ? TCPSTATE_CLIENT : TCPSTATE_SERVER,
      .from_tap = forward ? COMPARE_A : COMPARE_B,
  };
  for (unsigned direction = 0; direction < 2; direction++) {
    proof_get(compare, connection, row->proof[direction], direction,
              &result->end[direction == connection->client ? TCPSTATE_CLIENT : TCPSTATE_SERVER]);
  }
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    if (row->index[side] != NOBODY) {
      fill_sight(compare, &result->sight[side], row->index[side]);
    }
  }
}

uint32_t compare_row_of(const struct compare *compare, enum compare_side side, uint32_t added)
{
  if (added >= compare->captured[side].count) {
    return UINT32_MAX;
  }
  return sighting_at(compare, side == COMPARE_A ? added : compare->captured[COMPARE_A].count + added)->row;
}
