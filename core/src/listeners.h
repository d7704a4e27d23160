/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which address and port have accepted a connection: a small memory of fixed size that forgets by overwriting. It only
 * helps to infer roles where the start of a connection was not captured. */
#ifndef TS_LISTENERS_H
#define TS_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

enum { LISTENER_COUNT = 4096 };

struct listeners {
  uint64_t hash_key[2];
  uint32_t tag[LISTENER_COUNT]; /* 0 = empty */
};

void listeners_add(struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain);
bool listeners_have(const struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain);

#endif
