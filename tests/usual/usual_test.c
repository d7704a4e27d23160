/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usual_test ROUNDS FILE...: the tracker with and without its short way for usual segments (core/src/usual.c) must say
 * the same of every segment and of every connection, and one that says nothing of segments must know the same: of the
 * captures as they are, and ROUNDS times of each with random changes. */
#include "../bench/segments.h"
#include "../model/random.h"
#include "look.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 200 /* several of the tracker's own */ };

/* ---------------------------------------------------------------- comparing */

/* Both sides start as zeros, padding included. */
static bool same_bytes(const void *left, const void *right, size_t size)
{
  return memcmp(left, right, size) == 0;
}

enum way { SHORT_WAY, LONG_WAY, UNSAID, WAYS };

struct ways {
  tcpstate_tracker *tracker[WAYS];
};

/* But for what is each connection's own. */
static tcpstate_connection in_common(const tcpstate_connection *connection)
{
  tcpstate_connection common = *connection;
  common.first_time_ns = common.last_time_ns = 0;
  common.stream = 0;
  memset(common.address, 0, sizeof common.address);
  memset(common.port, 0, sizeof common.port);
  memset(common.bytes, 0, sizeof common.bytes);
  memset(common.segments, 0, sizeof common.segments);
  return common;
}

/* `kinds`: the first connection of each kind, or zeros. */
static bool is_of_its_kind(tcpstate_connection *kinds, const tcpstate_connection *connection)
{
  tcpstate_connection common = in_common(connection);
  if (connection->kind == 0) {
    return true;
  }
  if (kinds[connection->kind].kind == 0) {
    kinds[connection->kind] = common;
  }
  return same_bytes(&kinds[connection->kind], &common, sizeof common);
}

/* Numbers of kinds are a tracker's own. */
static bool same_connections(const struct ways *ways)
{
  static tcpstate_connection kinds[TCPSTATE_KINDS];
  uint32_t cursor[2] = {0, 0};
  int result[2];
  memset(kinds, 0, sizeof kinds);
  do {
    tcpstate_connection connection[2];
    memset(connection, 0, sizeof connection);
    for (unsigned i = 0; i < 2; i++) {
      result[i] = tcpstate_connection_next(ways->tracker[i], &cursor[i], &connection[i]);
    }
    bool of_kind = is_of_its_kind(kinds, &connection[0]);
    connection[0].kind = connection[1].kind = 0;
    if (!of_kind || result[0] != result[1] || !same_bytes(&connection[0], &connection[1], sizeof *connection)) {
      fprintf(stderr, "connection %" PRIu32 " differs\n", connection[0].stream);
      return false;
    }
  } while (result[0] == TCPSTATE_OK);
  return true;
}

/* What is kept of the connection: a difference there may show in what is said much later only. */
static bool same_flow(const struct ways *ways, const tcpstate_annotation *annotation)
{
  struct flow flow[WAYS];
  memset(flow, 0, sizeof flow);
  for (unsigned i = 0; i < WAYS; i++) {
    flow_table_load(&ways->tracker[i]->table, annotation->slot, &flow[i]);
  }
  for (size_t i = 0; i < sizeof flow[0]; i++) {
    for (unsigned k = LONG_WAY; k < WAYS; k++) {
      const uint8_t *bytes[2] = {(const uint8_t *)&flow[SHORT_WAY], (const uint8_t *)&flow[k]};
      if (bytes[0][i] != bytes[1][i]) {
        fprintf(stderr, "byte %zu of what is kept: %02x, but %02x in way %u\n", i, bytes[0][i], bytes[1][i], k);
        return false;
      }
    }
  }
  return true;
}

static bool same_batch(const struct ways *ways, const tcpstate_segment *segments, size_t first, size_t count)
{
  tcpstate_annotation annotations[2][BATCH];
  memset(annotations, 0, sizeof annotations);
  for (unsigned i = 0; i < 2; i++) {
    tcpstate_feed_batch(ways->tracker[i], segments + first, count, annotations[i]);
  }
  tcpstate_feed_batch(ways->tracker[UNSAID], segments + first, count, NULL);
  for (size_t i = 0; i < count; i++) {
    if (!same_bytes(&annotations[0][i], &annotations[1][i], sizeof **annotations) ||
        !same_flow(ways, &annotations[1][i])) {
      fprintf(stderr, "segment %zu, flags %02x, of stream %" PRIu32 " differs\n", first + i, segments[first + i].flags,
              annotations[1][i].stream);
      for (unsigned k = 0; k < 2; k++) {
        const tcpstate_annotation *a = &annotations[k][i];
        const tcpstate_segment *g = &segments[first + i];
        fprintf(stderr,
                "  %s way: events %" PRIx64 ", states %u %u, possible %x %x, certainty %u %u, rules %u %u, phase %u, "
                "steps %u, role %u, seq %u ack %u len %u facts %x\n",
                k ? "long" : "short", a->events, a->state[0], a->state[1], a->possible[0], a->possible[1],
                a->certainty[0], a->certainty[1], a->rule[0], a->rule[1], a->phase, a->teardown_steps, a->teardown_role,
                g->seq, g->ack, g->payload_length, g->facts);
      }
      return false;
    }
  }
  return true;
}

static bool same(const struct segments *segments)
{
  struct ways ways;
  for (unsigned i = 0; i < WAYS; i++) {
    if (tcpstate_new(&ways.tracker[i], NULL) != TCPSTATE_OK) {
      return false;
    }
  }
  ways.tracker[LONG_WAY]->long_way = true;
  bool equal = true;
  for (size_t done = 0; equal && done < segments->count; done += BATCH) {
    size_t left = segments->count - done;
    equal = same_batch(&ways, segments->at, done, left < BATCH ? left : BATCH);
  }
  equal = equal && same_connections(&ways);
  for (unsigned i = 0; i < WAYS; i++) {
    tcpstate_free(ways.tracker[i]);
  }
  return equal;
}

/* ---------------------------------------------------------------- changing */

static uint32_t small_step(uint64_t *random)
{
  static const uint32_t steps[] = {1, 2, 536, 1448, 1460, 70000, UINT32_C(1) << 31};
  uint32_t step = steps[random_below(random, sizeof steps / sizeof *steps)];
  return random_below(random, 2) ? step : 0u - step;
}

static void turn_round(tcpstate_segment *segment)
{
  tcpstate_segment before = *segment;
  memcpy(segment->src, before.dst, sizeof segment->src);
  memcpy(segment->dst, before.src, sizeof segment->dst);
  segment->src_port = before.dst_port;
  segment->dst_port = before.src_port;
}

static void change(tcpstate_segment *segment, uint64_t *random)
{
  switch (random_below(random, 14)) {
  case 0:
    segment->seq += small_step(random);
    break;
  case 1:
    segment->ack += small_step(random);
    break;
  case 2:
    segment->window = random_below(random, 2) ? 0 : (uint16_t)random_next(random);
    break;
  case 3:
    segment->flags ^= (uint8_t)(1u << random_below(random, 8));
    break;
  case 4:
    segment->time_ns += (int64_t)random_below(random, 300) * 1000000 - 100000000;
    break;
  case 5:
    segment->time_ns += (int64_t)random_below(random, 8000) * 1000000000;
    break;
  case 6:
    segment->payload_length = random_below(random, 4) ? random_below(random, 2000) : (uint32_t)random_next(random);
    break;
  case 7:
    segment->ts_value += small_step(random);
    break;
  case 8:
    segment->facts ^= (uint8_t)(1u << random_below(random, 8));
    break;
  case 9:
    turn_round(segment);
    break;
  case 10:
    segment->flags = (uint8_t)random_next(random);
    break;
  case 11:
    segment->ttl = (uint8_t)(60 + random_below(random, 6));
    break;
  case 12:
    segment->unfinished_checksum ^= 1u;
    break;
  default:
    segment->domain = random_below(random, 2);
    break;
  }
}

/* A copy in which some segments are lost, doubled, exchanged, changed; from `start` on only, so that connections have
 * come to their usual state. */
static bool disturb(const struct segments *from, struct segments *to, uint64_t *random)
{
  uint32_t rarity = 2u << random_below(random, 8);
  to->at = malloc((2 * from->count + 1) * sizeof *to->at);
  to->count = 0;
  for (size_t i = 0; to->at && i < from->count; i++) {
    to->at[to->count++] = from->at[i];
    if (random_below(random, rarity) != 0) {
      continue;
    }
    tcpstate_segment *last = &to->at[to->count - 1];
    uint32_t luck = random_below(random, 16);
    if (luck == 0) {
      to->count--;
    } else if (luck == 1) {
      to->at[to->count++] = *last;
    } else if (luck == 2 && to->count > 1) {
      tcpstate_segment before = last[-1];
      last[-1] = *last;
      *last = before;
    } else {
      change(last, random);
    }
  }
  return to->at != NULL;
}

/* ---------------------------------------------------------------- main */

static bool test_file(const char *name, unsigned rounds, uint64_t *random)
{
  struct segments segments = {NULL, 0, 0};
  bool equal = segments_load(&segments, name) && same(&segments);
  for (unsigned i = 0; equal && i < rounds; i++) {
    struct segments disturbed = {NULL, 0, 0};
    equal = disturb(&segments, &disturbed, random) && same(&disturbed);
    free(disturbed.at);
  }
  free(segments.at);
  if (!equal) {
    fprintf(stderr, "%s: the two ways differ, or it cannot be read\n", name);
  }
  return equal;
}

int main(int count, char **arguments)
{
  uint64_t random = 1;
  unsigned rounds = count > 2 ? (unsigned)strtoul(arguments[1], NULL, 10) : 0;
  int failed = count > 2 ? 0 : 1;
  for (int i = 2; i < count; i++) {
    failed |= !test_file(arguments[i], rounds, &random);
  }
  return failed;
}
