/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journey.h"

#include "target.h"

enum { CLOCK, PATH, FATES, FATE_NUMBERS = JOURNEY_SIZE - FATES, WAY_NS = 4000000 };

/* What happens between the taps. The numbers above are: nothing. */
enum fate { LOST, INJECTED, LATE, DOUBLED, CHANGED, SPLIT, OTHER_TTL, NO_TIME, FATE_COUNT };

static void see(struct side *side, const struct sighting *sighting)
{
  FUZZ_CHECK(side->count < SIDE_MOST);
  side->seen[side->count++] = *sighting;
}

static int64_t later(int64_t time_ns, int64_t by)
{
  return (int64_t)((uint64_t)time_ns + (uint64_t)by);
}

/* What the other tap sees of it: other numbers and addresses, another clock. */
static struct sighting translated(const struct sighting *sighting, const uint8_t head[JOURNEY_SIZE])
{
  static const int64_t offsets[] = {0, 1, -1000000, 3600000000000, -86400000000000, INT64_MIN, 250000, 7};
  struct sighting other = *sighting;
  bool from_client = sighting->segment.dst_port == 80;

  other.segment.time_ns = later(other.segment.time_ns, offsets[head[CLOCK] & 7]);
  other.segment.time_ns = later(other.segment.time_ns, other.segment.time_ns / 1000000 * (head[CLOCK] >> 5));
  if (head[PATH] & 1) {
    (from_client ? other.segment.src : other.segment.dst)[2] ^= 7;
    *(from_client ? &other.segment.src_port : &other.segment.dst_port) ^= 0x1000;
  }
  if (head[PATH] & 2) {
    *(from_client ? &other.segment.seq : &other.segment.ack) += 0x9e3779b9;
  }
  other.extras.ttl = (uint8_t)(other.extras.ttl - (head[PATH] >> 4));
  return other;
}

static void change(struct sighting *sighting, unsigned how)
{
  switch (how % 5) {
  case 0:
    sighting->segment.flags ^= TCPSTATE_PSH;
    break;
  case 1:
    sighting->segment.window ^= 0x10;
    break;
  case 2:
    sighting->segment.mss = 1400;
    break;
  case 3:
    sighting->segment.facts ^= TCPSTATE_HAS_TIMESTAMP;
    break;
  default:
    sighting->extras.payload ^= 1;
    break;
  }
}

static void see_in_parts(struct side *side, struct sighting whole)
{
  struct sighting part = whole;

  part.segment.payload_length = whole.segment.payload_length / 2;
  whole.segment.payload_length -= part.segment.payload_length;
  whole.segment.seq += part.segment.payload_length;
  see(side, &part);
  see(side, &whole);
}

/* One segment on its way; `held` is one that waits to be overtaken. */
static void travel_one(struct side sides[2], const struct sighting *sighting, enum fate fate,
                       const uint8_t head[JOURNEY_SIZE], struct sighting *held)
{
  bool from_client = sighting->segment.dst_port == 80;
  struct sighting at_a = *sighting;
  struct sighting at_b = translated(sighting, head);

  if (from_client) {
    at_b.segment.time_ns = later(at_b.segment.time_ns, WAY_NS);
  } else {
    at_a.segment.time_ns = later(at_a.segment.time_ns, WAY_NS);
  }
  if (fate == CHANGED) {
    change(&at_b, sighting->segment.seq);
  } else if (fate == OTHER_TTL) {
    at_b.extras.ttl--;
  } else if (fate == NO_TIME) {
    at_b.segment.facts |= TCPSTATE_NO_TIME;
  }
  if (fate != INJECTED) {
    see(&sides[0], &at_a);
  }
  if (fate == LATE && held->segment.ip_version == 0) {
    *held = at_b;
  } else if (fate == SPLIT && at_b.segment.payload_length > 1) {
    see_in_parts(&sides[1], at_b);
  } else if (fate != LOST) {
    see(&sides[1], &at_b);
  }
  if (fate == DOUBLED) {
    see(&sides[1], &at_b);
  }
  if (fate != LATE && held->segment.ip_version != 0) {
    see(&sides[1], held);
    held->segment.ip_version = 0;
  }
}

void travel(struct side sides[2], const uint8_t head[JOURNEY_SIZE], const uint8_t *data, size_t count)
{
  struct records records;
  struct sighting held = {.segment.ip_version = 0};

  sides[0].count = 0;
  sides[1].count = 0;
  records_start(&records);
  for (size_t i = 0; i < count; i++) {
    bool icmp;
    struct sighting sighting = {.segment = records_segment(&records, data + i * RECORD_SIZE, &icmp),
                                .extras = {.ip_id = (uint16_t)i, .ttl = 64, .payload = (uint8_t)i}};

    sighting.segment.domain = 0; /* a plain packet has none */
    travel_one(sides, &sighting, head[FATES + i % FATE_NUMBERS] & 15, head, &held);
  }
  if (held.segment.ip_version != 0) {
    see(&sides[1], &held);
  }
}
