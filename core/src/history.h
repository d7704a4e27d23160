/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Zeek's connection history: one letter for each kind of segment and direction, in order of first appearance, packed
 * five bits a letter. https://docs.zeek.org, Conn::Info history. */
#ifndef TS_HISTORY_H
#define TS_HISTORY_H

#include "look.h"

enum history_letter {
  HISTORY_SYN = 1,
  HISTORY_SYN_ACK,
  HISTORY_ACK,
  HISTORY_DATA,
  HISTORY_FIN,
  HISTORY_RST,
  HISTORY_BAD_CHECKSUM,
  HISTORY_GAP,
  HISTORY_RETRANSMISSION,
  HISTORY_ZERO_WINDOW,
  HISTORY_INCONSISTENT,
  HISTORY_MULTI_FLAG,
  HISTORY_FLIPPED
};

enum { HISTORY_ORIGINATOR = 16, HISTORY_MOST = 12 };

/* Adds what the segment stands for. `repeats`: its payload had been sent before. */
void history_take(struct look *look, bool repeats);

/* Is the letter (with HISTORY_ORIGINATOR or without) in it? */
bool history_has(uint64_t history, unsigned letter);

/* As text, NUL-terminated. */
void history_text(uint64_t history, char text[TCPSTATE_HISTORY_SIZE]);

#endif
