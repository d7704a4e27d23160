/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * least FILE [ROUNDS]: what the engine is measured against. Nearly the least that can be done with a segment to say
 * anything of its connection: a hash of the addresses and ports, one line of a table, fetched ahead, and a state for
 * each endpoint that moves by the flags alone. Nothing is checked, numbers least of all. Prints nanoseconds a segment.
 */
#include "../../core/src/compiler.h"
#include "rounds.h"
#include <stdio.h>
#include <string.h>

enum { AHEAD = 16, LEAST_BITS = 10 };

struct tuple {
  uint64_t address[2][2];
  uint16_t port[2];
};

struct entry {
  struct tuple tuple; /* as the first segment has it */
  uint32_t nxt[2];
  uint8_t state[2];
  bool used;
  uint8_t unused[9];
};

_Static_assert(sizeof(struct entry) == 64, "a line");

struct table {
  struct segments segments;
  struct entry *entries;
  unsigned bits;
  uint32_t used;
};

static struct tuple tuple_of(const tcpstate_segment *segment)
{
  struct tuple tuple = {.port = {segment->src_port, segment->dst_port}};
  memcpy(tuple.address[0], segment->src, 16);
  memcpy(tuple.address[1], segment->dst, 16);
  return tuple;
}

/* The same for both directions. */
static size_t home_of(const struct table *table, const struct tuple *tuple)
{
  const uint64_t odd = 0x9e3779b97f4a7c15;
  uint64_t hash = (tuple->address[0][0] + odd) * (tuple->address[1][0] + odd) +
                  (tuple->address[0][1] + odd) * (tuple->address[1][1] + odd) +
                  (tuple->port[0] + odd) * (tuple->port[1] + odd);
  return (size_t)((hash ^ hash >> 32) * odd >> (64 - table->bits));
}

static bool is_same(const struct tuple *left, const struct tuple *right, unsigned turned)
{
  return ((left->address[0][0] ^ right->address[turned][0]) | (left->address[0][1] ^ right->address[turned][1]) |
          (left->address[1][0] ^ right->address[1 - turned][0]) |
          (left->address[1][1] ^ right->address[1 - turned][1]) | (uint64_t)(left->port[0] ^ right->port[turned]) |
          (uint64_t)(left->port[1] ^ right->port[1 - turned])) == 0;
}

/* `x`: which endpoint sends */
static struct entry *find(struct table *table, const struct tuple *tuple, size_t home, unsigned *x)
{
  size_t mask = ((size_t)1 << table->bits) - 1;
  for (;; home = (home + 1) & mask) {
    struct entry *entry = &table->entries[home];
    *x = 0;
    if (!entry->used) {
      entry->used = true;
      entry->tuple = *tuple;
      table->used++;
      return entry;
    }
    if (is_same(&entry->tuple, tuple, 0)) {
      return entry;
    }
    *x = 1;
    if (is_same(&entry->tuple, tuple, 1)) {
      return entry;
    }
  }
}

static uint8_t after_fin(uint8_t state)
{
  return state == TCPSTATE_CLOSE_WAIT ? TCPSTATE_LAST_ACK : TCPSTATE_FIN_WAIT_1;
}

static uint8_t before_fin(uint8_t state)
{
  return state == TCPSTATE_ESTABLISHED ? TCPSTATE_CLOSE_WAIT : TCPSTATE_TIME_WAIT;
}

static uint8_t acknowledged(uint8_t state)
{
  switch (state) {
  case TCPSTATE_SYN_SENT:
  case TCPSTATE_SYN_RECEIVED:
    return TCPSTATE_ESTABLISHED;
  case TCPSTATE_FIN_WAIT_1:
    return TCPSTATE_FIN_WAIT_2;
  case TCPSTATE_LAST_ACK:
    return TCPSTATE_CLOSED;
  default:
    return state;
  }
}

static uint8_t step(struct entry *entry, const tcpstate_segment *segment, unsigned x)
{
  uint8_t *own = &entry->state[x];
  uint8_t *peer = &entry->state[1 - x];
  if ((segment->flags & TCPSTATE_ACK) && segment->ack == entry->nxt[1 - x]) {
    *peer = acknowledged(*peer);
  }
  if (segment->flags & TCPSTATE_RST) {
    *own = *peer = TCPSTATE_CLOSED;
  } else if (segment->flags & TCPSTATE_SYN) {
    *own = segment->flags & TCPSTATE_ACK ? TCPSTATE_SYN_RECEIVED : TCPSTATE_SYN_SENT;
  } else if (segment->flags & TCPSTATE_FIN) {
    *own = after_fin(*own);
    *peer = before_fin(*peer);
  }
  entry->nxt[x] = segment->seq + segment->payload_length + ((segment->flags & (TCPSTATE_SYN | TCPSTATE_FIN)) != 0);
  return *own;
}

static double run(void *user)
{
  struct table *table = user;
  const tcpstate_segment *segments = table->segments.at;
  size_t count = table->segments.count;
  size_t size = sizeof *table->entries << table->bits;
  struct tuple tuples[AHEAD];
  size_t homes[AHEAD];
  uint8_t said[AHEAD];
  table->entries = rounds_get(size);
  if (!table->entries) {
    return -1;
  }
  memset(table->entries, 0, size);
  table->used = 0;
  int64_t start = rounds_now();
  for (size_t done = 0; done < count; done += AHEAD) {
    size_t some = count - done < AHEAD ? count - done : AHEAD;
    for (size_t i = 0; i < some; i++) {
      tuples[i] = tuple_of(&segments[done + i]);
      homes[i] = home_of(table, &tuples[i]);
      PREFETCH(&table->entries[homes[i]]);
    }
    for (size_t i = 0; i < some; i++) {
      unsigned x;
      struct entry *entry = find(table, &tuples[i], homes[i], &x);
      said[i] = step(entry, &segments[done + i], x);
    }
    __asm__ volatile("" : : "r"(said) : "memory"); /* somebody could read it */
  }
  double ns = (double)(rounds_now() - start) / (double)count;
  rounds_put(table->entries, size);
  return ns;
}

/* Of 2^bits at least half stay free. Connections are counted by their SYNs, which is enough for generated captures. */
static unsigned bits_for(const struct segments *segments)
{
  size_t connections = 0;
  unsigned bits = LEAST_BITS;
  for (size_t i = 0; i < segments->count; i++) {
    connections += (segments->at[i].flags & (TCPSTATE_SYN | TCPSTATE_ACK)) == TCPSTATE_SYN;
  }
  while ((size_t)1 << bits < 2 * connections) {
    bits++;
  }
  return bits;
}

int main(int count, char **arguments)
{
  struct table table = {.bits = 0};
  size_t rounds;
  if (!rounds_open(count, arguments, &table.segments, &rounds)) {
    return 1;
  }
  table.bits = bits_for(&table.segments);
  double ns = rounds_median(rounds, run, &table);
  if (ns < 0) {
    return 1;
  }
  printf("%zu segments, %u connections, %.1f ns a segment\n", table.segments.count, table.used, ns);
  rounds_close(&table.segments);
  return 0;
}
