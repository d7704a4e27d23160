/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Conversations as two taps see them: segments are lost, forged, delayed, doubled, changed or cut between the two. */
#ifndef FUZZ_JOURNEY_H
#define FUZZ_JOURNEY_H

#include "packets.h"
#include "records.h"

enum { SIDE_MOST = 2 * RECORDS_MOST, JOURNEY_SIZE = 18 };

struct sighting {
  tcpstate_segment segment;
  struct packet_extras extras;
};

struct side {
  struct sighting seen[SIDE_MOST];
  uint32_t count;
};

/* The head says how the clocks differ, what the path does to all, and what to each in turn. */
void travel(struct side sides[2], const uint8_t head[JOURNEY_SIZE], const uint8_t *data, size_t count);

#endif
