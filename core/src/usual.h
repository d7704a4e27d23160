/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Short ways for most segments of most captures: those that open and close a connection as RFC 9293 figures 6 and 12
 * have it, and between them the next data in line and plain acknowledgements. They decide nothing of their own: they
 * know what the judges would find and do that at once. tests/usual compares the short ways with the long one segment
 * by segment; a change of the rules that concerns such segments has to be made here too. */
#ifndef TS_USUAL_H
#define TS_USUAL_H

#include "look.h"

enum {
  USUAL_CONTROL = TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK,
  USUAL_DEFECTS = TCPSTATE_BAD_CHECKSUM | TCPSTATE_NO_TIME | TCPSTATE_NO_WINDOW
};

/* A segment and what it belongs to. */
struct usual {
  struct tcpstate_tracker *tracker;
  const tcpstate_segment *segment;
  struct flow *flow;
  unsigned x; /* the sender */
  uint32_t place;
};

/* Which short way was taken. */
enum usual_way {
  NO_WAY,
  WAY_OPEN,
  WAY_SYN_ACK,
  WAY_HANDSHAKE_ACK,
  WAY_DATA,
  WAY_FIRST_WORD,
  WAY_FIRST_FIN,
  WAY_FIRST_ACK,
  WAY_SECOND_FIN,
  WAY_SECOND_FIN_WITH_ACK,
  WAY_LAST_ACK
};

/* Judges and annotates the segment if it is a usual one; else changes nothing and returns NO_WAY. */
enum usual_way usual_take(const struct usual *usual, tcpstate_annotation *annotation);

/* Is it a plain SYN, with nothing but a place in the table to be found for it? */
bool usual_opens(const tcpstate_segment *segment);

/* The first segment of a connection, if it is one that opens: the flow is new. */
void usual_open(const struct usual *usual, tcpstate_annotation *annotation);

/* usual_data.c: data and acknowledgements, both in ESTABLISHED. */
enum usual_way usual_data(const struct usual *usual, tcpstate_annotation *annotation);

/* usual_opening.c: the answer to a SYN, and the answer to that. */
bool usual_syn_ack(const struct usual *usual, tcpstate_annotation *annotation);
bool usual_handshake_ack(const struct usual *usual, tcpstate_annotation *annotation);

/* usual_closing.c: FINs and their acknowledgements, in their order. */
bool usual_first_fin(const struct usual *usual, tcpstate_annotation *annotation);
bool usual_first_ack(const struct usual *usual, tcpstate_annotation *annotation);
bool usual_second_fin(const struct usual *usual, tcpstate_annotation *annotation);
bool usual_second_fin_with_ack(const struct usual *usual, tcpstate_annotation *annotation);
bool usual_last_ack(const struct usual *usual, tcpstate_annotation *annotation);

#endif
