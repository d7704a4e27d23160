/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers from the texts of three digits at a time, made once: for those who write small ones in every row.
 */
#ifndef CLI_THOUSANDS_H
#define CLI_THOUSANDS_H

#include "digits.h"

#include <stddef.h>
#include <string.h>

enum {
  THOUSAND = 1000,
  MILLION = 1000000,
  THREE = 4 /* three digits, and a byte more, so that they are copied as a word */
};

struct thousands {
  char plain[THOUSAND][THREE];  /* the last byte is the length */
  char padded[THOUSAND][THREE]; /* with leading zeros; the last byte is a blank */
};

static inline void thousands_prepare(struct thousands *thousands)
{
  for (uint32_t i = 0; i < THOUSAND; i++) {
    char text[DIGITS_MOST];

    thousands->plain[i][THREE - 1] = (char)(digits_write(text, i) - text);
    memcpy(thousands->plain[i], text, THREE - 1);
    eight_digits_write(text, i);
    memcpy(thousands->padded[i], text + 5, THREE - 1);
    thousands->padded[i][THREE - 1] = ' ';
  }
}

/* The end of it; a byte behind it, or two, are written to as well. */
static inline char *thousands_plain(const struct thousands *thousands, char *at, uint32_t number)
{
  memcpy(at, thousands->plain[number], THREE);
  return at + thousands->plain[number][THREE - 1];
}

static inline char *thousands_padded(const struct thousands *thousands, char *at, uint32_t number)
{
  memcpy(at, thousands->padded[number], THREE);
  return at + THREE - 1;
}

/* Digits of a number below a million. */
static inline size_t thousands_length(const struct thousands *thousands, uint32_t number)
{
  return number < THOUSAND ? (size_t)thousands->plain[number][THREE - 1]
                           : (size_t)thousands->plain[number / THOUSAND][THREE - 1] + 3;
}

/* digits_write() */
static inline char *thousands_write(const struct thousands *thousands, char *at, uint64_t number)
{
  uint32_t small = (uint32_t)number;

  if (number < THOUSAND) {
    return thousands_plain(thousands, at, small);
  }
  if (number < MILLION) {
    at = thousands_plain(thousands, at, small / THOUSAND);
    return thousands_padded(thousands, at, small % THOUSAND);
  }
  return digits_write(at, number);
}

#endif
