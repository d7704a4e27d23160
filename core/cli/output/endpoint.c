/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint.h"

#include "digits.h"
#include "output.h"

_Static_assert(ENDPOINT_SIZE >= ADDRESS_SIZE + sizeof "[]:65535", "the address is written in place");

size_t endpoint_text(char text[ENDPOINT_SIZE], unsigned ip_version, const uint8_t *address, unsigned port)
{
  char *at = text;

  if (ip_version != 4) {
    *at++ = '[';
  }
  at += address_text(at, ip_version, address);
  if (ip_version != 4) {
    *at++ = ']';
  }
  *at++ = ':';
  at = digits_write(at, port);
  *at = '\0';
  return (size_t)(at - text);
}
