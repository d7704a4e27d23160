/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * IPv4 addresses from the texts of their bytes, made once: for those who write one in every row.
 */
#ifndef CLI_OCTETS_H
#define CLI_OCTETS_H

#include "digits.h"

#include <stddef.h>
#include <string.h>

enum { OCTET_SIZE = 4 };

struct octets {
  char text[256][OCTET_SIZE]; /* with a dot behind it */
  uint8_t size[256];
};

static inline void octets_prepare(struct octets *octets)
{
  for (unsigned i = 0; i < 256; i++) {
    char octet[DIGITS_MOST];
    char *end = digits_write(octet, i);

    *end++ = '.';
    octets->size[i] = (uint8_t)(end - octet);
    memcpy(octets->text[i], octet, OCTET_SIZE);
  }
}

static inline unsigned octets_length(const struct octets *octets, const uint8_t *address)
{
  return 0u + octets->size[address[0]] + octets->size[address[1]] + octets->size[address[2]] +
         octets->size[address[3]] - 1;
}

/* The same so that it ends at `end`, where a dot is written too, and perhaps two bytes more. */
static inline void octets_write_before(const struct octets *octets, char *end, const uint8_t *address)
{
  const size_t bytes[4] = {address[0], address[1], address[2], address[3]};
  char *fourth = end + 1 - octets->size[bytes[3]];
  char *third = fourth - octets->size[bytes[2]];
  char *second = third - octets->size[bytes[1]];
  char *first = second - octets->size[bytes[0]];

  memcpy(first, octets->text[bytes[0]], OCTET_SIZE);
  memcpy(second, octets->text[bytes[1]], OCTET_SIZE);
  memcpy(third, octets->text[bytes[2]], OCTET_SIZE);
  memcpy(fourth, octets->text[bytes[3]], OCTET_SIZE);
}

/* The end of what was written; up to three bytes behind it are written to as well, the first one a dot. */
static inline char *octets_write(const struct octets *octets, char *at, const uint8_t *address)
{
  const size_t bytes[4] = {address[0], address[1], address[2], address[3]}; /* before anything is written */

  for (unsigned i = 0; i < 4; i++) {
    memcpy(at, octets->text[bytes[i]], OCTET_SIZE);
    at += octets->size[bytes[i]];
  }
  return at - 1;
}

#endif
