/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

uint32_t connection_of(const struct compare *compare, const struct sighting *sighting)
{
  return flow_at(compare, sighting->flow)->connection;
}

/* After link_flows every flow points at its root. */
unsigned direction_of(const struct compare *compare, const struct sighting *sighting)
{
  return sighting->direction ^ flow_at(compare, sighting->flow)->parity;
}

uint32_t seq_of(const struct compare *compare, const struct sighting *sighting)
{
  return sighting->seq - flow_at(compare, sighting->flow)->shift[sighting->direction];
}

uint32_t ack_of(const struct compare *compare, const struct sighting *sighting)
{
  return (sighting->flags & TCPSTATE_ACK) == 0
             ? 0
             : sighting->ack - flow_at(compare, sighting->flow)->shift[1 - sighting->direction];
}

uint64_t number_key(const struct compare *compare, const struct sighting *sighting)
{
  const unsigned flags = sighting->flags & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK);
  uint64_t key = mix(compare->key, (uint64_t)connection_of(compare, sighting) << 1 | direction_of(compare, sighting));

  key = mix(key, (uint64_t)seq_of(compare, sighting) << 32 | ack_of(compare, sighting));
  return mix(key, (uint64_t)sighting->length << 8 | flags);
}
