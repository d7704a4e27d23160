/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Zeek's connection history: letters for kinds of segments, by direction, in order of appearance.
 * https://docs.zeek.org, Conn::Info history.
 *
 * Most connections have few letters: these stand in the flow, packed five bits a letter. What counts how often
 * something happened, or is longer, gets a record of its own. */
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

enum { HISTORY_ORIGINATOR = 16, HISTORY_INLINE = 12, HISTORY_MOST = TCPSTATE_HISTORY_SIZE - 1 };

struct long_history {
  uint32_t times[2][4];       /* c g t w, by side */
  uint32_t last_number[2][6]; /* of s h - - f r, by side */
  uint8_t letters[HISTORY_MOST + 1];
};

/* Adds what the segment stands for. `repeats`: its payload had been sent before. */
void history_take(struct look *look, bool repeats);

/* The roles were put right: what was the originator is the responder from now on. */
void history_flip(struct look *look);

/* Is the letter (with HISTORY_ORIGINATOR or without) in it? */
bool history_has(uint64_t history, unsigned letter);

/* As text, NUL-terminated. */
void history_text(uint64_t history, const struct slab *records, char text[TCPSTATE_HISTORY_SIZE]);

/* Gives the record back. */
void history_forget(struct flow *flow, struct slab *records);

#endif
