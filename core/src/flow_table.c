/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow_table.h"

#include "domain_ids.h"
#include <string.h>

enum { FIRST_SLOTS = 1024 };

static size_t index_size(uint32_t slots)
{
  return (size_t)slots / SLOT_GROUP * sizeof(struct slot_group);
}

int flow_table_init(struct flow_table *table, struct memory *memory, const uint64_t hash_key[2])
{
  memset(table, 0, sizeof *table);
  table->memory = memory;
  tuple_key_draw(&table->hash_key, hash_key);
  slab_init(&table->flows, memory, sizeof(struct flow));
  slab_init(&table->pairs, memory, sizeof(struct address_pair));
  table->groups = memory_get(memory, index_size(FIRST_SLOTS));
  table->slot_count = table->groups ? FIRST_SLOTS : 0;
  if (!table->groups) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  return domain_ids_init(&table->domains, memory, hash_key[1]);
}

void flow_table_clear(struct flow_table *table)
{
  memory_put(table->memory, table->groups, index_size(table->slot_count));
  slab_clear(&table->flows);
  slab_clear(&table->pairs);
  domain_ids_clear(&table->domains, table->memory);
}

/* ---------------------------------------------------------------- names */

void flow_table_addresses(const struct flow_table *table, const struct flow *flow, struct address_pair *pair)
{
  if (flow->conn & FLOW_IPV6) {
    *pair = *flow_table_pair(table, flow);
    return;
  }
  memset(pair, 0, sizeof *pair);
  memcpy(pair->address[0], &flow->key.ends.address[0], 4);
  memcpy(pair->address[1], &flow->key.ends.address[1], 4);
}

uint32_t flow_table_domain(const struct flow_table *table, uint16_t id)
{
  return domain_ids_name(&table->domains, id);
}

/* ---------------------------------------------------------------- index */

static uint32_t *tag_at(struct slot_group *groups, uint32_t slot)
{
  return &groups[slot / SLOT_GROUP].tag[slot % SLOT_GROUP];
}

static uint32_t *place_at(struct slot_group *groups, uint32_t slot)
{
  return &groups[slot / SLOT_GROUP].place[slot % SLOT_GROUP];
}

/* The first slot of the group where the search for the tag begins. */
static uint32_t home_of(uint32_t tag, uint32_t last_group)
{
  return (tag & last_group) * SLOT_GROUP;
}

static void slot_insert(struct slot_group *groups, uint32_t last_group, uint32_t tag, uint32_t place)
{
  uint32_t i = tag & last_group;
  while (slot_group_is_full(&groups[i])) {
    i = (i + 1) & last_group;
  }
  const uint32_t *places = groups[i].place;
  unsigned used = places[3] ? 4 : 0;
  used += places[used + 1] ? 2 : 0;
  used += places[used] ? 1 : 0;
  groups[i].tag[used] = tag;
  groups[i].place[used] = place + 1;
}

OUT_OF_LINE static int index_grow(struct flow_table *table)
{
  uint32_t count = table->slot_count * 2;
  struct slot_group *groups = count ? memory_get(table->memory, index_size(count)) : NULL;
  if (!groups) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  for (uint32_t i = 0; i < table->slot_count; i++) {
    uint32_t place = *place_at(table->groups, i);
    if (place) {
      slot_insert(groups, count / SLOT_GROUP - 1, *tag_at(table->groups, i), place - 1);
    }
  }
  memory_put(table->memory, table->groups, index_size(table->slot_count));
  table->groups = groups;
  table->slot_count = count;
  return TCPSTATE_OK;
}

static int index_add(struct flow_table *table, uint32_t tag, uint32_t place)
{
  bool is_full = table->slot_used >= table->slot_count - table->slot_count / 4; /* at most three quarters are in use */
  if (UNLIKELY(is_full) && index_grow(table) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  slot_insert(table->groups, flow_table_last_group(table), tag, place);
  table->slot_used++;
  return TCPSTATE_OK;
}

/* Removes (tag, place) if it is there and closes the gap, so that no probe run is broken. */
static void index_remove(struct flow_table *table, uint32_t tag, uint32_t place)
{
  struct slot_group *groups = table->groups;
  uint32_t last_group = flow_table_last_group(table);
  uint32_t mask = table->slot_count - 1;
  uint32_t i = home_of(tag, last_group);
  while (*place_at(groups, i) && (*tag_at(groups, i) != tag || *place_at(groups, i) != place + 1)) {
    i = (i + 1) & mask;
  }
  if (!*place_at(groups, i)) {
    return;
  }
  for (uint32_t j = (i + 1) & mask; *place_at(groups, j); j = (j + 1) & mask) {
    uint32_t home = home_of(*tag_at(groups, j), last_group);
    if (((j - home) & mask) >= ((j - i) & mask)) {
      *tag_at(groups, i) = *tag_at(groups, j);
      *place_at(groups, i) = *place_at(groups, j);
      i = j;
    }
  }
  *place_at(groups, i) = 0;
  table->slot_used--;
}

/* ---------------------------------------------------------------- lookup */

static bool same_domain(const struct flow *flow, const struct lookup *lookup)
{
  uint16_t own = flow->key.domain[lookup->sender];
  uint16_t other = flow->key.domain[1 - lookup->sender];
  return own == lookup->domain || (own == 0 && other == lookup->domain);
}

static bool other_domain(const struct flow *flow, const struct lookup *lookup)
{
  return flow->key.domain[lookup->sender] == 0;
}

typedef bool in_domain(const struct flow *flow, const struct lookup *lookup);

static struct flow *search_group(const struct flow_table *table, const struct slot_group *group,
                                 const struct lookup *lookup, uint32_t tag, in_domain *is_in, uint32_t *place)
{
  for (unsigned i = 0; i < SLOT_GROUP && group->place[i]; i++) {
    if (group->tag[i] != tag) {
      continue;
    }
    struct flow *flow = flow_table_at(table, group->place[i] - 1);
    if (flow_table_is_same(table, flow, lookup) && is_in(flow, lookup)) {
      *place = group->place[i] - 1;
      return flow;
    }
  }
  return NULL;
}

static ALWAYS_INLINE struct flow *search(const struct flow_table *table, const struct lookup *lookup, uint32_t tag,
                                         in_domain *is_in, uint32_t *place)
{
  uint32_t last_group = flow_table_last_group(table);
  for (uint32_t i = tag & last_group;; i = (i + 1) & last_group) {
    const struct slot_group *group = &table->groups[i];
    if (UNLIKELY(slot_group_match(group, tag))) {
      struct flow *flow = search_group(table, group, lookup, tag, is_in, place);
      if (flow) {
        return flow;
      }
    }
    if (LIKELY(!slot_group_is_full(group))) {
      return NULL;
    }
  }
}

struct flow *flow_table_find(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  return search(table, lookup, lookup->tag, same_domain, place);
}

static struct flow *find_other_domain(const struct flow_table *table, const struct lookup *lookup, uint32_t tag,
                                      uint32_t *place)
{
  return search(table, lookup, tag, other_domain, place);
}

struct flow *flow_table_find_elsewhere(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  uint16_t plain = domain_ids_find(&table->domains, 0);
  struct flow *flow = NULL;
  if (plain && plain != lookup->domain) {
    flow = find_other_domain(table, lookup, flow_table_tag(table, lookup, plain), place);
  }
  return flow ? flow : find_other_domain(table, lookup, flow_table_tag(table, lookup, 0), place);
}

void flow_table_join(struct flow_table *table, const struct lookup *lookup, uint32_t place)
{
  if (index_add(table, lookup->tag, place) == TCPSTATE_OK) {
    flow_table_at(table, place)->key.domain[lookup->sender] = lookup->domain;
  }
}

static int fill_key(struct flow_table *table, const struct lookup *lookup, struct flow *flow)
{
  flow->key.ends = lookup->ends;
  flow->key.domain[lookup->sender] = lookup->domain;
  if (!lookup->ipv6) {
    return TCPSTATE_OK;
  }
  if (slab_take(&table->pairs, &flow->key.ends.address[0]) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  memcpy(slab_at(&table->pairs, flow->key.ends.address[0]), &lookup->pair, sizeof lookup->pair);
  flow->conn |= FLOW_IPV6;
  return TCPSTATE_OK;
}

/* New memory is not in the cache, not even right after the system has cleared it. */
static ALWAYS_INLINE void prefetch_further(const struct flow_table *table, uint32_t place)
{
  enum { FURTHER = 8 };
  if (place % SLAB_CHUNK < SLAB_CHUNK - FURTHER) {
    const struct flow *flow = flow_table_at(table, place) + FURTHER;
    PREFETCH(flow);
    PREFETCH((const char *)flow + 64);
  }
}

int flow_table_add(struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  if (slab_take_unset(&table->flows, place) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  struct flow *flow = flow_table_at(table, *place);
  prefetch_further(table, *place);
  for (size_t i = 0; i < sizeof *flow; i += 64) {
    memset((uint8_t *)flow + i, 0, 64); /* a line each: compilers call for help where it is more */
  }
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
    (void)index_add(table, flow_table_tag(table, lookup, 0), *place);
  }
  return TCPSTATE_OK;
}

void flow_table_remove(struct flow_table *table, uint32_t place)
{
  struct flow *flow = flow_table_at(table, place);
  struct lookup lookup = {.ends = flow->key.ends, .ipv6 = (flow->conn & FLOW_IPV6) != 0};
  flow_table_addresses(table, flow, &lookup.pair);
  for (unsigned i = 0; i < 2; i++) {
    if (flow->key.domain[i]) {
      index_remove(table, flow_table_tag(table, &lookup, flow->key.domain[i]), place);
    }
  }
  index_remove(table, flow_table_tag(table, &lookup, 0), place);
  if (flow->conn & FLOW_IPV6) {
    slab_give(&table->pairs, flow->key.ends.address[0]);
  }
  slab_give(&table->flows, place);
  table->kept--;
  table->removed++;
}
