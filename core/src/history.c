/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history.h"

static void add(struct flow *flow, unsigned letter)
{
  unsigned used = 0;
  while (used < HISTORY_MOST && (flow->history >> (5 * used)) & 31u) {
    used++;
  }
  if (used < HISTORY_MOST && !history_has(flow->history, letter)) {
    flow->history |= (uint64_t)letter << (5 * used);
  }
}

bool history_has(uint64_t history, unsigned letter)
{
  for (unsigned i = 0; i < HISTORY_MOST; i++) {
    if (((history >> (5 * i)) & 31u) == letter) {
      return true;
    }
  }
  return false;
}

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

void history_take(struct look *look, bool repeats)
{
  struct flow *flow = look->flow;
  const tcpstate_segment *segment = look->segment;
  unsigned side = look->x == flow_client(flow) ? HISTORY_ORIGINATOR : 0;
  unsigned letter = flag_letter(segment->flags);
  if (segment->facts & TCPSTATE_BAD_CHECKSUM) {
    add(flow, HISTORY_BAD_CHECKSUM | side);
    return;
  }
  if (letter) {
    add(flow, letter | side);
  }
  if (segment->payload_length) {
    add(flow, (repeats ? HISTORY_RETRANSMISSION : HISTORY_DATA) | side);
  } else if (!letter && flag(look, TCPSTATE_ACK)) {
    add(flow, HISTORY_ACK | side);
  }
  if (segment->window == 0 && !(segment->facts & TCPSTATE_NO_WINDOW) && !flag(look, TCPSTATE_RST)) {
    add(flow, HISTORY_ZERO_WINDOW | side);
  }
  if (look->gap) {
    add(flow, HISTORY_GAP | side);
  }
  if (look->lacks) {
    add(flow, HISTORY_GAP | (side ^ HISTORY_ORIGINATOR));
  }
}

void history_text(uint64_t history, char text[TCPSTATE_HISTORY_SIZE])
{
  static const char letters[] = "?shadfrcgtwiq^";
  unsigned i = 0;
  for (; i < HISTORY_MOST && (history >> (5 * i)) & 31u; i++) {
    unsigned code = (unsigned)(history >> (5 * i)) & 31u;
    char letter = letters[code & 15u];
    bool upper = (code & HISTORY_ORIGINATOR) && letter >= 'a';
    text[i] = (char)(upper ? letter - 'a' + 'A' : letter);
  }
  text[i] = '\0';
}
