/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow_table.h"

#include "domain_ids.h"
#include "siphash.h"
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
  memcpy(table->hash_key, hash_key, sizeof table->hash_key);
  slab_init(&table->flows, memory, sizeof(struct flow));
  slab_init(&table->pairs, memory, sizeof(struct address_pair));
  table->slots = memory_get(memory, FIRST_SLOTS * sizeof *table->slots);
  table->slot_count = table->slots ? FIRST_SLOTS : 0;
  return table->slots ? TCPSTATE_OK : TCPSTATE_ERROR_NO_MEMORY;
}

void flow_table_clear(struct flow_table *table)
{
  memory_put(table->memory, table->slots, table->slot_count * sizeof *table->slots);
  slab_clear(&table->flows);
  slab_clear(&table->pairs);
  domain_ids_clear(&table->domains, table->memory);
}

/* ---------------------------------------------------------------- keys */

static uint32_t tag_of(const struct flow_table *table, const struct lookup *lookup, uint16_t domain)
{
  uint64_t words[5];
  uint64_t last = (uint64_t)lookup->port[0] | (uint64_t)lookup->port[1] << 16 | (uint64_t)domain << 32;
  if (lookup->ipv6) {
    memcpy(words, &lookup->pair, sizeof lookup->pair);
    words[4] = last;
    return (uint32_t)siphash13(table->hash_key, words, 5);
  }
  memcpy(words, lookup->pair.address[0], 4);
  memcpy((uint8_t *)words + 4, lookup->pair.address[1], 4);
  words[1] = last;
  return (uint32_t)siphash13(table->hash_key, words, 2);
}

static uint64_t number_of(const uint8_t *bytes, unsigned count)
{
  uint64_t number = 0;
  for (unsigned i = 0; i < count; i++) {
    number = number << 8 | bytes[i];
  }
  return number;
}

static unsigned ipv4_order(const tcpstate_segment *segment, struct lookup *lookup)
{
  uint64_t src = number_of(segment->src, 4) << 16 | segment->src_port;
  uint64_t dst = number_of(segment->dst, 4) << 16 | segment->dst_port;
  unsigned x = src > dst;
  memcpy(lookup->pair.address[x], segment->src, 4);
  memcpy(lookup->pair.address[1 - x], segment->dst, 4);
  return x;
}

static unsigned ipv6_order(const tcpstate_segment *segment, struct lookup *lookup)
{
  int order = memcmp(segment->src, segment->dst, 16);
  unsigned x = order > 0 || (order == 0 && segment->src_port > segment->dst_port);
  memcpy(lookup->pair.address[x], segment->src, 16);
  memcpy(lookup->pair.address[1 - x], segment->dst, 16);
  return x;
}

void flow_table_key(struct flow_table *table, const tcpstate_segment *segment, struct lookup *lookup)
{
  lookup->ipv6 = segment->ip_version == 6;
  unsigned x = lookup->ipv6 ? ipv6_order(segment, lookup) : ipv4_order(segment, lookup);
  lookup->port[x] = segment->src_port;
  lookup->port[1 - x] = segment->dst_port;
  lookup->sender = (uint8_t)x;
  lookup->domain = domain_ids_find_or_add(&table->domains, table->memory, segment->domain);
  lookup->tag = tag_of(table, lookup, lookup->domain);
}

static bool same_tuple(const struct flow_table *table, const struct flow *flow, const struct lookup *lookup)
{
  if (flow->key.port[0] != lookup->port[0] || flow->key.port[1] != lookup->port[1] ||
      ((flow->conn & FLOW_IPV6) != 0) != lookup->ipv6) {
    return false;
  }
  if (!lookup->ipv6) {
    return !memcmp(&flow->key.address[0], lookup->pair.address[0], 4) &&
           !memcmp(&flow->key.address[1], lookup->pair.address[1], 4);
  }
  return !memcmp(slab_at(&table->pairs, flow->key.address[0]), &lookup->pair, sizeof lookup->pair);
}

void flow_table_addresses(const struct flow_table *table, const struct flow *flow, struct address_pair *pair)
{
  if (flow->conn & FLOW_IPV6) {
    memcpy(pair, slab_at(&table->pairs, flow->key.address[0]), sizeof *pair);
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

struct flow *flow_table_find(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
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
    const char *flow = slab_at(&table->flows, lookup->likely - 1);
    PREFETCH(flow);
    PREFETCH(flow + 64);
  }
}

void flow_table_prefetch_pair(const struct flow_table *table, const struct lookup *lookup)
{
  if (lookup->ipv6 && lookup->likely) {
    const struct flow *flow = flow_table_at(table, lookup->likely - 1);
    if (flow->conn & FLOW_IPV6) {
      PREFETCH(slab_at(&table->pairs, flow->key.address[0]));
    }
  }
}
