/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

/* Flows lie scattered: what every step asks for goes with the sighting. */
void number_sightings(const struct compare *compare)
{
  for (uint32_t i = 0; i < sighting_count(compare); i++) {
    struct sighting *sighting = sighting_at(compare, i);
    const struct flow *flow = flow_at(compare, sighting->flow);

    sighting->connection = flow->connection;
    sighting->turned = flow->parity;
    sighting->moved = flow->shift[0] != 0 || flow->shift[1] != 0;
  }
}

uint32_t seq_of(const struct compare *compare, const struct sighting *sighting)
{
  return !sighting->moved ? sighting->seq
                          : sighting->seq - flow_at(compare, sighting->flow)->shift[sighting->direction];
}

uint32_t ack_of(const struct compare *compare, const struct sighting *sighting)
{
  if ((sighting->flags & TCPSTATE_ACK) == 0) {
    return 0;
  }
  return !sighting->moved ? sighting->ack
                          : sighting->ack - flow_at(compare, sighting->flow)->shift[1 - sighting->direction];
}

uint64_t number_key(const struct compare *compare, const struct sighting *sighting)
{
  const unsigned flags = sighting->flags & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK);
  uint64_t key = mix(compare->key, (uint64_t)connection_of(sighting) << 1 | direction_of(sighting));

  key = mix(key, (uint64_t)seq_of(compare, sighting) << 32 | ack_of(compare, sighting));
  return mix(key, (uint64_t)sighting->length << 8 | flags);
}
