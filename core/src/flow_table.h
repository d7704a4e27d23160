/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a segment's addresses, ports and domain to its flow.
 *
 * An index of 8-byte slots (32 bits of keyed hash, place of the record) in open addressing, and the records in
 * chunks that never move. IPv6 address pairs lie in a pool of their own. A flow is usually in the index once; one whose
 * two directions travel in different domains is there once for each, and one outside domain 0 once more without a
 * domain, so that the first segment of its other direction can find it. */
#ifndef TS_FLOW_TABLE_H
#define TS_FLOW_TABLE_H

#include "compiler.h"
#include "record.h"
#include "tuple_hash.h"
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* A cache line of the index. A tag begins its search at a group and goes on to the next if it is full; slots fill from
 * the first one. All are looked at together, since nobody can foresee which one it is. */
enum { SLOT_GROUP = 8 };

struct slot_group {
  uint32_t tag[SLOT_GROUP];
  uint32_t place[SLOT_GROUP]; /* 1 + place of the flow, 0 = empty */
};

struct address_pair {
  uint8_t address[2][16];
};

static inline uint64_t address_half(const uint8_t *bytes)
{
  uint64_t half;
  memcpy(&half, bytes, sizeof half);
  return half;
}

/* A call of memcmp costs more than all the rest. */
static inline bool address_pairs_equal(const struct address_pair *left, const struct address_pair *right)
{
  uint64_t differ = 0;
  for (unsigned i = 0; i < 2; i++) {
    differ |= address_half(left->address[i]) ^ address_half(right->address[i]);
    differ |= address_half(left->address[i] + 8) ^ address_half(right->address[i] + 8);
  }
  return differ == 0;
}

struct domain_ids {
  uint32_t *names; /* name of id i + 1 */
  uint32_t room;
  uint32_t count;
  uint64_t factor; /* odd and secret: who chooses VLANs and tunnels must not choose their slots */
};

struct flow_table {
  struct memory *memory;
  struct tuple_key hash_key;
  struct slot_group *groups;
  uint32_t group_count;
  uint32_t slot_used;
  uint32_t slot_most; /* no more than that: then the index grows */
  uint32_t kept;
  uint32_t hand;  /* eviction looks on from here */
  uint32_t spent; /* looks that eviction has taken beyond its candidates */
  uint64_t removed;
  struct slab records;
  struct postures postures;
  struct slab pairs;
  struct domain_ids domains;
};

/* A segment's place in the table's terms. */
struct lookup {
  struct address_pair pair; /* only of IPv6: of endpoint 0 and 1 */
  struct flow_ends ends;    /* of IPv6 only the ports, and the place of the addresses of `likely` */
  uint16_t domain;          /* id, never 0 */
  uint8_t ipv6;             /* TALLY_IPV6, or 0 */
  uint8_t sender;           /* endpoint that sent the segment */
  uint32_t tag;             /* hash with the domain */
  uint32_t likely_place;    /* of this: */
  struct hot *likely;       /* what the index had for it when it was looked at ahead, or NULL */
};

int flow_table_init(struct flow_table *table, struct memory *memory, const uint64_t hash_key[2]);
void flow_table_clear(struct flow_table *table);

/* flow_key.h. Fills in `lookup`. Never fails: domains beyond the 65534th share one number. */
void flow_table_key(struct flow_table *table, const tcpstate_segment *segment, struct lookup *lookup);

/* Hash of the lookup's tuple with the domain. */
uint32_t flow_table_tag(const struct flow_table *table, const struct lookup *lookup, uint16_t domain);

static inline struct hot *flow_table_at(const struct flow_table *table, uint32_t place)
{
  return hot_at(&table->records, place);
}

/* What is kept at `place`. */
static inline void flow_table_load(const struct flow_table *table, uint32_t place, struct flow *flow)
{
  record_load(&table->records, &table->postures, place, flow);
}

/* record_store() */
static inline int flow_table_store(struct flow_table *table, uint32_t place, const struct flow *flow)
{
  return record_store(&table->records, &table->postures, place, flow);
}

/* Addresses of an IPv6 flow. */
static inline struct address_pair *flow_table_pair(const struct flow_table *table, const struct flow_ends *ends)
{
  return slab_record(&table->pairs, ends->address[0], sizeof(struct address_pair));
}

static ALWAYS_INLINE bool flow_ends_equal(const struct flow_ends *left, const struct flow_ends *right)
{
  const uint8_t *a = (const uint8_t *)left;
  const uint8_t *b = (const uint8_t *)right;
  return ((address_half(a) ^ address_half(b)) | (address_half(a + 4) ^ address_half(b + 4))) == 0;
}

/* Does the flow have the lookup's addresses and ports? */
static inline bool flow_table_is_same(const struct flow_table *table, const struct hot *flow,
                                      const struct lookup *lookup)
{
  const struct flow_ends *ends = &flow->ends;
  if ((flow->tally & TALLY_IPV6) != lookup->ipv6) {
    return false;
  }
  if (!lookup->ipv6) {
    return flow_ends_equal(ends, &lookup->ends);
  }
  return ends->port[0] == lookup->ends.port[0] && ends->port[1] == lookup->ends.port[1] &&
         address_pairs_equal(flow_table_pair(table, ends), &lookup->pair);
}

/* Is what was fetched ahead the one, nothing having been removed since? Of IPv6 the addresses were compared already,
 * see flow_table_confirm_pair(). (Nothing is likely where there is more than one domain: another flow may have the same
 * tuple.) */
static ALWAYS_INLINE bool flow_table_is_likely(const struct lookup *lookup)
{
  const struct hot *likely = lookup->likely;
  return LIKELY(likely) && LIKELY(flow_ends_equal(&likely->ends, &lookup->ends)) &&
         LIKELY(((likely->tally ^ lookup->ipv6) & TALLY_IPV6) == 0);
}

/* flow_table_find(), whatever is in the index. */
struct hot *flow_table_search(const struct flow_table *table, const struct lookup *lookup, uint32_t *place);

/* A flow of the same tuple that has been seen in the other direction only, and in another domain; or NULL. */
struct hot *flow_table_find_elsewhere(const struct flow_table *table, const struct lookup *lookup, uint32_t *place);

/* The sender's direction of `place` travels in the lookup's domain from now on. Fails quietly without memory. */
void flow_table_join(struct flow_table *table, const struct lookup *lookup, uint32_t place);

/* A place for a new flow: of its record the addresses and ports are set, the rest the caller has to store. NO_MEMORY
 * leaves the table as it was. */
int flow_table_add(struct flow_table *table, const struct lookup *lookup, uint32_t *place);

/* The new flow at `place`: zeroed, but for its key. */
void flow_table_begin(const struct flow_table *table, const struct lookup *lookup, uint32_t place, struct flow *flow);

void flow_table_remove(struct flow_table *table, uint32_t place);

/* The same by one who knows the flow, whatever is stored of it. */
void flow_table_drop(struct flow_table *table, uint32_t place, const struct flow *flow);

/* Addresses of endpoint 0 and 1, 16 bytes each. */
void flow_table_addresses(const struct flow_table *table, const struct flow *flow, struct address_pair *pair);

/* Name of domain `id`. */
uint32_t flow_table_domain(const struct flow_table *table, uint16_t id);

static inline uint32_t flow_table_slots(const struct flow_table *table)
{
  return table->group_count * SLOT_GROUP;
}

/* Where the search for a tag begins: any number of groups will do, and their order is that of the tags. */
static ALWAYS_INLINE uint32_t slot_home(uint32_t tag, uint32_t groups)
{
  return (uint32_t)((uint64_t)tag * groups >> 32);
}

static ALWAYS_INLINE uint32_t slot_next(uint32_t group, uint32_t groups)
{
  return group + 1 < groups ? group + 1 : 0;
}

/* Which words of a group are equal to this one: a bit each. */
static ALWAYS_INLINE unsigned slots_equal(const uint32_t words[SLOT_GROUP], uint32_t word)
{
#if defined(__SSE2__)
  const __m128i *four = (const __m128i *)(const void *)words;
  const __m128i wanted = _mm_set1_epi32((int)word);
  __m128i first = _mm_cmpeq_epi32(_mm_loadu_si128(four), wanted);
  __m128i second = _mm_cmpeq_epi32(_mm_loadu_si128(four + 1), wanted);
  return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(first, second), _mm_setzero_si128()));
#else
  unsigned slots = 0;
  for (unsigned i = 0; i < SLOT_GROUP; i++) {
    slots |= (unsigned)(words[i] == word) << i;
  }
  return slots;
#endif
}

/* 1 + place of the first slot with the tag, 0 = none. */
static ALWAYS_INLINE uint32_t slot_group_match(const struct slot_group *group, uint32_t tag)
{
  unsigned slots = slots_equal(group->tag, tag);
  return slots ? group->place[lowest_bit(slots)] : 0;
}

/* How many slots are in use. */
static ALWAYS_INLINE unsigned slot_group_used(const struct slot_group *group)
{
  return lowest_bit(slots_equal(group->place, 0) | 1u << SLOT_GROUP);
}

static ALWAYS_INLINE bool slot_group_is_full(const struct slot_group *group)
{
  return group->place[SLOT_GROUP - 1] != 0;
}

static ALWAYS_INLINE const struct slot_group *flow_table_home(const struct flow_table *table,
                                                              const struct lookup *lookup)
{
  return &table->groups[slot_home(lookup->tag, table->group_count)];
}

/* The flow of the segment's own domain, or NULL. That there is none is known from one line in most cases. */
static ALWAYS_INLINE struct hot *flow_table_find(const struct flow_table *table, const struct lookup *lookup,
                                                 uint32_t *place)
{
  const struct slot_group *home = flow_table_home(table, lookup);
  bool has_none = !slot_group_match(home, lookup->tag) && !slot_group_is_full(home);
  return has_none ? NULL : flow_table_search(table, lookup, place);
}

/* For batches, in this order, after flow_table_home(): which lines are needed next, so that they can be fetched. Where
 * there is no flow, a line that is at hand. */
static ALWAYS_INLINE void flow_table_take_likely(const struct flow_table *table, uint32_t match, struct lookup *lookup,
                                                 const void *lines[2])
{
  lookup->likely_place = match - 1;
  lookup->likely = record_lines(&table->records, match - 1, lines);
}

/* Has the next group to be looked at, too? */
static ALWAYS_INLINE bool flow_table_look_ahead(const struct flow_table *table, struct lookup *lookup,
                                                const void *lines[2])
{
  const struct slot_group *home = flow_table_home(table, lookup);
  uint32_t match = slot_group_match(home, lookup->tag);
  if (LIKELY(match)) {
    flow_table_take_likely(table, match, lookup, lines);
    return false;
  }
  bool further = slot_group_is_full(home);
  lookup->likely = NULL;
  lines[0] = lines[1] =
      further ? &table->groups[slot_next((uint32_t)(home - table->groups), table->group_count)] : home;
  return further;
}

/* How many lines: 2 or 0. Nearly all are in the first group or the second, or in none. */
static ALWAYS_INLINE unsigned flow_table_look_further(const struct flow_table *table, struct lookup *lookup,
                                                      const void *lines[2])
{
  uint32_t next = slot_next(slot_home(lookup->tag, table->group_count), table->group_count);
  uint32_t match = slot_group_match(&table->groups[next], lookup->tag);
  if (!match) {
    return 0;
  }
  flow_table_take_likely(table, match, lookup, lines);
  return 2;
}

/* Of IPv6: the addresses of what is likely, if it is IPv6 itself. */
static ALWAYS_INLINE const void *flow_table_pair_line(const struct flow_table *table, struct lookup *lookup)
{
  const struct hot *likely = lookup->likely;
  if (UNLIKELY(!likely) || UNLIKELY(!(likely->tally & TALLY_IPV6))) {
    lookup->likely = NULL;
    return lookup;
  }
  lookup->ends.address[0] = likely->ends.address[0];
  return flow_table_pair(table, &likely->ends);
}

static ALWAYS_INLINE void flow_table_confirm_pair(const struct flow_table *table, struct lookup *lookup)
{
  if (LIKELY(lookup->likely) && UNLIKELY(!address_pairs_equal(flow_table_pair(table, &lookup->ends), &lookup->pair))) {
    lookup->likely = NULL;
  }
}

#endif
