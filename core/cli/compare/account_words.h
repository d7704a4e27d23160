/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sentences of compare --explain, in both languages. Places are filled as in the catalogue of explain: {who} is the
 * sender, {other} the receiver, {from} and {to} are the taps at their ends.
 */
#ifndef CLI_COMPARE_ACCOUNT_WORDS_H
#define CLI_COMPARE_ACCOUNT_WORDS_H

#include "../options.h"

enum account_word {
  /* the head */
  ACCOUNT_TITLE,
  ACCOUNT_TRANSLATED,
  ACCOUNT_TAPS,
  ACCOUNT_ROUTERS,
  ACCOUNT_SHIFTED,
  ACCOUNT_CLOCKS,
  ACCOUNT_CLOCKS_ONE_WAY,
  ACCOUNT_CLOCKS_UNKNOWN,
  ACCOUNT_SYN_SENDER,
  /* a step */
  ACCOUNT_AT_BOTH,
  ACCOUNT_AT_ONE,
  ACCOUNT_RUN,
  ACCOUNT_RUN_DELAY,
  ACCOUNT_CAME,
  ACCOUNT_CAME_WITHOUT_TIME,
  ACCOUNT_GROUNDS_SAME,
  ACCOUNT_GROUNDS_LACKS,
  ACCOUNT_GROUNDS_BETWEEN,
  ACCOUNT_GROUNDS_TTL,
  ACCOUNT_RESET_TAKEN,
  ACCOUNT_RESET_REFUSED,
  ACCOUNT_RESET_NOT_PROVEN,
  ACCOUNT_OBSERVED,
  ACCOUNT_ASSUMED,
  ACCOUNT_GUESSED,
  ACCOUNT_LEFT_OUT,
  /* the end */
  ACCOUNT_NO_RESET,
  ACCOUNT_RESET_SENT,
  ACCOUNT_RESET_SENT_NOT_PROVEN,
  ACCOUNT_RESET_LOST,
  ACCOUNT_RESET_BETWEEN,
  ACCOUNT_RESET_UNCLEAR,
  ACCOUNT_MORE_RESETS,
  ACCOUNT_WAY,
  ACCOUNT_DELAY,
  ACCOUNT_LAST,
  ACCOUNT_NOTHING,
  ACCOUNT_COUNT
};

const char *account_word(enum account_word word, enum language language);

#endif
