/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which address and port have accepted a connection: a small memory of fixed size that forgets by overwriting. It only
 * helps to infer roles where the start of a connection was not captured. Where a listener lies depends on the key,
 * which is another one in each run; what is said must not. So each has a set of places: of a thousand listeners none is
 * pushed out but by rare chance. */
#ifndef TS_LISTENERS_H
#define TS_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

enum { LISTENER_COUNT = 4096, LISTENER_PLACES = 16 };

struct listeners {
  uint64_t hash_key[2];
  uint32_t tag[LISTENER_COUNT]; /* 0 = empty */
};

void listeners_add(struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain);
bool listeners_have(const struct listeners *listeners, const uint8_t address[16], uint16_t port, uint32_t domain);

#endif
