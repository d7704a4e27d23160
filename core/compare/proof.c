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
bool is_next_to_host(const struct connection *connection, unsigned direction)
{
  const unsigned ttl = connection->ttl[direction];

  return ttl == 0 || ttl == TTL_UNIX || ttl == TTL_WINDOWS || ttl == TTL_MOST;
}

/* What a host may stay in although the segment came that would have moved it, by the state it would be in. A listener's
 * queues may be full: an ACK that it drops leaves it in SYN-RECEIVED. A reset leaves CLOSED or, after a passive open,
 * LISTEN (RFC 9293 3.10.7.4), and TIME-WAIT may be told to outlast it (RFC 1337). */
static unsigned refusals(unsigned state)
{
  const unsigned of_reset = TCPSTATE_MASK(TCPSTATE_LISTEN) | TCPSTATE_MASK(TCPSTATE_TIME_WAIT);

  return TCPSTATE_MASK(TCPSTATE_SYN_RECEIVED) | (state == TCPSTATE_CLOSED ? of_reset : 0u);
}

/* Before an endpoint answers a SYN nothing tells whether it listens at all: what is said of LISTEN to SYN-RECEIVED
 * stays, and so does a guess. */
static uint16_t narrowed(uint16_t possible, unsigned state, unsigned certainty)
{
  if (certainty == TCPSTATE_GUESSED || (state != TCPSTATE_CLOSED && state < TCPSTATE_ESTABLISHED)) {
    return possible;
  }
  return possible & (uint16_t)(TCPSTATE_MASK(state) | refusals(state));
}

void proof_get(const struct compare *compare, const struct connection *connection, uint32_t index, unsigned direction,
               struct compare_end *end)
{
  const struct sighting *sighting;
  unsigned which;

  *end = (struct compare_end){0};
  if (index == NOBODY) {
    return;
  }
  sighting = sighting_at(compare, index);
  which = direction_of(sighting) == direction ? SENDER : RECEIVER;
  end->frame = sighting->frame;
  end->possible = sighting->possible[which];
  end->state = sighting->state[which];
  end->certainty = (sighting->certainty >> (CERTAINTY_BITS * which)) & ((1u << CERTAINTY_BITS) - 1);
  end->tap = (uint8_t)side_of(compare, index);
  if (is_next_to_host(connection, direction)) {
    end->possible = narrowed(end->possible, end->state, end->certainty);
    if (end->certainty == TCPSTATE_ASSUMED && end->possible == TCPSTATE_MASK(end->state)) {
      end->certainty = TCPSTATE_OBSERVED;
    }
  }
}

/* What has not come to the tap at its end leaves the endpoint what it was. Rows are in the order of departure, so one
 * that was overtaken tells of earlier than the row before. */
static void find_proof(const struct compare *compare, struct row *row, uint32_t latest[2])
{
  for (unsigned direction = 0; direction < 2; direction++) {
    const unsigned forward = connection_at(compare, row->connection)->forward;
    const uint32_t index = row->index[direction == forward ? COMPARE_A : COMPARE_B];

    if (index != NOBODY && (latest[direction] == NOBODY || index > latest[direction])) {
      latest[direction] = index;
    }
    row->proof[direction] = index != NOBODY ? index : latest[direction];
  }
}

static void tell_last(const struct compare *compare, const struct row *row, const uint32_t latest[2])
{
  struct connection *connection = connection_at(compare, row->connection);

  for (unsigned direction = 0; direction < 2; direction++) {
    proof_get(compare, connection, latest[direction], direction,
              &connection->result.end[direction == connection->client ? TCPSTATE_CLIENT : TCPSTATE_SERVER]);
  }
}

void find_proofs(const struct compare *compare)
{
  const uint32_t count = compare->rows.count;
  uint32_t latest[2] = {NOBODY, NOBODY};

  for (uint32_t i = 0; i < count; i++) {
    struct row *row = row_at(compare, i);

    find_proof(compare, row, latest);
    if (i + 1 == count || row_at(compare, i + 1)->connection != row->connection) {
      tell_last(compare, row, latest);
      latest[0] = latest[1] = NOBODY;
    }
  }
}
