/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow_key.h"

uint32_t flow_table_tag(const struct flow_table *table, const struct lookup *lookup, uint16_t domain)
{
  const struct address_pair *pair = &lookup->pair;
  if (!lookup->ipv6) {
    return hash_ipv4(&table->hash_key, lookup->ends.address, key_word(lookup->ends.port), domain);
  }
  const struct halves halves = {{address_half(pair->address[0]), address_half(pair->address[0] + 8)},
                                {address_half(pair->address[1]), address_half(pair->address[1] + 8)}};
  return hash_ipv6(&table->hash_key, &halves, key_word(lookup->ends.port), domain);
}

void flow_table_key(struct flow_table *table, const tcpstate_segment *segment, struct lookup *lookup)
{
  flow_key_make(table, segment, lookup);
  lookup->likely = NULL;
}
