/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The key of a flow: addresses and ports in order, and their hash. */
#ifndef TS_FLOW_KEY_H
#define TS_FLOW_KEY_H

#include "domain_ids.h"
#include "flow_table.h"
#include "network_order.h"
#include <stddef.h>
#include <string.h>

static inline uint32_t key_word(const void *bytes)
{
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/* `ports`: both, as they lie in memory. */
static ALWAYS_INLINE uint64_t ports_product(const struct tuple_key *key, uint32_t ports, uint16_t domain)
{
  return tuple_product(key, 0, ports, domain);
}

static ALWAYS_INLINE uint32_t hash_ipv4(const struct tuple_key *key, const uint32_t address[2], uint32_t ports,
                                        uint16_t domain)
{
  return tuple_finish(key, ports_product(key, ports, domain) + tuple_product(key, 1, address[0], address[1]));
}

static ALWAYS_INLINE uint64_t half_product(const struct tuple_key *key, unsigned pair, uint64_t first, uint64_t second)
{
  return tuple_product(key, pair, (uint32_t)first, (uint32_t)second) +
         tuple_product(key, pair + 1, (uint32_t)(first >> 32), (uint32_t)(second >> 32));
}

/* An IPv6 tuple's addresses, each in two halves. */
struct halves {
  uint64_t first[2];
  uint64_t second[2];
};

static ALWAYS_INLINE uint32_t hash_ipv6(const struct tuple_key *key, const struct halves *halves, uint32_t ports,
                                        uint16_t domain)
{
  return tuple_finish(key, ports_product(key, ports, domain) +
                               half_product(key, 1, halves->first[0], halves->second[0]) +
                               half_product(key, 3, halves->first[1], halves->second[1]));
}

/* Is the tuple's source the greater one, in the order of bytes as memcmp() has it? */
static ALWAYS_INLINE bool is_turned_ipv4(const tcpstate_segment *segment)
{
  uint32_t src = read32(segment->src);
  uint32_t dst = read32(segment->dst);
  return LIKELY(src != dst) ? src > dst : segment->src_port > segment->dst_port;
}

static ALWAYS_INLINE bool is_turned_ipv6(const tcpstate_segment *segment)
{
  for (unsigned i = 0; i < 16; i += 8) {
    uint64_t src = read64(segment->src + i);
    uint64_t dst = read64(segment->dst + i);
    if (src != dst) {
      return src > dst;
    }
  }
  return segment->src_port > segment->dst_port;
}

_Static_assert(offsetof(tcpstate_segment, dst_port) == offsetof(tcpstate_segment, src_port) + 2, "read together");

/* Which way a segment goes nobody can foresee, so both ways are computed and one is chosen without a branch. Returns
 * the ports in order, as they lie in memory. */
static ALWAYS_INLINE uint32_t take_ports(const tcpstate_segment *segment, bool turned, struct lookup *lookup)
{
  uint32_t ports = key_word(&segment->src_port);
  unsigned turn = 16u * turned;
  ports = ports << turn | ports >> (-turn & 31u);
  memcpy(lookup->ends.port, &ports, sizeof ports);
  lookup->sender = turned;
  return ports;
}

static ALWAYS_INLINE uint32_t key_ipv4(const struct tuple_key *key, const tcpstate_segment *segment, uint16_t domain,
                                       struct lookup *lookup)
{
  bool turned = is_turned_ipv4(segment);
  uint32_t src = key_word(segment->src);
  uint32_t dst = key_word(segment->dst);
  uint32_t between = (src ^ dst) & (0u - turned);
  const uint32_t address[2] = {src ^ between, dst ^ between};
  memcpy(lookup->ends.address, address, sizeof address);
  return hash_ipv4(key, address, take_ports(segment, turned, lookup), domain);
}

static ALWAYS_INLINE uint32_t key_ipv6(const struct tuple_key *key, const tcpstate_segment *segment, uint16_t domain,
                                       struct lookup *lookup)
{
  bool turned = is_turned_ipv6(segment);
  struct halves halves;
  for (size_t i = 0; i < 2; i++) {
    uint64_t src = address_half(segment->src + 8 * i);
    uint64_t dst = address_half(segment->dst + 8 * i);
    uint64_t between = (src ^ dst) & (0u - (uint64_t)turned);
    halves.first[i] = src ^ between;
    halves.second[i] = dst ^ between;
    memcpy(lookup->pair.address[0] + 8 * i, &halves.first[i], 8);
    memcpy(lookup->pair.address[1] + 8 * i, &halves.second[i], 8);
  }
  lookup->ends.address[0] = lookup->ends.address[1] = 0;
  return hash_ipv6(key, &halves, take_ports(segment, turned, lookup), domain);
}

/* flow_table_key() but for `likely`, for whoever has many to make. */
static ALWAYS_INLINE void flow_key_make(struct flow_table *table, const tcpstate_segment *segment,
                                        struct lookup *lookup)
{
  uint16_t domain = domain_ids_find_or_add(&table->domains, table->memory, segment->domain);
  const struct tuple_key *key = &table->hash_key;
  bool ipv6 = segment->ip_version == 6;
  lookup->domain = domain;
  lookup->ipv6 = ipv6 ? TALLY_IPV6 : 0;
  lookup->tag = ipv6 ? key_ipv6(key, segment, domain, lookup) : key_ipv4(key, segment, domain, lookup);
}

#endif
