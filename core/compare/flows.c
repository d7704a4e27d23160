/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments of one tap to flows. A SYN with another sequence number begins a new flow on the same 4-tuple: between two
 * of them a middlebox may shift sequence numbers differently.
 */
#include "state.h"

#include <string.h>

enum { FIRST_BUCKETS = 1024, LARGEST_BUCKETS = 1 << 24 };

static unsigned make_tuple(struct tuple *tuple, enum compare_side side, const tcpstate_segment *segment)
{
  int order = memcmp(segment->src, segment->dst, 16);
  unsigned source = order < 0 || (order == 0 && segment->src_port <= segment->dst_port) ? 0 : 1;

  memset(tuple, 0, sizeof *tuple);
  memcpy(tuple->address[source], segment->src, 16);
  memcpy(tuple->address[1 - source], segment->dst, 16);
  tuple->port[source] = segment->src_port;
  tuple->port[1 - source] = segment->dst_port;
  tuple->domain = segment->domain;
  tuple->ip_version = segment->ip_version;
  tuple->side = (uint8_t)side;
  return source;
}

static uint64_t read64(const uint8_t *bytes)
{
  uint64_t value;

  memcpy(&value, bytes, sizeof value);
  return value;
}

static uint64_t tuple_hash(const struct compare *compare, const struct tuple *tuple)
{
  uint64_t hash = compare->key;

  for (unsigned i = 0; i < 2; i++) {
    hash = mix(hash, read64(tuple->address[i]));
    hash = mix(hash, read64(tuple->address[i] + 8));
  }
  hash = mix(hash, (uint64_t)tuple->port[0] << 16 | tuple->port[1]);
  return mix(hash, (uint64_t)tuple->domain << 16 | (uint64_t)tuple->ip_version << 8 | tuple->side);
}

static bool is_same(const struct tuple *one, const struct tuple *other)
{
  return one->port[0] == other->port[0] && one->port[1] == other->port[1] && one->side == other->side &&
         one->domain == other->domain && one->ip_version == other->ip_version &&
         memcmp(one->address, other->address, sizeof one->address) == 0;
}

/* Buckets hold the newest flow of a 4-tuple only: older ones are no longer looked for. */
static bool grow_buckets(struct compare *compare)
{
  const uint32_t count = compare->bucket_count == 0 ? FIRST_BUCKETS : compare->bucket_count * 2;
  uint32_t *buckets = memory_get(&compare->memory, count * sizeof *buckets);

  if (buckets == NULL) {
    return compare->bucket_count > 0;
  }
  memset(buckets, 0xff, count * sizeof *buckets);
  for (uint32_t i = 0; i < compare->bucket_count; i++) {
    for (uint32_t at = compare->buckets[i]; at != NOBODY;) {
      struct flow *flow = flow_at(compare, at);
      const uint32_t next = flow->next;
      uint32_t *bucket = &buckets[tuple_hash(compare, &flow->tuple) & (count - 1)];

      flow->next = *bucket;
      *bucket = at;
      at = next;
    }
  }
  if (compare->buckets != NULL) {
    memory_put(&compare->memory, compare->buckets, compare->bucket_count * sizeof *buckets);
  }
  compare->buckets = buckets;
  compare->bucket_count = count;
  return true;
}

static bool begins_anew(const struct flow *flow, const tcpstate_segment *segment, unsigned direction)
{
  if ((segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK)) != TCPSTATE_SYN) {
    return false;
  }
  return flow->has_syn[direction] ? flow->syn[direction] != segment->seq : !flow->has_syn[1 - direction];
}

static uint32_t new_flow(struct compare *compare, const struct tuple *tuple, uint32_t *place)
{
  const uint32_t next = *place == NOBODY ? NOBODY : flow_at(compare, *place)->next;
  struct flow *flow = list_push(compare, &compare->flows);

  if (flow == NULL) {
    return NOBODY;
  }
  memset(flow, 0, sizeof *flow);
  flow->tuple = *tuple;
  flow->parent = compare->flows.count - 1;
  flow->connection = NOBODY;
  flow->candidate = NOBODY;
  flow->next = next;
  *place = compare->flows.count - 1;
  return *place;
}

uint32_t flow_of(struct compare *compare, enum compare_side side, const tcpstate_segment *segment, unsigned *direction)
{
  struct tuple tuple;
  uint32_t index;
  uint32_t *place;

  *direction = make_tuple(&tuple, side, segment);
  if (compare->flows.count >= compare->bucket_count / 4 && compare->bucket_count < LARGEST_BUCKETS &&
      !grow_buckets(compare)) {
    return NOBODY;
  }
  place = &compare->buckets[tuple_hash(compare, &tuple) & (compare->bucket_count - 1)];
  while (*place != NOBODY && !is_same(&flow_at(compare, *place)->tuple, &tuple)) {
    place = &flow_at(compare, *place)->next;
  }
  index = *place;
  if (index == NOBODY || begins_anew(flow_at(compare, index), segment, *direction)) {
    if (compare->flows.count == compare->flows.capacity) { /* `place` may point into what is about to move */
      if (!list_reserve(compare, &compare->flows, compare->flows.capacity == 0 ? 64 : compare->flows.capacity * 2)) {
        return NOBODY;
      }
      return flow_of(compare, side, segment, direction);
    }
    index = new_flow(compare, &tuple, place);
  }
  if (index != NOBODY && (segment->flags & TCPSTATE_SYN) != 0) {
    flow_at(compare, index)->has_syn[*direction] = true;
    flow_at(compare, index)->syn[*direction] = segment->seq;
  }
  return index;
}
