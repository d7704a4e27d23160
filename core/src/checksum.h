/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The TCP checksum (RFC 9293 3.1), as an observer has to read it. Used by the command and by the plugin, so that both
 * say the same; not part of the library's interface.
 */
#ifndef TCPSTATE_CHECKSUM_H
#define TCPSTATE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

enum {
  PROTOCOL_TCP = 6,
  /* Longer than any frame on a wire: put together or not yet cut by the network card, whose checksum is stale. */
  LONGEST_ON_A_WIRE = 16384
};

/* 1 if the segment is damaged: its checksum is wrong and offload does not explain it. `segment` is header and payload,
 * all `length` bytes of it as sent (ask only if all were captured). `src` and `dst` have 4 or 16 bytes, after
 * ip_version. */
int ts_checksum_is_bad(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                       unsigned ip_version);

/* 1 if it is what a host leaves there for its network card to finish: the sum of the pseudo header alone. */
int ts_checksum_is_unfinished(const uint8_t *segment, size_t length, const uint8_t *src, const uint8_t *dst,
                              unsigned ip_version);

#endif
