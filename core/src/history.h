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

/* What flow.history holds once there is a record: this mark, a set of the letters, the record's place. */
#define HISTORY_LONG (UINT64_C(1) << 63)

enum { HISTORY_SET_SHIFT = 32, HISTORY_SIDE_SHIFT = 13 };

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

static inline uint64_t history_bit(unsigned letter)
{
  return UINT64_C(1) << (HISTORY_SET_SHIFT + (letter & 15u) + ((letter & HISTORY_ORIGINATOR) ? HISTORY_SIDE_SHIFT : 0));
}

/* Is the letter (with HISTORY_ORIGINATOR or without) in it? Without a record letters are fields of five bits: to
 * subtract one from each borrows into the top bit of the lowest field that was 0. */
static inline bool history_has(uint64_t history, unsigned letter)
{
  const uint64_t ones = UINT64_C(0x0084210842108421);
  const uint64_t others = history ^ ones * letter;
  if (history & HISTORY_LONG) {
    return (history & history_bit(letter)) != 0;
  }
  return ((others - ones) & ~others & ones << 4) != 0;
}

/* Has endpoint `e` sent a RST, whatever became of it? */
static inline bool history_has_reset(const struct flow *flow, unsigned e)
{
  return history_has(flow->history, HISTORY_RST | (e == flow_client(flow) ? HISTORY_ORIGINATOR : 0u));
}

/* Can one more letter be added without a record? */
static inline bool history_has_room(uint64_t history)
{
  return (history >> (5 * (HISTORY_INLINE - 1))) == 0;
}

/* Adds a letter, if there is room. */
void history_append(struct flow *flow, unsigned letter);

/* As text, NUL-terminated. */
void history_text(uint64_t history, const struct slab *records, char text[TCPSTATE_HISTORY_SIZE]);

/* Gives the record back. */
void history_forget(struct flow *flow, struct slab *records);

#endif
