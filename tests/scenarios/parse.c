/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check.h"
#include "parse_segment.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parser {
  struct cursor cursor;
  struct scenario_file *file;
  int64_t now_ns;
};

static struct scenario *current(struct parser *parser)
{
  struct scenario_file *file = parser->file;

  if (file->count == 0) {
    cursor_fail(&parser->cursor, "'scenario NAME' expected first");
    return NULL;
  }
  return &file->scenarios[file->count - 1];
}

static void add_endpoint(struct parser *parser, const char *name, uint32_t host, uint32_t port)
{
  struct scenario *scenario = current(parser);

  if (scenario == NULL || scenario->endpoint_count == MAX_ENDPOINTS || strlen(name) >= 16 || host == 0) {
    cursor_fail(&parser->cursor, "endpoint does not fit");
    return;
  }
  struct named_endpoint *endpoint = &scenario->endpoints[scenario->endpoint_count++];
  memcpy(endpoint->name, name, strlen(name) + 1);
  endpoint->host = (uint8_t)host;
  endpoint->port = (uint16_t)port;
}

/* "scenario what it is about": with endpoints C and S unless the scenario names its own. */
static void begin_scenario(struct parser *parser)
{
  struct scenario_file *file = parser->file;
  const char *name = parser->cursor.rest + strspn(parser->cursor.rest, " ");
  struct scenario *scenarios = realloc(file->scenarios, (file->count + 1) * sizeof *scenarios);

  if (scenarios == NULL) {
    cursor_fail(&parser->cursor, "no memory");
    return;
  }
  file->scenarios = scenarios;
  struct scenario *scenario = &scenarios[file->count++];
  *scenario = (struct scenario){.file = parser->cursor.file, .line = parser->cursor.line};
  snprintf(scenario->name, sizeof scenario->name, "%.*s", (int)strcspn(name, "\r\n"), name);
  add_endpoint(parser, "C", 1, 40000);
  add_endpoint(parser, "S", 2, 443);
  parser->now_ns = INT64_C(1700000000) * INT64_C(1000000000);
}

static void parse_endpoint(struct parser *parser)
{
  struct cursor *cursor = &parser->cursor;
  char name[WORD_SIZE] = "";
  uint32_t host = 0;

  if (cursor_need(cursor, "endpoint NAME HOST PORT")) {
    memcpy(name, cursor->word, sizeof name);
  }
  if (cursor_need(cursor, "endpoint NAME HOST PORT")) {
    host = cursor_whole_number(cursor, cursor->word, 250);
  }
  if (cursor_need(cursor, "endpoint NAME HOST PORT")) {
    add_endpoint(parser, name, host, cursor_whole_number(cursor, cursor->word, UINT16_MAX));
  }
}

static struct item *add_item(struct parser *parser, enum item_kind kind)
{
  struct scenario *scenario = current(parser);
  struct item *items = scenario ? realloc(scenario->items, (scenario->item_count + 1) * sizeof *items) : NULL;

  if (items == NULL) {
    cursor_fail(&parser->cursor, "no memory");
    return NULL;
  }
  scenario->items = items;
  items[scenario->item_count] = (struct item){.kind = kind, .line = parser->cursor.line};
  return &items[scenario->item_count++];
}

static void parse_checks(struct cursor *cursor, struct item *item, enum check_subject subject)
{
  while (!cursor->failed && cursor_next(cursor)) {
    check_read(cursor, item, subject);
  }
}

/* Behind the "|": client's state, server's state, checks. */
static void parse_expectations(struct cursor *cursor, struct item *item)
{
  static const char *const columns[] = {"cstate", "sstate"};

  for (size_t i = 0; i < 2; i++) {
    if (!cursor_next(cursor)) {
      return;
    }
    if (i == 0 && cursor_is(cursor, "not-found")) {
      item->not_found = true;
      return;
    }
    if (!cursor_is(cursor, "-")) {
      check_append(cursor, item, SUBJECT_SEGMENT, columns[i], cursor->word);
    }
  }
  parse_checks(cursor, item, SUBJECT_SEGMENT);
}

static void parse_time(struct parser *parser)
{
  char *end;
  double seconds = strtod(parser->cursor.word, &end);

  if (*end != '\0' || fabs(seconds) > 1e9) {
    cursor_fail(&parser->cursor, "time in seconds expected");
    return;
  }
  parser->now_ns += (int64_t)llround(seconds * 1e9);
}

/* "+0.1 C > S ..." or "+0.1 icmp hard C > S ..." */
static void parse_timed(struct parser *parser)
{
  struct cursor *cursor = &parser->cursor;
  struct item *item = add_item(parser, ITEM_SEGMENT);

  if (item == NULL) {
    return;
  }
  parse_time(parser);
  item->segment.time_ns = parser->now_ns;
  cursor_need(cursor, "segment expected");
  if (cursor_is(cursor, "icmp") && cursor_need(cursor, "hard or soft")) {
    item->kind = ITEM_ICMP;
    item->hard = cursor_is(cursor, "hard");
    if (!item->hard && !cursor_is(cursor, "soft")) {
      cursor_fail(cursor, "hard or soft expected");
    }
    cursor_need(cursor, "segment expected");
  }
  parse_segment(cursor, current(parser), item);
  parse_expectations(cursor, item);
}

/* "| more checks" of the line before */
static void parse_continuation(struct parser *parser)
{
  struct scenario *scenario = current(parser);

  if (scenario == NULL || scenario->item_count == 0) {
    cursor_fail(&parser->cursor, "'|' continues nothing");
    return;
  }
  parse_checks(&parser->cursor, &scenario->items[scenario->item_count - 1], SUBJECT_SEGMENT);
}

/* "conn 0 outcome=closed ..." and "streams 2" */
static void parse_numbered(struct parser *parser, enum item_kind kind)
{
  struct cursor *cursor = &parser->cursor;
  struct item *item = add_item(parser, kind);

  if (item == NULL || !cursor_need(cursor, "number expected")) {
    return;
  }
  if (kind == ITEM_STREAMS) {
    item->count = cursor_whole_number(cursor, cursor->word, MAX_STREAMS);
    return;
  }
  item->stream = cursor_whole_number(cursor, cursor->word, MAX_STREAMS - 1);
  parse_checks(cursor, item, SUBJECT_CONNECTION);
}

static void parse_setting(struct parser *parser)
{
  struct cursor *cursor = &parser->cursor;

  if (current(parser) != NULL && cursor_need(cursor, "seconds expected")) {
    current(parser)->time_wait = cursor_whole_number(cursor, cursor->word, 100000);
  }
}

static void parse_line(struct parser *parser);

/* "established": C opens with 100, S answers with 300. */
static void parse_established(struct parser *parser)
{
  static const char *const lines[] = {
      "+0 C > S S 100:100(0) <mss 1460> | SYN-SENT SYN-RECEIVED",
      "+0.01 S > C S. 300:300(0) ack 101 <mss 1460> | ESTABLISHED SYN-RECEIVED",
      "+0.01 C > S . 101:101(0) ack 301 | ESTABLISHED ESTABLISHED",
  };

  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    parser->cursor.rest = lines[i];
    parse_line(parser);
  }
}

static void parse_line(struct parser *parser)
{
  struct cursor *cursor = &parser->cursor;

  if (!cursor_next(cursor)) {
    return;
  }
  if (cursor_is(cursor, "scenario")) {
    begin_scenario(parser);
  } else if (cursor_is(cursor, "endpoint")) {
    parse_endpoint(parser);
  } else if (cursor_is(cursor, "ports-matter") && current(parser) != NULL) {
    current(parser)->ports_matter = true;
  } else if (cursor_is(cursor, "time-wait")) {
    parse_setting(parser);
  } else if (cursor_is(cursor, "established")) {
    parse_established(parser);
  } else if (cursor_is(cursor, "conn")) {
    parse_numbered(parser, ITEM_CONNECTION);
  } else if (cursor_is(cursor, "streams")) {
    parse_numbered(parser, ITEM_STREAMS);
  } else if (cursor_is(cursor, "|")) {
    parse_continuation(parser);
  } else {
    parse_timed(parser);
  }
}

bool scenario_file_read(struct scenario_file *file, const char *path)
{
  struct parser parser = {.cursor = {.file = path}, .file = file};
  FILE *stream = fopen(path, "r");
  char line[1024];
  bool good = stream != NULL;

  if (!good) {
    perror(path);
    return false;
  }
  while (fgets(line, sizeof line, stream) != NULL) {
    parser.cursor.line++;
    parser.cursor.rest = line;
    parser.cursor.failed = strchr(line, '\n') == NULL;
    parse_line(&parser);
    good = good && !parser.cursor.failed;
  }
  fclose(stream);
  if (file->count == 0) {
    fprintf(stderr, "%s: no scenario\n", path);
  }
  return good && file->count > 0;
}

void scenario_file_free(struct scenario_file *file)
{
  for (size_t i = 0; i < file->count; i++) {
    for (size_t j = 0; j < file->scenarios[i].item_count; j++) {
      free(file->scenarios[i].items[j].checks);
    }
    free(file->scenarios[i].items);
  }
  free(file->scenarios);
  *file = (struct scenario_file){0};
}
