/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Zeek's connection history: letters for kinds of segments, by direction, in order of appearance.
 * https://docs.zeek.org, Conn::Info history.
 *
 * Most connections have few letters: these stand in the flow, packed five bits a letter. What counts how often
 * something happened, or is longer, gets a record of its own. Either way one bit says for each of the commonest letters
 * whether it is there, since every segment asks. */
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

enum {
  HISTORY_ORIGINATOR = 16,
  HISTORY_COMMON = HISTORY_RST, /* the last of the commonest letters */
  HISTORY_RARE = HISTORY_FLIPPED - HISTORY_COMMON,
  HISTORY_MOST = TCPSTATE_HISTORY_SIZE - 1
};

/* flow.history, from the lowest bit: a set of the commonest letters of the responder and of the originator. Then up to
 * nine letters, or once there is a record, which the highest bit says, its place and a set of the other letters. */
enum { HISTORY_START = 2 * HISTORY_COMMON, HISTORY_INLINE = 9, HISTORY_RARE_START = HISTORY_START + 32 };

#define HISTORY_LONG (UINT64_C(1) << 63)

/* From here up to that bit there is nothing, either way. */
enum { HISTORY_END = HISTORY_RARE_START + 2 * HISTORY_RARE };

_Static_assert(HISTORY_END >= HISTORY_START + 5 * HISTORY_INLINE && HISTORY_END <= 59, "room for four bits");

struct long_history {
  uint32_t times[2][4];       /* c g t w, by side */
  uint32_t last_number[2][6]; /* of s h - - f r, by side */
  uint8_t letters[HISTORY_MOST + 1];
};

/* Adds what the segment stands for. `repeats`: its payload had been sent before. */
void history_take(struct look *look, bool repeats);

/* The roles were put right: what was the originator is the responder from now on. */
void history_flip(struct look *look);

/* The letter's place in the sets. */
static inline uint64_t history_bit(unsigned letter)
{
  unsigned kind = letter & 15u;
  unsigned originator = letter / HISTORY_ORIGINATOR;
  unsigned place = kind <= HISTORY_COMMON ? kind - 1 + originator * HISTORY_COMMON
                                          : HISTORY_RARE_START + kind - HISTORY_COMMON - 1 + originator * HISTORY_RARE;
  return UINT64_C(1) << place;
}

/* Is one of the rare letters among those in the flow? They are fields of five bits: to subtract one from each borrows
 * into the top bit of the lowest field that was 0. */
static inline bool history_has_rare(uint64_t history, unsigned letter)
{
  const uint64_t ones = UINT64_C(0x0000010842108421);
  const uint64_t others = (history >> HISTORY_START) ^ ones * letter;
  return ((others - ones) & ~others & ones << 4) != 0;
}

/* Is the letter (with HISTORY_ORIGINATOR or without) in it? */
static inline bool history_has(uint64_t history, unsigned letter)
{
  if ((letter & 15u) <= HISTORY_COMMON || (history & HISTORY_LONG)) {
    return (history & history_bit(letter)) != 0;
  }
  return history_has_rare(history, letter);
}

/* Has endpoint `e` sent a RST, whatever became of it? */
static inline bool history_has_reset(const struct flow *flow, unsigned e)
{
  return history_has(flow->history, HISTORY_RST | (e == flow_client(flow) ? HISTORY_ORIGINATOR : 0u));
}

/* Can one more letter be added without a record? */
static inline bool history_has_room(uint64_t history)
{
  return (history >> (HISTORY_START + 5 * (HISTORY_INLINE - 1))) == 0;
}

static inline unsigned history_inline_letter(uint64_t history, unsigned i)
{
  return i < HISTORY_INLINE ? (unsigned)(history >> (HISTORY_START + 5 * i)) & 31u : 0;
}

static inline unsigned history_inline_count(uint64_t history)
{
#if defined(__GNUC__)
  uint64_t letters = history >> HISTORY_START;
  return letters ? (63u - (unsigned)__builtin_clzll(letters)) / 5 + 1 : 0;
#else
  unsigned count = 0;
  while (history_inline_letter(history, count)) {
    count++;
  }
  return count;
#endif
}

/* With one more letter, for which there is room. */
static inline uint64_t history_with(uint64_t history, unsigned letter)
{
  uint64_t common = (letter & 15u) <= HISTORY_COMMON ? history_bit(letter) : 0;
  return history | common | (uint64_t)letter << (HISTORY_START + 5 * history_inline_count(history));
}

/* As text, NUL-terminated. */
void history_text(uint64_t history, const struct slab *records, char text[TCPSTATE_HISTORY_SIZE]);

/* Gives the record back. */
void history_forget(struct flow *flow, struct slab *records);

#endif
