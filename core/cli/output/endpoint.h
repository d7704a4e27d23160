/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_ENDPOINT_H
#define CLI_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

enum { ENDPOINT_SIZE = 58 };

/* "192.0.2.1:443" or "[2001:db8::1]:443"; its length. */
size_t endpoint_text(char text[ENDPOINT_SIZE], unsigned ip_version, const uint8_t *address, unsigned port);

#endif
