/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The engine, fed with sequences of segments. The first two bytes set limits: connections, memory, and which
 * allocation is refused. What has to be true whatever is fed is checked after every segment. */
#include "records.h"
#include "target.h"

#include "../scenarios/invariants.h"
#include "../unit/counting_allocator.h"

#include <string.h>

enum { HEAD = 2, MEMORY_STEP = 20000, BATCHES = 3 };

struct judged {
  tcpstate_tracker *tracker;
  struct counting_allocator counts;
  tcpstate_settings settings;
  tcpstate_annotation said[RECORDS_MOST]; /* last of each stream */
  uint32_t fed[RECORDS_MOST];             /* segments of each stream */
  uint64_t ended;
};

static void take_end(void *user, const tcpstate_connection *connection)
{
  struct judged *judged = user;

  judged->ended++;
  FUZZ_CHECK(connection->stream < RECORDS_MOST);
  FUZZ_CHECK(connection->segments[0] + connection->segments[1] == judged->fed[connection->stream]);
}

static bool start(struct judged *judged, const uint8_t head[HEAD])
{
  static const uint32_t limits[] = {0, 1, 2, 5};

  memset(judged, 0, sizeof *judged);
  tcpstate_settings_init(&judged->settings);
  judged->settings.allocator = counting_allocator_use(&judged->counts);
  judged->settings.max_connections = limits[head[0] & 3];
  judged->settings.memory_limit = (uint64_t)(head[0] >> 2) * MEMORY_STEP;
  judged->counts.refuse_at = head[1];
  judged->counts.refusals = head[1] & 1 ? 1 : 3;
  judged->settings.connection_end = take_end;
  judged->settings.connection_end_user = judged;
  return tcpstate_new(&judged->tracker, &judged->settings) == TCPSTATE_OK;
}

static bool is_limited(const struct judged *judged)
{
  return judged->settings.memory_limit != 0 || judged->counts.refuse_at != 0;
}

/* ---------------------------------------------------------------- what has to be true */

static void check_counters(const struct judged *judged, uint64_t fed)
{
  tcpstate_statistics statistics;

  tcpstate_statistics_get(judged->tracker, &statistics);
  FUZZ_CHECK(statistics.segments == fed);
  FUZZ_CHECK(statistics.memory == judged->counts.bytes);
  FUZZ_CHECK(judged->counts.mistakes == 0);
  FUZZ_CHECK(judged->settings.memory_limit == 0 || statistics.memory <= judged->settings.memory_limit);
  FUZZ_CHECK(judged->settings.max_connections == 0 || statistics.kept <= judged->settings.max_connections);
  FUZZ_CHECK(statistics.connections == statistics.kept + judged->ended);
  FUZZ_CHECK(statistics.evicted <= judged->ended);
}

static void check_connection(const struct judged *judged, const tcpstate_annotation *said)
{
  tcpstate_connection connection;

  FUZZ_CHECK(tcpstate_connection_get(judged->tracker, said->stream, said->slot, &connection) == TCPSTATE_OK);
  FUZZ_CHECK(connection.stream == said->stream);
  FUZZ_CHECK(memcmp(connection.state, said->state, sizeof connection.state) == 0);
  FUZZ_CHECK(connection.segments[0] + connection.segments[1] == judged->fed[said->stream]);
  FUZZ_CHECK(connection.outcome < TCPSTATE_OUTCOME_COUNT && connection.close < TCPSTATE_CLOSE_COUNT);
  FUZZ_CHECK(connection.conn_state < TCPSTATE_CONN_STATE_COUNT && connection.vantage < TCPSTATE_VANTAGE_COUNT);
  FUZZ_CHECK(memchr(connection.history, '\0', sizeof connection.history) != NULL);
  FUZZ_CHECK(connection.first_time_ns <= connection.last_time_ns);
  for (unsigned id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    for (unsigned i = 0; i < tcpstate_field_occurrences(id, said, &connection); i++) {
      char text[8];

      FUZZ_CHECK(tcpstate_field_text(id, said, &connection, i, text, sizeof text) > 0);
      FUZZ_CHECK(memchr(text, '\0', sizeof text) != NULL);
    }
  }
}

static void check_said(struct judged *judged, const tcpstate_annotation *said, bool is_segment)
{
  FUZZ_CHECK(said->stream < RECORDS_MOST);
  FUZZ_CHECK(said->events >> TCPSTATE_EVENT_COUNT == 0);
  FUZZ_CHECK(said->phase < TCPSTATE_PHASE_COUNT && said->handshake_role < TCPSTATE_HANDSHAKE_ROLE_COUNT);

  const tcpstate_annotation *before = judged->fed[said->stream] > 0 ? &judged->said[said->stream] : NULL;
  const char *broken = broken_invariant(said, before);
  if (broken != NULL) {
    fprintf(stderr, "stream %u: %s\n", said->stream, broken);
  }
  FUZZ_CHECK(broken == NULL);
  judged->fed[said->stream] += is_segment;
  judged->said[said->stream] = *said;
  check_connection(judged, said);
}

static void check_walk(const struct judged *judged)
{
  tcpstate_statistics statistics;
  tcpstate_connection connection;
  uint32_t cursor = 0;
  uint64_t walked = 0;

  tcpstate_statistics_get(judged->tracker, &statistics);
  while (tcpstate_connection_next(judged->tracker, &cursor, &connection) == TCPSTATE_OK) {
    walked++;
  }
  FUZZ_CHECK(walked == statistics.kept);
}

/* ---------------------------------------------------------------- once, and once more in batches */

static void feed_one_by_one(struct judged *judged, const uint8_t *data, size_t count, tcpstate_annotation *all)
{
  struct records records;
  uint64_t fed = 0;

  records_start(&records);
  for (size_t i = 0; i < count; i++) {
    bool icmp;
    tcpstate_segment segment = records_segment(&records, data + i * RECORD_SIZE, &icmp);
    int result;

    memset(&all[i], 0, sizeof all[i]);
    result = icmp ? tcpstate_feed_icmp_error(judged->tracker, &segment, segment.flags & 1, &all[i])
                  : tcpstate_feed(judged->tracker, &segment, &all[i]);
    fed += !icmp;
    if (result == TCPSTATE_OK) {
      check_said(judged, &all[i], !icmp);
    } else if (!icmp) {
      FUZZ_CHECK(result == TCPSTATE_ERROR_NO_MEMORY && is_limited(judged));
      FUZZ_CHECK(all[i].stream == UINT32_MAX && all[i].state[0] == 0 && all[i].state[1] == 0);
    } else {
      FUZZ_CHECK(result == TCPSTATE_ERROR_NOT_FOUND);
    }
    check_counters(judged, fed);
  }
  check_walk(judged);
}

static bool is_same(const tcpstate_annotation *a, const tcpstate_annotation *b)
{
  return memcmp(a, b, offsetof(tcpstate_annotation, teardown_role) + 1) == 0;
}

/* Segments between two ICMP errors, in batches of `most`. */
static void feed_in_batches(const struct judged *before, const uint8_t *data, size_t count, size_t most,
                            const tcpstate_annotation *all)
{
  static tcpstate_segment segments[RECORDS_MOST];
  static tcpstate_annotation said[RECORDS_MOST];
  tcpstate_settings settings = before->settings;
  tcpstate_tracker *tracker;
  struct records records;
  size_t waiting = 0;

  tcpstate_settings_init(&settings);
  settings.max_connections = before->settings.max_connections;
  FUZZ_CHECK(tcpstate_new(&tracker, &settings) == TCPSTATE_OK);
  records_start(&records);
  for (size_t i = 0; i < count; i++) {
    bool icmp;
    tcpstate_segment segment = records_segment(&records, data + i * RECORD_SIZE, &icmp);

    if (!icmp) {
      segments[waiting++] = segment;
    }
    if (waiting == most || icmp || i + 1 == count) {
      size_t first = i + 1 - waiting - (icmp ? 1 : 0);

      FUZZ_CHECK(tcpstate_feed_batch(tracker, segments, waiting, said) == TCPSTATE_OK);
      for (size_t k = 0; k < waiting; k++) {
        FUZZ_CHECK(is_same(&said[k], &all[first + k]));
      }
      waiting = 0;
    }
    if (icmp) {
      tcpstate_feed_icmp_error(tracker, &segment, segment.flags & 1, &said[0]);
    }
  }
  tcpstate_free(tracker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const size_t most[BATCHES] = {2, 33, RECORDS_MOST};
  static struct judged judged;
  static tcpstate_annotation all[RECORDS_MOST];
  size_t count = size > HEAD ? (size - HEAD) / RECORD_SIZE : 0;

  if (count == 0 || count > RECORDS_MOST) {
    return 0;
  }
  if (start(&judged, data)) {
    feed_one_by_one(&judged, data + HEAD, count, all);
    if (!is_limited(&judged)) {
      feed_in_batches(&judged, data + HEAD, count, most[count % BATCHES], all);
    }
    tcpstate_free(judged.tracker);
  } else {
    FUZZ_CHECK(is_limited(&judged));
  }
  FUZZ_CHECK(judged.counts.blocks == 0 && judged.counts.bytes == 0 && judged.counts.mistakes == 0);
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
  if (seed % 16 == 0 && size >= HEAD) { /* the limits */
    data[seed / 16 % HEAD] = seed % 3 == 0 ? (uint8_t)(seed >> 10) : 0;
    return size;
  }
  return records_mutate(data, HEAD, size, room, seed);
}
