/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's statistics count what they are told and forget it. What a statistic has counted for each connection is
 * remembered here, so that it can be corrected as the connection goes on.
 */
#ifndef TCPSTATE_STREAM_MAP_H
#define TCPSTATE_STREAM_MAP_H

#include <stdint.h>

/* `owner` is any pointer that tells one open statistic from another. */
void stream_map_clear(const void *owner);

/* What was last put in for this stream, 0 at first. */
uint32_t stream_map_get(const void *owner, uint32_t stream);

void stream_map_put(const void *owner, uint32_t stream, uint32_t value);

#endif
