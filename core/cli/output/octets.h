/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * IPv4 addresses from the texts of their bytes, made once: for those who write one in every row.
 */
#ifndef CLI_OCTETS_H
#define CLI_OCTETS_H

#include "digits.h"

#include <string.h>

enum { OCTET_SIZE = 3 };

struct octets {
  char text[256][OCTET_SIZE + 1]; /* the last byte is the length */
};

static inline void octets_prepare(struct octets *octets)
{
  for (unsigned i = 0; i < 256; i++) {
    char octet[DIGITS_MOST];

    octets->text[i][OCTET_SIZE] = (char)(digits_write(octet, i) - octet);
    memcpy(octets->text[i], octet, OCTET_SIZE);
  }
}

static inline unsigned octets_length(const struct octets *octets, const uint8_t *address)
{
  unsigned length = 3; /* dots */

  for (unsigned i = 0; i < 4; i++) {
    length += (unsigned)octets->text[address[i]][OCTET_SIZE];
  }
  return length;
}

/* The end of what was written; a byte behind it is written to as well. */
static inline char *octets_write(const struct octets *octets, char *at, const uint8_t *address)
{
  for (unsigned i = 0; i < 4; i++) {
    const char *octet = octets->text[address[i]];

    memcpy(at, octet, sizeof octets->text[0]);
    at += octet[OCTET_SIZE];
    *at++ = '.';
  }
  return at - 1;
}

#endif
