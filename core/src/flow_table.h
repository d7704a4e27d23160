/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a segment's addresses, ports and domain to its flow.
 *
 * An index of 8-byte slots (32 bits of keyed hash, place of the flow) in open addressing, and the flows in
 * chunks that never move. IPv6 address pairs lie in a pool of their own. A flow is usually in the index once; one whose
 * two directions travel in different domains is there once for each, and one outside domain 0 once more without a
 * domain, so that the first segment of its other direction can find it. */
#ifndef TS_FLOW_TABLE_H
#define TS_FLOW_TABLE_H

#include "flow.h"
#include "slab.h"
#include "tuple_hash.h"

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#define ALWAYS_INLINE     inline __attribute__((always_inline))
#else
#define PREFETCH(address) (void)(address)
#define ALWAYS_INLINE     inline
#endif

struct slot {
  uint32_t tag;
  uint32_t place; /* 1 + place of the flow, 0 = empty */
};

struct address_pair {
  uint8_t address[2][16];
};

struct domain_ids {
  uint32_t *names; /* name of id i + 1 */
  uint32_t room;
  uint32_t count;
  uint64_t factor; /* odd and secret: who chooses VLANs and tunnels must not choose their slots */
};

struct flow_table {
  struct memory *memory;
  struct tuple_key hash_key;
  struct slot *slots;
  uint32_t slot_count; /* a power of two */
  uint32_t slot_used;
  uint32_t kept;
  uint32_t hand;  /* eviction looks on from here */
  uint32_t spent; /* looks that eviction has taken beyond its candidates */
  struct slab flows;
  struct slab pairs;
  struct domain_ids domains;
};

/* A segment's place in the table's terms. */
struct lookup {
  struct address_pair pair; /* endpoint 0 and 1; of IPv4 only the first four bytes are set */
  uint16_t port[2];
  uint16_t domain; /* id, never 0 */
  uint8_t ipv6;
  uint8_t sender;        /* endpoint that sent the segment */
  uint32_t tag;          /* hash with the domain */
  uint32_t likely_place; /* of this: */
  struct flow *likely;   /* what the index had for it when it was looked at ahead, or NULL */
};

int flow_table_init(struct flow_table *table, struct memory *memory, const uint64_t hash_key[2]);
void flow_table_clear(struct flow_table *table);

/* Fills in `lookup`. Never fails: domains beyond the 65534th share one number. */
void flow_table_key(struct flow_table *table, const tcpstate_segment *segment, struct lookup *lookup);

static inline struct flow *flow_table_at(const struct flow_table *table, uint32_t place)
{
  return slab_record(&table->flows, place, sizeof(struct flow));
}

/* Addresses of an IPv6 flow. */
static inline struct address_pair *flow_table_pair(const struct flow_table *table, const struct flow *flow)
{
  return slab_record(&table->pairs, flow->key.address[0], sizeof(struct address_pair));
}

/* The flow of the segment's own domain, or NULL. */
struct flow *flow_table_find(const struct flow_table *table, const struct lookup *lookup, uint32_t *place);

/* A flow of the same tuple that has been seen in the other direction only, and in another domain; or NULL. */
struct flow *flow_table_find_elsewhere(const struct flow_table *table, const struct lookup *lookup, uint32_t *place);

/* The sender's direction of `place` travels in the lookup's domain from now on. Fails quietly without memory. */
void flow_table_join(struct flow_table *table, const struct lookup *lookup, uint32_t place);

/* A new, zeroed flow with its key. NO_MEMORY leaves the table as it was. */
int flow_table_add(struct flow_table *table, const struct lookup *lookup, uint32_t *place);

void flow_table_remove(struct flow_table *table, uint32_t place);

/* Addresses of endpoint 0 and 1, 16 bytes each. */
void flow_table_addresses(const struct flow_table *table, const struct flow *flow, struct address_pair *pair);

/* Name of domain `id`. */
uint32_t flow_table_domain(const struct flow_table *table, uint16_t id);

/* In this order, each for all of a batch before the next: what one fetches the next one reads. (Always inline: GCC
 * takes a function that only fetches ahead for one without effect, and drops it.) */
static ALWAYS_INLINE void flow_table_prefetch_slot(const struct flow_table *table, const struct lookup *lookup)
{
  PREFETCH(&table->slots[lookup->tag & (table->slot_count - 1)]);
}

static ALWAYS_INLINE void flow_table_prefetch_flow(const struct flow_table *table, struct lookup *lookup)
{
  uint32_t mask = table->slot_count - 1;
  uint32_t i = lookup->tag & mask;
  while (table->slots[i].place && table->slots[i].tag != lookup->tag) {
    i = (i + 1) & mask;
  }
  if (table->slots[i].place) {
    lookup->likely_place = table->slots[i].place - 1;
    lookup->likely = flow_table_at(table, lookup->likely_place);
    PREFETCH(lookup->likely);
    PREFETCH((const char *)lookup->likely + 64);
  }
}

static ALWAYS_INLINE void flow_table_prefetch_pair(const struct flow_table *table, const struct lookup *lookup)
{
  if (lookup->ipv6 && lookup->likely && (lookup->likely->conn & FLOW_IPV6)) {
    PREFETCH(flow_table_pair(table, lookup->likely));
  }
}

#endif
