/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which flows of A and B are the same connection. First by equal numbers on equal addresses, then by equal numbers
 * alone (a NAT changes addresses and ports, hardly ever sequence numbers), then by time stamps and payload, which
 * also survive where a firewall adds a constant to the sequence numbers, then by handshakes on equal addresses.
 */
#include "state.h"

#include <string.h>

/* In this order. The last ones look at segments without ACK: their one number can be the same although the other
 * direction's numbers have been moved, so they serve only where nothing better is found. */
enum method {
  BY_TUPLE,
  BY_NUMBERS_AND_TIMESTAMP,
  BY_NUMBERS,
  BY_TIMESTAMP,
  BY_PAYLOAD,
  BY_TIMESTAMP_OF_SYN,
  BY_TUPLE_OF_SYN_ACK,
  BY_TUPLE_OF_SYN,
  BY_TUPLE_WITHOUT_ACK,
  BY_NUMBERS_WITHOUT_ACK
};

enum { ENOUGH_PAYLOAD = 8, FLOWS_OF_A_KEY = 64 };

/* ---------------------------------------------------------------- union-find */

uint32_t root_of(const struct compare *compare, uint32_t flow, unsigned *parity)
{
  *parity = 0;
  while (flow_at(compare, flow)->parent != flow) {
    struct flow *self = flow_at(compare, flow);
    const struct flow *above = flow_at(compare, self->parent);

    *parity ^= self->parity;
    if (above->parent != self->parent) { /* halve the path */
      self->parity ^= above->parity;
      self->parent = above->parent;
      *parity ^= above->parity;
    }
    flow = self->parent;
  }
  return flow;
}

static void unite(const struct compare *compare, uint32_t left, uint32_t right, unsigned parity)
{
  unsigned left_parity;
  unsigned right_parity;
  uint32_t left_root = root_of(compare, left, &left_parity);
  uint32_t right_root = root_of(compare, right, &right_parity);

  flow_at(compare, left)->linked = true;
  flow_at(compare, right)->linked = true;
  if (left_root == right_root) {
    return;
  }
  parity ^= left_parity ^ right_parity;
  if (left_root < right_root) {
    flow_at(compare, right_root)->parent = left_root;
    flow_at(compare, right_root)->parity = (uint8_t)parity;
  } else {
    flow_at(compare, left_root)->parent = right_root;
    flow_at(compare, left_root)->parity = (uint8_t)parity;
  }
}

/* ---------------------------------------------------------------- keys */

static uint64_t mix_addresses(uint64_t key, const struct flow *flow, unsigned source)
{
  uint64_t half[4];

  memcpy(half, flow->tuple.address[source], 16);
  memcpy(half + 2, flow->tuple.address[1 - source], 16);
  for (unsigned i = 0; i < 4; i++) {
    key = mix(key, half[i]);
  }
  return mix(key, (uint64_t)flow->tuple.port[source] << 16 | flow->tuple.port[1 - source]);
}

/* False if the sighting has nothing to be known by with this method. */
static bool make_key(const struct compare *compare, const struct sighting *sighting, enum method method, uint64_t *key)
{
  const bool has_ack = (sighting->flags & TCPSTATE_ACK) != 0;
  const bool has_stamp = (sighting->facts & TCPSTATE_HAS_TIMESTAMP) != 0;
  const unsigned flags = sighting->flags & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK);
  const uint64_t numbers = (uint64_t)sighting->seq << 32 | (has_ack ? sighting->ack : 0);
  const uint64_t stamps = (uint64_t)sighting->ts_value << 32 | sighting->ts_echo;

  *key = mix(compare->key, (uint64_t)sighting->length << 8 | flags);
  switch (method) {
  case BY_TUPLE:
  case BY_TUPLE_WITHOUT_ACK:
    *key = mix(mix_addresses(*key, flow_at(compare, sighting->flow), sighting->direction), numbers);
    return has_ack == (method == BY_TUPLE);
  case BY_NUMBERS:
  case BY_NUMBERS_WITHOUT_ACK:
    *key = mix(*key, numbers);
    return has_ack == (method == BY_NUMBERS);
  case BY_NUMBERS_AND_TIMESTAMP:
    *key = mix(mix(*key, numbers), stamps);
    return has_ack && has_stamp;
  case BY_TIMESTAMP:
    *key = mix(*key, stamps);
    return has_ack && has_stamp && sighting->ts_echo != 0;
  case BY_TIMESTAMP_OF_SYN:
    *key = mix(*key, stamps);
    return (sighting->flags & TCPSTATE_SYN) != 0 && !has_ack && has_stamp;
  case BY_TUPLE_OF_SYN_ACK:
  case BY_TUPLE_OF_SYN:
    *key = mix_addresses(*key, flow_at(compare, sighting->flow), sighting->direction);
    return (sighting->flags & TCPSTATE_SYN) != 0 && has_ack == (method == BY_TUPLE_OF_SYN_ACK);
  case BY_PAYLOAD:
    *key = mix(*key, sighting->payload);
    return has_ack && (sighting->known & COMPARE_KNOWS_PAYLOAD) != 0 && sighting->length >= ENOUGH_PAYLOAD;
  }
  return false;
}

/* ---------------------------------------------------------------- one key's sightings */

struct sighted {
  uint32_t flow;
  uint32_t sighting; /* the first one */
};

/* Sightings of one side with one key, each flow once. They come in the order of their capture. */
struct gathering {
  struct sighted flows[COMPARE_SIDES][FLOWS_OF_A_KEY];
  unsigned count[COMPARE_SIDES];
};

/* Repetitions of one flow come next to each other but where many flows share one key: looking back a little finds
 * them there too. */
static void gather(const struct compare *compare, struct gathering *gathering, uint32_t index)
{
  const enum compare_side side = side_of(compare, index);
  const uint32_t flow = sighting_at(compare, index)->flow;
  unsigned *count = &gathering->count[side];

  for (unsigned i = *count; i-- > 0;) {
    if (gathering->flows[side][i].flow == flow) {
      return;
    }
  }
  if (*count < FLOWS_OF_A_KEY) {
    gathering->flows[side][(*count)++] = (struct sighted){flow, index};
  }
}

static void link_pair(const struct compare *compare, const struct sighted *a, const struct sighted *b)
{
  const struct sighting *left = sighting_at(compare, a->sighting);
  const struct sighting *right = sighting_at(compare, b->sighting);

  if (!flow_at(compare, a->flow)->linked || !flow_at(compare, b->flow)->linked) {
    unite(compare, a->flow, b->flow, left->direction ^ right->direction);
  }
}

/* Numbers shifted by constants: Boyer and Moore's vote on who the partner is and by how much. */
static void vote(const struct compare *compare, const struct sighted *a, const struct sighted *b)
{
  const struct sighting *left = sighting_at(compare, a->sighting);
  const struct sighting *right = sighting_at(compare, b->sighting);
  struct flow *flow = flow_at(compare, b->flow);
  uint32_t shift[2];

  shift[right->direction] = right->seq - left->seq;
  shift[1 - right->direction] = (right->flags & TCPSTATE_ACK) != 0 ? right->ack - left->ack : 0;
  if (flow->candidate == a->flow && memcmp(flow->candidate_shift, shift, sizeof shift) == 0) {
    flow->candidate_count++;
  } else if (flow->candidate_count > 0) {
    flow->candidate_count--;
  } else {
    flow->candidate = a->flow;
    flow->candidate_parity = left->direction ^ right->direction;
    memcpy(flow->candidate_shift, shift, sizeof shift);
    flow->candidate_count = 1;
  }
}

static bool are_of_one_tuple(const struct compare *compare, const struct sighted *flows, unsigned count)
{
  const struct flow *first = flow_at(compare, flows[0].flow);

  for (unsigned i = 1; i < count; i++) {
    const struct flow *other = flow_at(compare, flows[i].flow);

    if (memcmp(first->tuple.address, other->tuple.address, sizeof first->tuple.address) != 0 ||
        first->tuple.port[0] != other->tuple.port[0] || first->tuple.port[1] != other->tuple.port[1]) {
      return false;
    }
  }
  return true;
}

static void link_all(const struct compare *compare, const struct gathering *gathering)
{
  const struct sighted *a = gathering->flows[COMPARE_A];
  const struct sighted *b = gathering->flows[COMPARE_B];

  for (unsigned i = 0; i < gathering->count[COMPARE_A]; i++) {
    link_pair(compare, &a[i], &b[0]);
  }
  for (unsigned i = 1; i < gathering->count[COMPARE_B]; i++) {
    link_pair(compare, &a[0], &b[i]);
  }
}

/* Several flows with the same numbers on both sides: as many here as there belong together in their order. Of one
 * 4-tuple they belong together in any number: a late copy of a SYN began a flow of its own. */
static void link_gathering(const struct compare *compare, const struct gathering *gathering, enum method method)
{
  const struct sighted *a = gathering->flows[COMPARE_A];
  const struct sighted *b = gathering->flows[COMPARE_B];
  const unsigned count = gathering->count[COMPARE_A];

  if (count == 0 || gathering->count[COMPARE_B] == 0) {
    return;
  }
  if (method == BY_TUPLE_OF_SYN_ACK || method == BY_TUPLE_OF_SYN) {
    for (unsigned i = 0; i < count && count == gathering->count[COMPARE_B]; i++) {
      vote(compare, &a[i], &b[i]);
    }
  } else if (method >= BY_TIMESTAMP && method <= BY_TIMESTAMP_OF_SYN) {
    if (count == 1 && gathering->count[COMPARE_B] == 1) {
      vote(compare, a, b);
    }
  } else if (method == BY_TUPLE || method == BY_TUPLE_WITHOUT_ACK ||
             (are_of_one_tuple(compare, a, count) && are_of_one_tuple(compare, b, gathering->count[COMPARE_B]))) {
    link_all(compare, gathering);
  } else if (count == gathering->count[COMPARE_B]) {
    for (unsigned i = 0; i < count; i++) {
      link_pair(compare, &a[i], &b[i]);
    }
  }
}

/* ---------------------------------------------------------------- rounds */

static void link_by(struct compare *compare, enum method method)
{
  uint32_t count = 0;

  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    const struct sighting *sighting = sighting_at(compare, i);
    uint64_t key;

    if ((method >= BY_TUPLE_WITHOUT_ACK || !flow_at(compare, sighting->flow)->linked) &&
        make_key(compare, sighting, method, &key)) {
      compare->entries[count++] = (struct entry){key, i};
    }
  }
  entries_group(compare, count);
  for (uint32_t i = 0; i < count;) {
    struct gathering gathering = {.count = {0}};
    const uint64_t key = compare->entries[i].key;

    for (; i < count && compare->entries[i].key == key; i++) {
      gather(compare, &gathering, compare->entries[i].index);
    }
    link_gathering(compare, &gathering, method);
  }
}

static void take_votes(const struct compare *compare)
{
  for (uint32_t i = 0; i < compare->flows.count; i++) {
    struct flow *flow = flow_at(compare, i);

    if (flow->candidate_count > 0 && !flow->linked && flow->tuple.side == COMPARE_B) {
      memcpy(flow->shift, flow->candidate_shift, sizeof flow->shift);
      unite(compare, flow->candidate, i, flow->candidate_parity);
    }
    flow->candidate_count = 0;
  }
}

/* ---------------------------------------------------------------- connections */

static int number_connections(struct compare *compare)
{
  for (uint32_t i = 0; i < compare->flows.count; i++) {
    unsigned parity;
    const uint32_t root = root_of(compare, i, &parity);
    struct flow *flow = flow_at(compare, i);
    struct connection *connection;

    flow->parent = root;
    flow->parity = (uint8_t)parity;
    if (!flow->linked) {
      compare->only[flow->tuple.side]++;
      continue;
    }
    if (flow_at(compare, root)->connection == NOBODY) {
      connection = list_push(compare, &compare->connections);
      if (connection == NULL) {
        return TCPSTATE_ERROR_NO_MEMORY;
      }
      connection->flow[COMPARE_A] = NOBODY;
      connection->flow[COMPARE_B] = NOBODY;
      flow_at(compare, root)->connection = compare->connections.count - 1;
    }
    flow->connection = flow_at(compare, root)->connection;
    connection = connection_at(compare, flow->connection);
    if (connection->flow[flow->tuple.side] == NOBODY) {
      connection->flow[flow->tuple.side] = i;
    }
  }
  return TCPSTATE_OK;
}

int link_flows(struct compare *compare)
{
  link_by(compare, BY_TUPLE);
  link_by(compare, BY_NUMBERS_AND_TIMESTAMP);
  link_by(compare, BY_NUMBERS);
  for (enum method method = BY_TIMESTAMP; method <= BY_TUPLE_OF_SYN; method++) {
    link_by(compare, method);
    take_votes(compare);
  }
  link_by(compare, BY_TUPLE_WITHOUT_ACK);
  link_by(compare, BY_NUMBERS_WITHOUT_ACK);
  return number_connections(compare);
}
