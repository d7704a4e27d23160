/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parse_segment.h"

#include <string.h>

static unsigned endpoint(struct cursor *cursor, const struct scenario *scenario)
{
  for (unsigned i = 0; i < scenario->endpoint_count; i++) {
    if (cursor_is(cursor, scenario->endpoints[i].name)) {
      return i;
    }
  }
  cursor_fail(cursor, "no such endpoint");
  return 0;
}

static void parse_flags(struct cursor *cursor, struct item *item)
{
  static const char letters[] = "FSRP.UEC"; /* in the order of their bits */

  if (!cursor_need(cursor, "flags expected") || cursor_is(cursor, "-")) {
    return;
  }
  for (const char *p = cursor->word; *p != '\0'; p++) {
    const char *letter = strchr(letters, *p);

    if (letter == NULL) {
      cursor_fail(cursor, "no such flag");
      return;
    }
    item->segment.flags = (uint8_t)(item->segment.flags | (1u << (letter - letters)));
  }
}

/* A number that is written "=0" stands as it is in every variant. */
static uint32_t sequence_number(struct cursor *cursor, const char *text, const char **end, bool *fixed)
{
  *fixed = *text == '=';
  return cursor_number(cursor, text + (*fixed ? 1 : 0), end, UINT32_MAX);
}

/* "100:110(10)" */
static void parse_sequence(struct cursor *cursor, struct item *item)
{
  const char *p;

  if (!cursor_need(cursor, "sequence numbers expected")) {
    return;
  }
  item->segment.seq = sequence_number(cursor, cursor->word, &p, &item->fixed_seq);
  uint32_t last = *p == ':' ? cursor_number(cursor, p + 1, &p, UINT32_MAX) : item->segment.seq;
  if (*p != '(') {
    cursor_fail(cursor, "FIRST:LAST(LENGTH) expected");
    return;
  }
  item->segment.payload_length = cursor_number(cursor, p + 1, &p, UINT32_MAX);
  if (strcmp(p, ")") != 0 || item->segment.seq + item->segment.payload_length != last) {
    cursor_fail(cursor, "FIRST:LAST(LENGTH) does not add up");
  }
}

static void parse_timestamp(struct cursor *cursor, const char *text, struct item *item)
{
  const char *p;

  item->segment.ts_value = cursor_number(cursor, text, &p, UINT32_MAX);
  item->segment.ts_echo = *p == ' ' ? cursor_number(cursor, p + 1, &p, UINT32_MAX) : 0;
  item->segment.facts |= TCPSTATE_HAS_TIMESTAMP;
}

/* "<mss 1460,ws 7,ts 1 0,tfo,cut>" */
static void parse_options(struct cursor *cursor, struct item *item)
{
  for (const char *p = cursor->word + 1; *p != '\0'; p += strcspn(p, ",>") + 1) {
    const char *end;

    if (strncmp(p, "mss ", 4) == 0) {
      item->segment.mss = (uint16_t)cursor_number(cursor, p + 4, &end, UINT16_MAX);
      item->segment.facts |= TCPSTATE_HAS_MSS;
    } else if (strncmp(p, "ws ", 3) == 0) {
      item->segment.window_scale = (uint8_t)cursor_number(cursor, p + 3, &end, UINT8_MAX);
      item->segment.facts |= TCPSTATE_HAS_WINDOW_SCALE;
    } else if (strncmp(p, "ts ", 3) == 0) {
      parse_timestamp(cursor, p + 3, item);
    } else if (strncmp(p, "tfo", 3) == 0) {
      item->segment.facts |= TCPSTATE_HAS_FAST_OPEN;
    } else if (strncmp(p, "cut", 3) == 0) {
      item->segment.facts |= TCPSTATE_NO_CAPTURED_OPTIONS;
    } else {
      cursor_fail(cursor, "no such option");
      return;
    }
  }
}

static void parse_extra(struct cursor *cursor, struct item *item)
{
  const char *end;

  if (cursor_is(cursor, "ack")) {
    if (cursor_need(cursor, "acknowledgement expected")) {
      item->segment.ack = sequence_number(cursor, cursor->word, &end, &item->fixed_ack);
    }
  } else if (cursor_is(cursor, "win")) {
    if (cursor_need(cursor, "window expected")) {
      item->segment.window = (uint16_t)cursor_whole_number(cursor, cursor->word, UINT16_MAX);
    }
  } else if (cursor_is(cursor, "nowin")) {
    item->segment.facts |= TCPSTATE_NO_WINDOW;
  } else if (cursor_is(cursor, "badsum")) {
    item->segment.facts |= TCPSTATE_BAD_CHECKSUM;
  } else if (cursor_is(cursor, "domain")) {
    if (cursor_need(cursor, "domain expected")) {
      item->segment.domain = cursor_whole_number(cursor, cursor->word, UINT32_MAX);
    }
  } else if (cursor->word[0] == '<') {
    parse_options(cursor, item);
  } else {
    cursor_fail(cursor, "what is this?");
  }
}

void parse_segment(struct cursor *cursor, const struct scenario *scenario, struct item *item)
{
  bool acknowledges = false;

  item->segment.window = UINT16_MAX;
  item->from = endpoint(cursor, scenario);
  if (!cursor_need(cursor, "'>' expected") || !cursor_is(cursor, ">") || !cursor_need(cursor, "receiver expected")) {
    cursor_fail(cursor, "SENDER > RECEIVER expected");
    return;
  }
  item->to = endpoint(cursor, scenario);
  parse_flags(cursor, item);
  parse_sequence(cursor, item);
  while (!cursor->failed && cursor_next(cursor) && !cursor_is(cursor, "|")) {
    acknowledges = acknowledges || cursor_is(cursor, "ack");
    parse_extra(cursor, item);
  }
  if (!acknowledges && (item->segment.flags & TCPSTATE_ACK)) {
    cursor_fail(cursor, "'.' wants 'ack NUMBER'");
  }
}
