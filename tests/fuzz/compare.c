/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two captures of the same conversations: what the library says of them hangs together, and what the command prints
 * can be read. The head chooses form, limits, clocks and what becomes of each segment on its way. */
#include "forms.h"
#include "journey.h"
#include "pieces.h"
#include "quiet.h"
#include "records.h"
#include "target.h"

#include "../unit/counting_allocator.h"

#include "commands.h"
#include "compare/compare_command.h"
#include "input/capture_file.h"
#include "message.h"

#include "../../core/compare/compare.h"

#include <string.h>
#include <unistd.h>

enum { FORM, LIMIT, JOURNEY, HEAD = JOURNEY + JOURNEY_SIZE };

enum { NAME_SIZE = 40, MEMORY_STEP = 4000 };

/* ---------------------------------------------------------------- the library */

static int add_all(struct compare *compare, const struct side sides[COMPARE_SIDES])
{
  int result = TCPSTATE_OK;

  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    for (uint32_t i = 0; i < sides[side].count && result == TCPSTATE_OK; i++) {
      const struct sighting *sighting = &sides[side].seen[i];
      const struct compare_segment added = {.segment = &sighting->segment,
                                            .frame = i + 1,
                                            .payload = sighting->extras.payload,
                                            .ip_id = sighting->extras.ip_id,
                                            .ttl = sighting->extras.ttl,
                                            .known = COMPARE_KNOWS_IP | COMPARE_KNOWS_PAYLOAD};

      result = compare_add(compare, side, &added);
    }
  }
  return result;
}

static void check_row(const struct compare_row *row, uint8_t paired[COMPARE_SIDES][SIDE_MOST])
{
  bool seen[COMPARE_SIDES] = {row->sight[COMPARE_A].frame != 0, row->sight[COMPARE_B].frame != 0};
  bool alone = seen[COMPARE_A] != seen[COMPARE_B];

  FUZZ_CHECK(row->verdict < COMPARE_VERDICT_COUNT && row->changes >> COMPARE_CHANGE_COUNT == 0);
  FUZZ_CHECK(row->from < TCPSTATE_ROLE_COUNT && row->from_tap < COMPARE_SIDES);
  FUZZ_CHECK(seen[COMPARE_A] || seen[COMPARE_B]);
  FUZZ_CHECK(!row->has_delay || !alone);
  switch ((enum compare_verdict)row->verdict) {
  case COMPARE_LOST:
    FUZZ_CHECK(alone && seen[row->from_tap]);
    break;
  case COMPARE_INJECTED:
    FUZZ_CHECK(alone && !seen[row->from_tap]);
    break;
  case COMPARE_MISSED:
  case COMPARE_OUTSIDE:
  case COMPARE_PARTIAL:
    FUZZ_CHECK(alone);
    break;
  case COMPARE_BOTH:
    FUZZ_CHECK(!alone && paired[COMPARE_A][row->sight[COMPARE_A].added]++ == 0);
    FUZZ_CHECK(paired[COMPARE_B][row->sight[COMPARE_B].added]++ == 0);
    break;
  case COMPARE_DUPLICATED:
  case COMPARE_SPLIT:
  case COMPARE_MERGED:
    FUZZ_CHECK(!alone);
    break;
  case COMPARE_VERDICT_COUNT:
    FUZZ_CHECK(false);
  }
}

/* Rows lie connection by connection, in the order of time; the connection's counts are theirs. */
static uint32_t check_connection(const struct compare *compare, uint32_t index, uint32_t first,
                                 uint8_t paired[COMPARE_SIDES][SIDE_MOST])
{
  struct compare_connection connection;
  struct compare_row row = {.time_ns = INT64_MIN};
  uint32_t verdicts[TCPSTATE_ROLE_COUNT][COMPARE_VERDICT_COUNT] = {{0}};

  compare_connection_get(compare, index, &connection);
  FUZZ_CHECK(connection.row_count == 0 || connection.first_row == first);
  for (uint32_t i = first; i < first + connection.row_count; i++) {
    int64_t before = row.time_ns;

    compare_row_get(compare, i, &row);
    check_row(&row, paired);
    FUZZ_CHECK(row.connection == index && row.time_ns >= before);
    verdicts[row.from][row.verdict]++;
  }
  FUZZ_CHECK(memcmp(verdicts, connection.verdicts, sizeof verdicts) == 0);
  return first + connection.row_count;
}

/* Every segment of a connection that is in both has a row that tells of it, and no other has. */
static void check_rows_of(const struct compare *compare, const struct side sides[COMPARE_SIDES], uint32_t rows)
{
  struct compare_summary summary;
  struct compare_connection connection;
  uint32_t told[COMPARE_SIDES] = {0};

  compare_summary_get(compare, &summary);
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    for (uint32_t i = 0; i < sides[side].count; i++) {
      uint32_t row = compare_row_of(compare, side, i);

      FUZZ_CHECK(row == UINT32_MAX || row < rows);
      told[side] += row != UINT32_MAX;
    }
    for (uint32_t i = 0; i < summary.connections; i++) {
      compare_connection_get(compare, i, &connection);
      told[side] -= connection.segments[side];
    }
  }
  FUZZ_CHECK(told[COMPARE_A] == 0 && told[COMPARE_B] == 0);
}

static void check_result(const struct compare *compare, const struct side sides[COMPARE_SIDES])
{
  static uint8_t paired[COMPARE_SIDES][SIDE_MOST];
  struct compare_summary summary;
  uint32_t rows = 0;

  memset(paired, 0, sizeof paired);
  compare_summary_get(compare, &summary);
  for (uint32_t i = 0; i < summary.connections; i++) {
    rows = check_connection(compare, i, rows, paired);
  }
  FUZZ_CHECK(rows == summary.rows && rows <= sides[0].count + sides[1].count);
  check_rows_of(compare, sides, rows);
}

static void check_library(const uint8_t head[HEAD], const struct side sides[COMPARE_SIDES])
{
  struct counting_allocator counts;
  struct compare_settings settings = {.allocator = counting_allocator_use(&counts), .hash_key = head[LIMIT]};
  struct compare *compare;

  settings.memory_limit = head[LIMIT] & 1 ? (uint64_t)head[LIMIT] * MEMORY_STEP : 0;
  counts.refuse_at = (head[LIMIT] & 3) == 2 ? head[LIMIT] >> 2 : 0;
  compare = compare_new(&settings);
  if (compare != NULL && add_all(compare, sides) == TCPSTATE_OK && compare_run(compare) == TCPSTATE_OK) {
    check_result(compare, sides);
  } else {
    FUZZ_CHECK(settings.memory_limit != 0 || counts.refuse_at != 0);
  }
  FUZZ_CHECK(settings.memory_limit == 0 || counts.bytes <= settings.memory_limit);
  if (compare != NULL) {
    compare_free(compare);
  }
  FUZZ_CHECK(counts.blocks == 0 && counts.bytes == 0 && counts.mistakes == 0);
}

/* ---------------------------------------------------------------- the command */

static int file_of_side(const struct side *side)
{
  struct packet_file packets;
  int file;

  packet_file_start(&packets);
  for (uint32_t i = 0; i < side->count; i++) {
    packet_file_add(&packets, &side->seen[i].segment, &side->seen[i].extras);
  }
  file = file_of(packets.bytes, packets.size);
  free(packets.bytes);
  return file;
}

static char *printed(const struct options *options)
{
  int kept = dup(STDOUT_FILENO);
  int file = file_of(NULL, 0);
  size_t size;
  char *text;

  dup2(file, STDOUT_FILENO);
  FUZZ_CHECK(compare_command(options) == EXIT_DONE);
  if (kept >= 0) {
    dup2(kept, STDOUT_FILENO);
    close(kept);
  } else {
    close(STDOUT_FILENO);
  }
  text = (char *)content_of(file, &size);
  FUZZ_CHECK(strlen(text) == size);
  close(file);
  return text;
}

/* The key is drawn anew each time, and must not show. */
static void check_text(const struct options *options)
{
  char *text = printed(options);
  char *again = printed(options);
  const char *wrong = plain_wrong(text);

  if (wrong == NULL && options->form == FORM_JSON) {
    wrong = json_lines_wrong(text);
  } else if (wrong == NULL && options->form == FORM_CSV) {
    wrong = csv_wrong(text);
  }
  if (wrong != NULL) {
    fprintf(stderr, "form %d: %s\n%s", (int)options->form, wrong, text);
  }
  FUZZ_CHECK(wrong == NULL && strcmp(text, again) == 0);
  free(text);
  free(again);
}

/* The copy holds the packets of both. */
static void check_copy(struct options options, uint32_t packets)
{
  char name[NAME_SIZE];
  int copy = file_of(NULL, 0);
  uint64_t bytes = 0;
  struct frame frame;
  struct capture_file *file;

  snprintf(name, sizeof name, "/proc/self/fd/%d", copy);
  options.write_file = name;
  FUZZ_CHECK(compare_command(&options) == EXIT_DONE);
  file = capture_file_open(name, NULL, &bytes);
  FUZZ_CHECK(file != NULL);
  while (capture_file_read(file, &frame) == READ_FRAME) {
    packets--;
  }
  FUZZ_CHECK(packets == 0);
  capture_file_close(file);
  close(copy);
}

static void check_command(const uint8_t head[HEAD], const struct side sides[COMPARE_SIDES])
{
  static const enum form forms[] = {FORM_TEXT, FORM_CSV, FORM_JSON, FORM_SVG};
  int files[COMPARE_SIDES] = {file_of_side(&sides[0]), file_of_side(&sides[1])};
  char names[COMPARE_SIDES][NAME_SIZE];
  const char *list[] = {names[0], names[1], NULL};
  struct options options = {.form = forms[head[FORM] & 3],
                            .files = list,
                            .file_count = COMPARE_SIDES,
                            .colour = WHEN_NEVER,
                            .language = head[FORM] & 4 ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH,
                            .has_stream = (head[FORM] & 8) != 0,
                            .time_wait_ns = 60000000000};

  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    snprintf(names[side], NAME_SIZE, "/proc/self/fd/%d", files[side]);
  }
  if (head[FORM] & 16) {
    options.has_stream = false;
    check_copy(options, sides[0].count + sides[1].count);
  } else {
    check_text(&options);
  }
  close(files[0]);
  close(files[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static struct side sides[COMPARE_SIDES];
  size_t count = size > HEAD ? (size - HEAD) / RECORD_SIZE : 0;

  if (count == 0 || count > RECORDS_MOST) {
    return 0;
  }
  travel(sides, data + JOURNEY, data + HEAD, count);
  check_library(data, sides);
  if (data[LIMIT] == 0) {
    check_command(data, sides);
  }
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
  if (seed % 4 == 0 && size >= HEAD) {
    data[seed / 4 % HEAD] = (uint8_t)(seed >> 10);
    return size;
  }
  return records_mutate(data, HEAD, size, room, seed);
}
