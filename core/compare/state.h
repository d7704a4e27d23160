/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of the comparison share: sightings (one segment at one tap), flows (one 4-tuple at one tap, from one
 * SYN to the next) and connections (flows of both taps that belong together).
 */
#ifndef COMPARE_STATE_H
#define COMPARE_STATE_H

#include "../src/compiler.h"
#include "../src/memory.h"
#include "compare.h"

static const uint32_t NOBODY = UINT32_MAX;

enum relation {
  RELATION_NONE,
  RELATION_PAIR,
  RELATION_COPY,  /* `mate` is paired with another; this is one more of the same */
  RELATION_PART,  /* `mate` is the larger segment that holds these bytes */
  RELATION_WHOLE, /* others are parts of it; `mate` counts their bytes */
  RELATION_MISSED /* the other capture lacks it */
};

struct sighting {
  int64_t time_ns;
  uint32_t seq;
  uint32_t ack;
  uint32_t length;
  uint32_t ts_value;
  uint32_t ts_echo;
  uint32_t frame;
  uint32_t flow;
  uint32_t connection; /* of the flow, like turned and moved; after link_flows */
  uint32_t payload;
  uint32_t options;
  uint32_t mate; /* index of a sighting */
  uint32_t row;
  uint16_t window;
  uint16_t ip_id;
  uint16_t mss;
  uint16_t possible[2]; /* annotation: 0 of the sender, 1 of the receiver */
  uint8_t flags;
  uint8_t facts;
  uint8_t window_scale;
  uint8_t ttl;
  uint8_t known;
  uint8_t direction; /* of the flow: index of the sender in its addresses */
  uint8_t turned;    /* 1: the connection's directions are the other way round */
  bool moved;        /* its numbers are shifted */
  uint8_t relation;
  uint8_t state[2];
  uint8_t certainty; /* 4 bits each */
};

struct tuple {
  uint8_t address[2][16];
  uint32_t domain;
  uint16_t port[2];
  uint8_t ip_version;
  uint8_t side;
};

struct flow {
  struct tuple tuple;
  uint8_t parity; /* 1: direction 0 is direction 1 of `parent` */
  bool has_syn[2];
  bool linked; /* with a flow of the other tap */
  uint32_t syn[2];
  uint32_t shift[2]; /* sequence numbers of direction i are larger than A's by this */
  uint32_t parent;   /* union-find; a root is its own */
  uint32_t connection;
  uint32_t next;      /* in its bucket */
  uint32_t candidate; /* link.c: the flow of A that most evidence names, and how it would be linked */
  uint32_t candidate_shift[2];
  uint32_t candidate_count;
  uint8_t candidate_parity;
};

/* What the path leaves as it is, learnt from segments that are unmistakable. */
enum habit { HABIT_IP_ID, HABIT_TIMESTAMP, HABIT_WINDOW, HABIT_SACK, HABIT_COUNT };

struct habits {
  uint32_t samples[HABIT_COUNT];
  uint32_t same[HABIT_COUNT];
};

struct connection {
  struct habits habits;
  uint32_t flow[COMPARE_SIDES]; /* the first of each tap */
  int32_t balance;              /* > 0: direction 0 runs from A to B */
  int64_t last_difference;
  uint8_t last_direction;
  bool has_last;
  uint8_t forward; /* the direction that runs from A to B */
  uint8_t client;  /* the direction in which the client sends */
  uint8_t client_weight;
  bool has_hops[2];
  int hops[2];       /* by direction */
  uint8_t ttl[2];    /* at the sender's tap, valid with has_hops */
  bool has_alone[2]; /* missed.c, by direction */
  uint32_t base[2];
  uint32_t acked[2]; /* of what this direction sent, from `base` */
  struct compare_connection result;
};

struct entry {
  uint64_t key;
  uint32_t index;
};

struct row {
  int64_t time_ns;
  int64_t delay_ns;              /* valid with has_delay */
  uint32_t index[COMPARE_SIDES]; /* of sightings, or NOBODY */
  uint32_t proof[2];             /* by direction of sending: the sighting that tells this endpoint's state, or NOBODY */
  uint32_t connection;
  uint16_t changes;
  uint8_t verdict;
  uint8_t direction;
  bool has_time;
  bool has_delay;
};

struct list {
  void *items;
  size_t size; /* of one */
  uint32_t count;
  uint32_t capacity;
};

struct compare {
  struct memory memory;
  uint64_t key;
  struct list captured[COMPARE_SIDES]; /* sightings; their index counts through A, then B */
  struct list flows;
  struct list connections;
  struct list rows;
  uint32_t *buckets;
  uint32_t bucket_count;
  struct compare_clock clock;
  int64_t base_ns; /* shortest one-way delay, taken as the same in both directions */
  struct habits habits;
  struct entry *entries; /* room for all sightings, twice */
  struct entry *spare;
  uint32_t only[COMPARE_SIDES];
};

/* ---------------------------------------------------------------- access */

static inline uint32_t sighting_count(const struct compare *compare)
{
  return compare->captured[COMPARE_A].count + compare->captured[COMPARE_B].count;
}

static inline enum compare_side side_of(const struct compare *compare, uint32_t index)
{
  return index < compare->captured[COMPARE_A].count ? COMPARE_A : COMPARE_B;
}

static inline struct sighting *sighting_at(const struct compare *compare, uint32_t index)
{
  const uint32_t first = compare->captured[COMPARE_A].count;

  return index < first ? (struct sighting *)compare->captured[COMPARE_A].items + index
                       : (struct sighting *)compare->captured[COMPARE_B].items + (index - first);
}

static inline struct flow *flow_at(const struct compare *compare, uint32_t index)
{
  return (struct flow *)compare->flows.items + index;
}

static inline struct connection *connection_at(const struct compare *compare, uint32_t index)
{
  return (struct connection *)compare->connections.items + index;
}

static inline struct row *row_at(const struct compare *compare, uint32_t index)
{
  return (struct row *)compare->rows.items + index;
}

/* Rows are gone through in their order, but their sightings lie in the order of the captures. */
static inline void fetch_later_row(const struct compare *compare, uint32_t index)
{
  enum { AHEAD = 12 };

  if (index + AHEAD < compare->rows.count) {
    const struct row *row = row_at(compare, index + AHEAD);

    for (unsigned side = 0; side < COMPARE_SIDES; side++) {
      if (row->index[side] != NOBODY) {
        const struct sighting *sighting = sighting_at(compare, row->index[side]);

        PREFETCH(sighting);
        PREFETCH(&sighting->certainty); /* which may lie in the next line of the cache */
      }
    }
  }
}

static inline uint32_t connection_of(const struct sighting *sighting)
{
  return sighting->connection;
}

static inline unsigned direction_of(const struct sighting *sighting)
{
  return sighting->direction ^ sighting->turned;
}

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  hash ^= hash >> 29;
  hash *= 0xbf58476d1ce4e5b9U;
  return hash ^ hash >> 32;
}

static inline bool has_sack(const struct sighting *sighting)
{
  return sighting->length == 0 && (sighting->known & COMPARE_KNOWS_PAYLOAD) != 0;
}

/* Times differ by more than 64 bits can hold only in damaged captures; there any answer will do. */
static inline int64_t minus(int64_t left, int64_t right)
{
  return (int64_t)((uint64_t)left - (uint64_t)right);
}

static inline int64_t distance(int64_t left, int64_t right)
{
  int64_t difference = minus(left, right);

  return difference < 0 ? minus(0, difference) : difference;
}

/* ---------------------------------------------------------------- parts */

/* list.c. push: a new zeroed item, NULL without memory. */
void *list_push(struct compare *compare, struct list *list);
bool list_reserve(struct compare *compare, struct list *list, uint32_t capacity);
void list_drop(struct compare *compare, struct list *list);

/* Sorts compare->entries by key; equal keys stay in order. Linear. */
void entries_sort(struct compare *compare, uint32_t count);

/* For keys that are hashes: puts what has the same key together, in the order in which it came. */
void entries_gather(struct compare *compare, uint32_t count);

/* The same, and the groups in the order in which each key came first, so that nothing depends on the secret of the
 * hash. All of a group then have one key, not the one that they came with. */
void entries_group(struct compare *compare, uint32_t count);

/* flows.c */
uint32_t flow_of(struct compare *compare, enum compare_side side, const tcpstate_segment *segment, unsigned *direction);

/* link.c: flows to connections. root_of also tells whether direction 0 is the root's direction 1. */
uint32_t root_of(const struct compare *compare, uint32_t flow, unsigned *parity);
int link_flows(struct compare *compare);

/* numbers.c: a sighting in the numbers and directions of its connection. */
void number_sightings(const struct compare *compare);
uint32_t seq_of(const struct compare *compare, const struct sighting *sighting);
uint32_t ack_of(const struct compare *compare, const struct sighting *sighting);
uint64_t number_key(const struct compare *compare, const struct sighting *sighting);

/* learn.c: unmistakable pairs, and what they teach. */
void learn(struct compare *compare);
bool keeps(const struct compare *compare, const struct connection *connection, enum habit habit);

/* clock.c */
int clock_fit(struct compare *compare);

/* match.c */
void match(struct compare *compare);
void pair_up(const struct compare *compare, uint32_t a, uint32_t b);

/* ranges.c */
void match_ranges(struct compare *compare);

/* missed.c */
void find_missed(struct compare *compare);

/* verdict.c */
int judge(struct compare *compare);

/* proof.c: what a tracker said of a segment is kept with it; when rows are in order, which of it holds after each. */
void proof_keep(struct sighting *sighting, const tcpstate_annotation *annotation);
bool is_next_to_host(const struct connection *connection, unsigned direction);
void find_proofs(const struct compare *compare);
void proof_get(const struct compare *compare, const struct connection *connection, uint32_t index, unsigned direction,
               struct compare_end *end);

#endif
