/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow_table.h"

#include "domain_ids.h"
#include <string.h>

enum { FIRST_GROUPS = 1024 / SLOT_GROUP, MANY_GROUPS = (1 << 20) / SLOT_GROUP };

static size_t index_size(uint32_t groups)
{
  return groups * sizeof(struct slot_group);
}

/* More than seven tenths in use would often lead beyond the first group. */
static void set_index(struct flow_table *table, struct slot_group *groups, uint32_t count)
{
  table->groups = groups;
  table->group_count = count;
  table->slot_most = count * SLOT_GROUP / 10 * 7;
}

int flow_table_init(struct flow_table *table, struct memory *memory, const uint64_t hash_key[2])
{
  memset(table, 0, sizeof *table);
  table->memory = memory;
  tuple_key_draw(&table->hash_key, hash_key);
  slab_init(&table->records, memory, RECORD_SIZE);
  slab_init(&table->pairs, memory, sizeof(struct address_pair));
  struct slot_group *groups = memory_get(memory, index_size(FIRST_GROUPS));
  set_index(table, groups, groups ? FIRST_GROUPS : 0);
  if (!table->groups || postures_init(&table->postures, memory, hash_key[0]) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  return domain_ids_init(&table->domains, memory, hash_key[1]);
}

void flow_table_clear(struct flow_table *table)
{
  memory_put(table->memory, table->groups, index_size(table->group_count));
  slab_clear(&table->records);
  postures_clear(&table->postures);
  slab_clear(&table->pairs);
  domain_ids_clear(&table->domains, table->memory);
}

/* ---------------------------------------------------------------- names */

void flow_table_addresses(const struct flow_table *table, const struct flow *flow, struct address_pair *pair)
{
  if (flow->conn & FLOW_IPV6) {
    *pair = *flow_table_pair(table, &flow->key.ends);
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

/* `place`: as a slot has it, 1 + place of the flow. */
static ALWAYS_INLINE void put_slot(struct slot_group *group, unsigned used, uint32_t tag, uint32_t place)
{
  group->tag[used] = tag;
  group->place[used] = place;
}

static void slot_insert(struct slot_group *groups, uint32_t count, uint32_t tag, uint32_t place)
{
  uint32_t i = slot_home(tag, count);
  while (UNLIKELY(slot_group_is_full(&groups[i]))) {
    i = slot_next(i, count);
  }
  put_slot(&groups[i], slot_group_used(&groups[i]), tag, place + 1);
}

/* Twice as many; where they are many, half as many more, which leaves less idle. 0: too many. */
static uint32_t more_groups(uint32_t count)
{
  uint32_t more = count < MANY_GROUPS ? count : count / 2;
  return count <= UINT32_MAX / SLOT_GROUP - more ? count + more : 0;
}

enum { WINDOW = 8 };

/* An index in the making: cleared just before it is filled, from the first group on, as the order of the tags is that
 * of the groups. Of the groups that were cleared last it is known how many slots are in use. */
struct making {
  struct slot_group *groups;
  uint32_t count;
  uint32_t cleared;
  uint8_t used[WINDOW]; /* of group g at g % WINDOW */
};

static ALWAYS_INLINE void clear_up_to(struct making *making, uint32_t end)
{
  while (making->cleared < end) {
    making->used[making->cleared % WINDOW] = 0;
    memset(&making->groups[making->cleared++], 0, sizeof *making->groups);
  }
}

static ALWAYS_INLINE bool is_in_window(const struct making *making, uint32_t group)
{
  return LIKELY(making->cleared - group <= WINDOW);
}

/* Where its home is full, or was cleared long ago. */
OUT_OF_LINE static void move_further(struct making *making, uint32_t home, uint32_t tag, uint32_t place)
{
  while (slot_group_is_full(&making->groups[home])) {
    home = slot_next(home, making->count);
    clear_up_to(making, home + 1);
  }
  unsigned used = slot_group_used(&making->groups[home]);
  put_slot(&making->groups[home], used, tag, place);
  if (is_in_window(making, home)) {
    making->used[home % WINDOW] = (uint8_t)(used + 1);
  }
}

static ALWAYS_INLINE void move_slot(struct making *making, uint32_t home, uint32_t tag, uint32_t place)
{
  uint8_t *used = &making->used[home % WINDOW];
  if (is_in_window(making, home) && LIKELY(*used < SLOT_GROUP)) {
    put_slot(&making->groups[home], (*used)++, tag, place);
  } else {
    move_further(making, home, tag, place);
  }
}

/* Whatever began its search in a group no later than `group` has its home before this. */
static uint32_t home_end(uint32_t group, uint32_t groups, uint32_t count)
{
  uint64_t end = ((uint64_t)group + 1) * count / groups + 1;
  return end < count ? (uint32_t)end : count;
}

/* The slots of a group that came round the end of the index, and lie before their homes, or the others. */
static ALWAYS_INLINE void move_group(struct making *making, const struct slot_group *group, uint32_t end, bool round)
{
  unsigned used = slot_group_used(group);
  for (unsigned k = 0; k < used; k++) {
    uint32_t home = slot_home(group->tag[k], making->count);
    if (LIKELY((home >= end) == round)) {
      move_slot(making, home, group->tag[k], group->place[k]);
    }
  }
}

HOT static void move_all(const struct flow_table *table, struct making *making)
{
  uint32_t groups = table->group_count;
  for (uint32_t i = 0; i < groups; i++) {
    uint32_t end = home_end(i, groups, making->count);
    clear_up_to(making, end);
    move_group(making, &table->groups[i], end, false);
  }
  clear_up_to(making, making->count);
  for (uint32_t i = 0; i < groups; i++) {
    move_group(making, &table->groups[i], home_end(i, groups, making->count), true);
    if (!slot_group_is_full(&table->groups[i])) {
      return;
    }
  }
}

OUT_OF_LINE static int index_grow(struct flow_table *table)
{
  uint32_t count = more_groups(table->group_count);
  struct making making = {count ? memory_get_unset(table->memory, index_size(count)) : NULL, count, 0, {0}};
  if (!making.groups) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  move_all(table, &making);
  memory_put(table->memory, table->groups, index_size(table->group_count));
  set_index(table, making.groups, count);
  return TCPSTATE_OK;
}

static ALWAYS_INLINE int index_add(struct flow_table *table, uint32_t tag, uint32_t place)
{
  if (UNLIKELY(table->slot_used >= table->slot_most) && index_grow(table) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  slot_insert(table->groups, table->group_count, tag, place);
  table->slot_used++;
  return TCPSTATE_OK;
}

/* From one slot on to another. */
static uint32_t slots_between(const struct flow_table *table, uint32_t from, uint32_t to)
{
  return to >= from ? to - from : to + (flow_table_slots(table) - from);
}

/* Removes (tag, place) if it is there and closes the gap, so that no probe run is broken. */
static void index_remove(struct flow_table *table, uint32_t tag, uint32_t place)
{
  struct slot_group *groups = table->groups;
  uint32_t count = table->group_count;
  uint32_t slots = flow_table_slots(table);
  uint32_t i = slot_home(tag, count) * SLOT_GROUP;
  while (*place_at(groups, i) && (*tag_at(groups, i) != tag || *place_at(groups, i) != place + 1)) {
    i = slot_next(i, slots);
  }
  if (!*place_at(groups, i)) {
    return;
  }
  for (uint32_t j = slot_next(i, slots); *place_at(groups, j); j = slot_next(j, slots)) {
    uint32_t home = slot_home(*tag_at(groups, j), count) * SLOT_GROUP;
    if (slots_between(table, home, j) >= slots_between(table, i, j)) {
      *tag_at(groups, i) = *tag_at(groups, j);
      *place_at(groups, i) = *place_at(groups, j);
      i = j;
    }
  }
  *place_at(groups, i) = 0;
  table->slot_used--;
}

/* ---------------------------------------------------------------- lookup */

static bool same_domain(const uint16_t domain[2], const struct lookup *lookup)
{
  uint16_t own = domain[lookup->sender];
  uint16_t other = domain[1 - lookup->sender];
  return own == lookup->domain || (own == 0 && other == lookup->domain);
}

static bool other_domain(const uint16_t domain[2], const struct lookup *lookup)
{
  return domain[lookup->sender] == 0;
}

typedef bool in_domain(const uint16_t domain[2], const struct lookup *lookup);

static bool is_found(const struct flow_table *table, uint32_t place, const struct lookup *lookup, in_domain *is_in)
{
  uint16_t domain[2];
  if (!flow_table_is_same(table, flow_table_at(table, place), lookup)) {
    return false;
  }
  record_domains(&table->records, &table->postures, place, domain);
  return is_in(domain, lookup);
}

HOT static struct hot *search_group(const struct flow_table *table, const struct slot_group *group,
                                    const struct lookup *lookup, uint32_t tag, in_domain *is_in, uint32_t *place)
{
  for (unsigned i = 0; i < SLOT_GROUP && group->place[i]; i++) {
    if (group->tag[i] == tag && is_found(table, group->place[i] - 1, lookup, is_in)) {
      *place = group->place[i] - 1;
      return flow_table_at(table, *place);
    }
  }
  return NULL;
}

static ALWAYS_INLINE struct hot *search(const struct flow_table *table, const struct lookup *lookup, uint32_t tag,
                                        in_domain *is_in, uint32_t *place)
{
  uint32_t groups = table->group_count;
  for (uint32_t i = slot_home(tag, groups);; i = slot_next(i, groups)) {
    const struct slot_group *group = &table->groups[i];
    if (UNLIKELY(slot_group_match(group, tag))) {
      struct hot *flow = search_group(table, group, lookup, tag, is_in, place);
      if (flow) {
        return flow;
      }
    }
    if (LIKELY(!slot_group_is_full(group))) {
      return NULL;
    }
  }
}

struct hot *flow_table_search(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  return search(table, lookup, lookup->tag, same_domain, place);
}

static struct hot *find_other_domain(const struct flow_table *table, const struct lookup *lookup, uint32_t tag,
                                     uint32_t *place)
{
  return search(table, lookup, tag, other_domain, place);
}

struct hot *flow_table_find_elsewhere(const struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  uint16_t plain = domain_ids_find(&table->domains, 0);
  struct hot *flow = NULL;
  if (plain && plain != lookup->domain) {
    flow = find_other_domain(table, lookup, flow_table_tag(table, lookup, plain), place);
  }
  return flow ? flow : find_other_domain(table, lookup, flow_table_tag(table, lookup, 0), place);
}

void flow_table_join(struct flow_table *table, const struct lookup *lookup, uint32_t place)
{
  struct flow flow;
  if (index_add(table, lookup->tag, place) != TCPSTATE_OK) {
    return;
  }
  flow_table_load(table, place, &flow);
  flow.key.domain[lookup->sender] = lookup->domain;
  if (flow_table_store(table, place, &flow) != TCPSTATE_OK) {
    index_remove(table, lookup->tag, place);
  }
}

/* New memory is not in the cache, not even right after the system has cleared it. */
static ALWAYS_INLINE void prefetch_further(const struct flow_table *table, uint32_t place)
{
  enum { FURTHER = 8 };
  if (place % SLAB_CHUNK < SLAB_CHUNK - FURTHER) {
    const void *lines[2];
    record_lines(&table->records, place + FURTHER, lines);
    PREFETCH(lines[0]);
    PREFETCH(lines[1]);
  }
}

static ALWAYS_INLINE int set_ends(struct flow_table *table, const struct lookup *lookup, struct hot *hot)
{
  hot->posture = POSTURE_NONE;
  hot->ends = lookup->ends;
  hot->tally = 0;
  if (!lookup->ipv6) {
    return TCPSTATE_OK;
  }
  hot->ends.address[1] = 0;
  hot->tally = TALLY_IPV6;
  if (slab_take_unset(&table->pairs, &hot->ends.address[0]) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  *flow_table_pair(table, &hot->ends) = lookup->pair;
  return TCPSTATE_OK;
}

static void take_back(struct flow_table *table, struct hot *hot, uint32_t place)
{
  if (hot->tally & TALLY_IPV6) {
    slab_give(&table->pairs, hot->ends.address[0]);
  }
  slab_give(&table->records, place);
}

int flow_table_add(struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  if (slab_take_unset(&table->records, place) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  struct hot *hot = flow_table_at(table, *place);
  prefetch_further(table, *place);
  if (UNLIKELY(set_ends(table, lookup, hot) != TCPSTATE_OK)) {
    slab_give(&table->records, *place);
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  if (UNLIKELY(index_add(table, lookup->tag, *place) != TCPSTATE_OK)) {
    take_back(table, hot, *place);
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  table->kept++;
  if (UNLIKELY(domain_ids_name(&table->domains, lookup->domain) != 0)) {
    /* if it fails, only a connection whose directions travel in two domains is not joined */
    (void)index_add(table, flow_table_tag(table, lookup, 0), *place);
  }
  return TCPSTATE_OK;
}

void flow_table_begin(const struct flow_table *table, const struct lookup *lookup, uint32_t place, struct flow *flow)
{
  memset(flow, 0, sizeof *flow);
  flow->key.ends = flow_table_at(table, place)->ends;
  flow->key.domain[lookup->sender] = lookup->domain;
  flow->conn = lookup->ipv6 ? FLOW_IPV6 : 0;
}

void flow_table_drop(struct flow_table *table, uint32_t place, const struct flow *flow)
{
  struct lookup lookup = {.ends = flow->key.ends, .ipv6 = (uint8_t)((flow->conn & FLOW_IPV6) ? TALLY_IPV6 : 0)};
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
  record_give(&table->records, place);
  table->kept--;
  table->removed++;
}

void flow_table_remove(struct flow_table *table, uint32_t place)
{
  struct flow flow;
  flow_table_load(table, place, &flow);
  flow_table_drop(table, place, &flow);
}
