/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow_table.h"

#include "domain_ids.h"
#include <string.h>

enum { FIRST_SLOTS = 1024 };

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) (void)(address)
#endif

int flow_table_init(struct flow_table *table, struct memory *memory, const uint64_t hash_key[2])
{
  memset(table, 0, sizeof *table);
  table->memory = memory;
  tuple_key_draw(&table->hash_key, hash_key);
  slab_init(&table->flows, memory, sizeof(struct flow));
  slab_init(&table->pairs, memory, sizeof(struct address_pair));
  table->slots = memory_get(memory, FIRST_SLOTS * sizeof *table->slots);
  table->slot_count = table->slots ? FIRST_SLOTS : 0;
  if (!table->slots) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  return domain_ids_init(&table->domains, memory, hash_key[1]);
}

void flow_table_clear(struct flow_table *table)
{
  memory_put(table->memory, table->slots, table->slot_count * sizeof *table->slots);
  slab_clear(&table->flows);
  slab_clear(&table->pairs);
  domain_ids_clear(&table->domains, table->memory);
}

/* ---------------------------------------------------------------- keys */

static uint32_t word_of(const uint8_t *bytes)
{
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

static uint32_t tag_of(const struct flow_table *table, const struct lookup *lookup, uint16_t domain)
{
  const struct tuple_key *key = &table->hash_key;
  uint32_t ports = (uint32_t)lookup->port[0] << 16 | lookup->port[1];
  uint64_t sum = tuple_product(key, 0, ports, domain);
  const uint8_t *first = lookup->pair.address[0];
  const uint8_t *second = lookup->pair.address[1];
  sum += tuple_product(key, 1, word_of(first), word_of(second));
  if (lookup->ipv6) {
    sum += tuple_product(key, 2, word_of(first + 4), word_of(second + 4));
    sum += tuple_product(key, 3, word_of(first + 8), word_of(second + 8));
    sum += tuple_product(key, 4, word_of(first + 12), word_of(second + 12));
  }
  return tuple_finish(key, sum);
}

static uint64_t number_of(const uint8_t *bytes)
{
  return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

static unsigned take_ipv4(const tcpstate_segment *segment, struct address_pair *pair)
{
  uint64_t src = number_of(segment->src) << 16 | segment->src_port;
  uint64_t dst = number_of(segment->dst) << 16 | segment->dst_port;
  unsigned x = src > dst;
  memcpy(pair->address[x], segment->src, 4);
  memcpy(pair->address[1 - x], segment->dst, 4);
  return x;
}

static unsigned take_ipv6(const tcpstate_segment *segment, struct address_pair *pair)
{
  uint64_t src = segment->src_port;
  uint64_t dst = segment->dst_port;
  for (unsigned i = 0; i < 16; i += 8) { /* the first half that differs, or the ports */
    uint64_t left = number_of(segment->src + i) << 32 | number_of(segment->src + i + 4);
    uint64_t right = number_of(segment->dst + i) << 32 | number_of(segment->dst + i + 4);
    if (left != right) {
      src = left;
      dst = right;
      break;
    }
  }
  unsigned x = src > dst;
  memcpy(pair->address[x], segment->src, 16);
  memcpy(pair->address[1 - x], segment->dst, 16);
  return x;
}

void flow_table_key(struct flow_table *table, const tcpstate_segment *segment, struct lookup *lookup)
{
  lookup->ipv6 = segment->ip_version == 6;
  unsigned x = lookup->ipv6 ? take_ipv6(segment, &lookup->pair) : take_ipv4(segment, &lookup->pair);
  lookup->port[x] = segment->src_port;
  lookup->port[1 - x] = segment->dst_port;
  lookup->sender = (uint8_t)x;
  lookup->likely = 0;
  lookup->domain = domain_ids_find_or_add(&table->domains, table->memory, segment->domain);
  lookup->tag = tag_of(table, lookup, lookup->domain);
}

static const struct address_pair *pair_of(const struct flow_table *table, const struct flow *flow)
{
  return slab_record(&table->pairs, flow->key.address[0], sizeof(struct address_pair));
}

static bool same_pair(const struct address_pair *left, const struct address_pair *right)
{
  uint64_t words[2][4]; /* a call of memcmp costs more than all the rest */
  memcpy(words[0], left, sizeof *left);
  memcpy(words[1], right, sizeof *right);
  return ((words[0][0] ^ words[1][0]) | (words[0][1] ^ words[1][1]) | (words[0][2] ^ words[1][2]) |
          (words[0][3] ^ words[1][3])) == 0;
}

static bool same_tuple(const struct flow_table *table, const struct flow *flow, const struct lookup *lookup)
{
  if (flow->key.port[0] != lookup->port[0] || flow->key.port[1] != lookup->port[1] ||
      ((flow->conn & FLOW_IPV6) != 0) != lookup->ipv6) {
    return false;
  }
  if (!lookup->ipv6) {
    return flow->key.address[0] == word_of(lookup->pair.address[0]) &&
           flow->key.address[1] == word_of(lookup->pair.address[1]);
  }
  return same_pair(pair_of(table, flow), &lookup->pair);
}

void flow_table_addresses(const struct flow_table *table, const struct flow *flow, struct address_pair *pair)
{
  if (flow->conn & FLOW_IPV6) {
    *pair = *pair_of(table, flow);
    return;
  }
  memset(pair, 0, sizeof *pair);
  memcpy(pair->address[0], &flow->key.address[0], 4);
  memcpy(pair->address[1], &flow->key.address[1], 4);
}

uint32_t flow_table_domain(const struct flow_table *table, uint16_t id)
{
  return domain_ids_name(&table->domains, id);
}

/* ---------------------------------------------------------------- index */

static void slot_insert(struct slot *slots, uint32_t mask, uint32_t tag, uint32_t place)
{
  uint32_t i = tag & mask;
  while (slots[i].place) {
    i = (i + 1) & mask;
  }
  slots[i].tag = tag;
  slots[i].place = place + 1;
}

/* Makes room for one more slot: at most three quarters are in use. */
static int index_reserve(struct flow_table *table)
{
  if (table->slot_used < table->slot_count - table->slot_count / 4) {
    return TCPSTATE_OK;
  }
  uint32_t count = table->slot_count * 2;
  struct slot *slots = count ? memory_get(table->memory, count * sizeof *slots) : NULL;
  if (!slots) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  for (uint32_t i = 0; i < table->slot_count; i++) {
    if (table->slots[i].place) {
      slot_insert(slots, count - 1, table->slots[i].tag, table->slots[i].place - 1);
    }
  }
  memory_put(table->memory, table->slots, table->slot_count * sizeof *slots);
  table->slots = slots;
  table->slot_count = count;
  return TCPSTATE_OK;
}

static int index_add(struct flow_table *table, uint32_t tag, uint32_t place)
{
  if (index_reserve(table) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  slot_insert(table->slots, table->slot_count - 1, tag, place);
  table->slot_used++;
  return TCPSTATE_OK;
}

/* Removes (tag, place) if it is there and closes the gap, so that no probe run is broken. */
static void index_remove(struct flow_table *table, uint32_t tag, uint32_t place)
{
  uint32_t mask = table->slot_count - 1;
  uint32_t i = tag & mask;
  while (table->slots[i].place && (table->slots[i].tag != tag || table->slots[i].place != place + 1)) {
    i = (i + 1) & mask;
  }
  if (!table->slots[i].place) {
    return;
  }
  for (uint32_t j = (i + 1) & mask; table->slots[j].place; j = (j + 1) & mask) {
    uint32_t home = table->slots[j].tag & mask;
    if (((j - home) & mask) >= ((j - i) & mask)) {
      table->slots[i] = table->slots[j];
      i = j;
    }
  }
  table->slots[i].place = 0;
  table->slot_used--;
}

/* ---------------------------------------------------------------- lookup */

static bool same_domain(const struct flow *flow, const struct lookup *lookup)
{
  uint16_t own = flow->key.domain[lookup->sender];
  uint16_t other = flow->key.domain[1 - lookup->sender];
  return own == lookup->domain || (own == 0 && other == lookup->domain);
}

/* What was fetched ahead, if it is still the one; only where no other flow has the same tuple in another domain. */
static struct flow *likely_flow(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  if (!lookup->likely || table->domains.count > 1) {
    return NULL;
  }
  struct flow *flow = flow_table_at(table, lookup->likely - 1);
  if (!same_tuple(table, flow, lookup) || !same_domain(flow, lookup)) {
    return NULL;
  }
  *place = lookup->likely - 1;
  return flow;
}

struct flow *flow_table_find(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  struct flow *likely = likely_flow(table, lookup, place);
  if (likely) {
    return likely;
  }
  uint32_t mask = table->slot_count - 1;
  for (uint32_t i = lookup->tag & mask; table->slots[i].place; i = (i + 1) & mask) {
    if (table->slots[i].tag != lookup->tag) {
      continue;
    }
    struct flow *flow = flow_table_at(table, table->slots[i].place - 1);
    if (same_tuple(table, flow, lookup) && same_domain(flow, lookup)) {
      *place = table->slots[i].place - 1;
      return flow;
    }
  }
  return NULL;
}

static struct flow *find_other_domain(const struct flow_table *table, const struct lookup *lookup, uint32_t tag,
                                      uint32_t *place)
{
  uint32_t mask = table->slot_count - 1;
  for (uint32_t i = tag & mask; table->slots[i].place; i = (i + 1) & mask) {
    if (table->slots[i].tag != tag) {
      continue;
    }
    struct flow *flow = flow_table_at(table, table->slots[i].place - 1);
    if (same_tuple(table, flow, lookup) && flow->key.domain[lookup->sender] == 0) {
      *place = table->slots[i].place - 1;
      return flow;
    }
  }
  return NULL;
}

struct flow *flow_table_find_elsewhere(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  uint16_t plain = domain_ids_find(&table->domains, 0);
  struct flow *flow = NULL;
  if (plain && plain != lookup->domain) {
    flow = find_other_domain(table, lookup, tag_of(table, lookup, plain), place);
  }
  return flow ? flow : find_other_domain(table, lookup, tag_of(table, lookup, 0), place);
}

void flow_table_join(struct flow_table *table, const struct lookup *lookup, uint32_t place)
{
  if (index_add(table, lookup->tag, place) == TCPSTATE_OK) {
    flow_table_at(table, place)->key.domain[lookup->sender] = lookup->domain;
  }
}

static int fill_key(struct flow_table *table, const struct lookup *lookup, struct flow *flow)
{
  flow->key.port[0] = lookup->port[0];
  flow->key.port[1] = lookup->port[1];
  flow->key.domain[lookup->sender] = lookup->domain;
  if (!lookup->ipv6) {
    memcpy(&flow->key.address[0], lookup->pair.address[0], 4);
    memcpy(&flow->key.address[1], lookup->pair.address[1], 4);
    return TCPSTATE_OK;
  }
  if (slab_take(&table->pairs, &flow->key.address[0]) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  memcpy(slab_at(&table->pairs, flow->key.address[0]), &lookup->pair, sizeof lookup->pair);
  flow->conn |= FLOW_IPV6;
  return TCPSTATE_OK;
}

int flow_table_add(struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  if (slab_take(&table->flows, place) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  struct flow *flow = flow_table_at(table, *place);
  if (fill_key(table, lookup, flow) != TCPSTATE_OK) {
    slab_give(&table->flows, *place);
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  table->kept++;
  if (index_add(table, lookup->tag, *place) != TCPSTATE_OK) {
    flow_table_remove(table, *place);
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  if (domain_ids_name(&table->domains, lookup->domain) != 0) {
    /* if it fails, only a connection whose directions travel in two domains is not joined */
    (void)index_add(table, tag_of(table, lookup, 0), *place);
  }
  return TCPSTATE_OK;
}

void flow_table_remove(struct flow_table *table, uint32_t place)
{
  struct flow *flow = flow_table_at(table, place);
  struct lookup lookup = {.port = {flow->key.port[0], flow->key.port[1]}, .ipv6 = (flow->conn & FLOW_IPV6) != 0};
  flow_table_addresses(table, flow, &lookup.pair);
  for (unsigned i = 0; i < 2; i++) {
    if (flow->key.domain[i]) {
      index_remove(table, tag_of(table, &lookup, flow->key.domain[i]), place);
    }
  }
  index_remove(table, tag_of(table, &lookup, 0), place);
  if (flow->conn & FLOW_IPV6) {
    slab_give(&table->pairs, flow->key.address[0]);
  }
  slab_give(&table->flows, place);
  table->kept--;
}

/* ---------------------------------------------------------------- fetching ahead */

void flow_table_prefetch_slot(const struct flow_table *table, const struct lookup *lookup)
{
  PREFETCH(&table->slots[lookup->tag & (table->slot_count - 1)]);
}

void flow_table_prefetch_flow(const struct flow_table *table, struct lookup *lookup)
{
  uint32_t mask = table->slot_count - 1;
  uint32_t i = lookup->tag & mask;
  while (table->slots[i].place && table->slots[i].tag != lookup->tag) {
    i = (i + 1) & mask;
  }
  lookup->likely = table->slots[i].place;
  if (lookup->likely) {
    const char *flow = (const char *)flow_table_at(table, lookup->likely - 1);
    PREFETCH(flow);
    PREFETCH(flow + 64);
  }
}

void flow_table_prefetch_pair(const struct flow_table *table, const struct lookup *lookup)
{
  if (lookup->ipv6 && lookup->likely) {
    const struct flow *flow = flow_table_at(table, lookup->likely - 1);
    if (flow->conn & FLOW_IPV6) {
      PREFETCH(pair_of(table, flow));
    }
  }
}
