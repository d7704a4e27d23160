/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Zeek's rules. a d i q: once a side. s h f r: again when the number is not that of the last one. c g t w: the first
 * time, the tenth, the hundredth ... */
#include "history.h"

static struct long_history *record_of(uint64_t history, const struct slab *records)
{
  return history & HISTORY_LONG ? slab_at(records, (uint32_t)(history >> HISTORY_START)) : NULL;
}

/* ---------------------------------------------------------------- adding */

static void add_long(struct flow *flow, struct long_history *record, unsigned letter)
{
  unsigned used = 0;
  while (used < HISTORY_MOST && record->letters[used]) {
    used++;
  }
  if (used < HISTORY_MOST) {
    record->letters[used] = (uint8_t)letter;
  }
  flow->history |= history_bit(letter);
}

/* The number that the last segment of this kind had, as far as no record says another. */
static uint32_t usual_number(const struct flow *flow, unsigned letter)
{
  unsigned sender = letter & HISTORY_ORIGINATOR ? flow_client(flow) : 1 - flow_client(flow);
  switch (letter & 15u) {
  case HISTORY_FIN:
    return flow->ep[sender].nxt;
  case HISTORY_RST:
    return flow->rst[letter / HISTORY_ORIGINATOR];
  default:
    return flow->ep[sender].isn;
  }
}

static bool is_numbered(unsigned letter)
{
  unsigned kind = letter & 15u;
  return kind == HISTORY_SYN || kind == HISTORY_SYN_ACK || kind == HISTORY_FIN || kind == HISTORY_RST;
}

static uint32_t *last_number(struct long_history *record, unsigned letter)
{
  return &record->last_number[letter & HISTORY_ORIGINATOR ? 1 : 0][(letter & 15u) - 1];
}

/* The record, made if there is none; NULL without memory: then each letter stays once. */
static struct long_history *make_record(struct look *look)
{
  struct flow *flow = look->flow;
  struct slab *records = &look->tracker->histories;
  uint64_t history = flow->history;
  uint32_t place;
  if (history & HISTORY_LONG) {
    return record_of(history, records);
  }
  if (slab_take(records, &place) != TCPSTATE_OK) {
    return NULL;
  }
  struct long_history *record = slab_at(records, place);
  flow->history = HISTORY_LONG | (uint64_t)place << HISTORY_START;
  for (unsigned i = 0; i < history_inline_count(history); i++) {
    unsigned letter = history_inline_letter(history, i);
    add_long(flow, record, letter);
    if (is_numbered(letter)) {
      *last_number(record, letter) = usual_number(flow, letter);
    }
  }
  flow->rst[0] = flow->rst[1] = 0;
  return record;
}

static void add(struct look *look, unsigned letter)
{
  struct flow *flow = look->flow;
  if (history_has_room(flow->history)) {
    flow->history = history_with(flow->history, letter);
    return;
  }
  struct long_history *record = make_record(look);
  if (record) {
    add_long(flow, record, letter);
  }
}

static void add_once(struct look *look, unsigned letter)
{
  if (!history_has(look->flow->history, letter)) {
    add(look, letter);
  }
}

static bool is_power_of_ten(uint32_t number)
{
  while (number >= 10 && number % 10 == 0) {
    number /= 10;
  }
  return number == 1;
}

static void add_counted(struct look *look, unsigned letter)
{
  struct long_history *record = make_record(look);
  if (!record) {
    add_once(look, letter);
    return;
  }
  uint32_t *times = &record->times[letter & HISTORY_ORIGINATOR ? 1 : 0][(letter & 15u) - HISTORY_BAD_CHECKSUM];
  if (*times < UINT32_MAX && is_power_of_ten(++*times)) {
    add(look, letter);
  }
}

static void add_numbered(struct look *look, unsigned letter)
{
  struct flow *flow = look->flow;
  uint32_t number = (letter & 15u) == HISTORY_FIN ? look->end : look->segment->seq;
  bool first_rst = (letter & 15u) == HISTORY_RST && !history_has(flow->history, letter);
  if (first_rst && history_has_room(flow->history)) {
    flow->rst[letter / HISTORY_ORIGINATOR] = number;
  }
  struct long_history *record = record_of(flow->history, &look->tracker->histories);
  bool same = number == (record ? *last_number(record, letter) : usual_number(flow, letter));
  if (same && history_has(flow->history, letter)) {
    return;
  }
  record = same ? record : make_record(look);
  add(look, letter);
  if (record) {
    *last_number(record, letter) = number;
  }
}

/* ---------------------------------------------------------------- what a segment adds */

static unsigned flag_letter(unsigned flags)
{
  unsigned kind = flags & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST);
  switch (kind) {
  case 0:
    return 0;
  case TCPSTATE_SYN:
    return flags & TCPSTATE_ACK ? HISTORY_SYN_ACK : HISTORY_SYN;
  case TCPSTATE_FIN:
    return HISTORY_FIN;
  case TCPSTATE_RST:
    return HISTORY_RST;
  case TCPSTATE_FIN | TCPSTATE_RST:
    return HISTORY_INCONSISTENT;
  default:
    return HISTORY_MULTI_FLAG;
  }
}

/* A segment with one of the flags stands for that alone, even if it carries data. */
static void take_kind(struct look *look, unsigned side)
{
  unsigned letter = flag_letter(look->segment->flags);
  if (letter == HISTORY_INCONSISTENT || letter == HISTORY_MULTI_FLAG) {
    add_once(look, letter | side);
  } else if (letter) {
    add_numbered(look, letter | side);
  } else if (look->segment->payload_length) {
    add_once(look, HISTORY_DATA | side);
  } else if (flag(look, TCPSTATE_ACK)) {
    add_once(look, HISTORY_ACK | side);
  }
}

/* Of no interest with or after a RST, nor when the peer has nothing more to send. */
static bool closes_window(const struct look *look, unsigned other)
{
  const tcpstate_segment *segment = look->segment;
  return segment->window == 0 && !(segment->facts & TCPSTATE_NO_WINDOW) && !flag(look, TCPSTATE_RST) &&
         !history_has(look->flow->history, HISTORY_FIN | other) && !endpoint_is(look->flow, look->x, EP_RST);
}

void history_take(struct look *look, bool repeats)
{
  unsigned side = look->x == flow_client(look->flow) ? HISTORY_ORIGINATOR : 0;
  unsigned other = side ^ HISTORY_ORIGINATOR;
  if (look->segment->facts & TCPSTATE_BAD_CHECKSUM) {
    add_counted(look, HISTORY_BAD_CHECKSUM | side);
    return;
  }
  take_kind(look, side);
  if (closes_window(look, other)) {
    add_counted(look, HISTORY_ZERO_WINDOW | side);
  }
  if (look->segment->payload_length && repeats) {
    add_counted(look, HISTORY_RETRANSMISSION | side);
  }
  if (look->gap) {
    add_counted(look, HISTORY_GAP | side);
  }
  if (look->lacks) {
    add_counted(look, HISTORY_GAP | other);
  }
}

void history_flip(struct look *look)
{
  add(look, HISTORY_FLIPPED);
}

/* ---------------------------------------------------------------- reading */

void history_text(uint64_t history, const struct slab *records, char text[TCPSTATE_HISTORY_SIZE])
{
  static const char letters[] = "?shadfrcgtwiq^";
  const struct long_history *record = record_of(history, records);
  unsigned i = 0;
  for (; i < HISTORY_MOST; i++) {
    unsigned code = record ? record->letters[i] : history_inline_letter(history, i);
    char letter = letters[code & 15u];
    bool upper = (code & HISTORY_ORIGINATOR) && letter >= 'a';
    if (!code) {
      break;
    }
    text[i] = (char)(upper ? letter - 'a' + 'A' : letter);
  }
  text[i] = '\0';
}

void history_forget(struct flow *flow, struct slab *records)
{
  if (flow->history & HISTORY_LONG) {
    slab_give(records, (uint32_t)(flow->history >> HISTORY_START));
    flow->history = 0;
  }
}
