/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * States with proof. The tap at an endpoint's own end sees all that leaves it and all that comes to it, so nothing of
 * what its tracker assumed for want of a second capture is left to assume.
 */
#include "state.h"

enum { TTL_UNIX = 64, TTL_WINDOWS = 128, TTL_MOST = 255, SENDER = 0, RECEIVER = 1, CERTAINTY_BITS = 4 };

void proof_keep(struct sighting *sighting, const tcpstate_annotation *annotation)
{
  if (annotation == NULL) {
    return;
  }
  for (unsigned end = SENDER; end <= RECEIVER; end++) {
    const unsigned role = end == SENDER ? annotation->src_role : 1u - annotation->src_role;

    sighting->possible[end] = annotation->possible[role];
    sighting->state[end] = annotation->state[role];
    sighting->certainty = (uint8_t)(sighting->certainty | annotation->certainty[role] << (CERTAINTY_BITS * end));
  }
}

/* Stacks start with one of these: anything else has been through a router before it came to the tap. */
static bool is_next_to_host(const struct connection *connection, unsigned direction)
{
  const unsigned ttl = connection->ttl[direction];

  return ttl == 0 || ttl == TTL_UNIX || ttl == TTL_WINDOWS || ttl == TTL_MOST;
}

/* Left in doubt is what a host may refuse although it came: the listener's queues may be full (RFC 9293 3.10.7.4: an
 * ACK that is dropped leaves it in SYN-RECEIVED), and before it answers a SYN nothing tells whether it listens. */
static uint16_t narrowed(uint16_t possible, unsigned state, unsigned certainty)
{
  if (state < TCPSTATE_ESTABLISHED || certainty == TCPSTATE_GUESSED) {
    return possible;
  }
  return possible & (uint16_t)(TCPSTATE_MASK(state) | TCPSTATE_MASK(TCPSTATE_SYN_RECEIVED));
}

void proof_get(const struct compare *compare, const struct row *row, unsigned direction, struct compare_end *end)
{
  const uint32_t index = row->proof[direction];
  const struct sighting *sighting;
  unsigned which;

  *end = (struct compare_end){0};
  if (index == NOBODY) {
    return;
  }
  sighting = sighting_at(compare, index);
  which = direction_of(compare, sighting) == direction ? SENDER : RECEIVER;
  end->frame = sighting->frame;
  end->possible = sighting->possible[which];
  end->state = sighting->state[which];
  end->certainty = (sighting->certainty >> (CERTAINTY_BITS * which)) & ((1u << CERTAINTY_BITS) - 1);
  end->tap = (uint8_t)side_of(compare, index);
  if (is_next_to_host(connection_at(compare, row->connection), direction)) {
    end->possible = narrowed(end->possible, end->state, end->certainty);
    if (end->certainty == TCPSTATE_ASSUMED && end->possible == TCPSTATE_MASK(end->state)) {
      end->certainty = TCPSTATE_OBSERVED;
    }
  }
}

/* What has not come to the tap at its end leaves the endpoint what it was. */
void find_proofs(const struct compare *compare)
{
  uint32_t proof[2] = {NOBODY, NOBODY};

  for (uint32_t i = 0; i < compare->rows.count; i++) {
    struct row *row = row_at(compare, i);

    if (i == 0 || row->connection != row_at(compare, i - 1)->connection) {
      proof[0] = proof[1] = NOBODY;
    }
    for (unsigned direction = 0; direction < 2; direction++) {
      const unsigned forward = connection_at(compare, row->connection)->forward;
      const uint32_t index = row->index[direction == forward ? COMPARE_A : COMPARE_B];

      proof[direction] = index != NOBODY ? index : proof[direction];
      row->proof[direction] = proof[direction];
    }
  }
}
