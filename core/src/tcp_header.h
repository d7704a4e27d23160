/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A TCP header (RFC 9293 3.1), read in a straight line as far as nearly all are alike.
 */
#ifndef TS_TCP_HEADER_H
#define TS_TCP_HEADER_H

#include "compiler.h"
#include "network_order.h"
#include "tcpstate/tcpstate.h"

#include <stddef.h>
#include <string.h>

enum { FIXED_HEADER = 20 }; /* bytes, without options */

static ALWAYS_INLINE size_t tcp_header_length(const uint8_t *header)
{
  return (size_t)(header[12] >> 4) * 4;
}

/* Of the fixed header. Returns how long it says that the header is. */
static ALWAYS_INLINE size_t tcp_header_read_fields(tcpstate_segment *segment, const uint8_t *header)
{
  const uint64_t first = read64(header);
  const uint64_t second = read64(header + 8);

  segment->src_port = (uint16_t)(first >> 48);
  segment->dst_port = (uint16_t)(first >> 32);
  segment->seq = (uint32_t)first;
  segment->ack = (uint32_t)(second >> 32);
  segment->flags = (uint8_t)(second >> 16);
  segment->window = (uint16_t)second;
  return (size_t)(second >> 26 & 0x3c);
}

static ALWAYS_INLINE void read_timestamp(tcpstate_segment *segment, const uint8_t *values)
{
  segment->ts_value = read32(values);
  segment->ts_echo = read32(values + 4);
}

/* Options whatever they are. */
void ts_tcp_options_read(tcpstate_segment *segment, const uint8_t *options, size_t size);

/* The members of all options are 0, and the flags are read. Most segments have none, or a time stamp first of all, as
 * RFC 7323 appendix A lays it out. */
static ALWAYS_INLINE void tcp_header_read_options(tcpstate_segment *segment, const uint8_t *options, size_t size)
{
  if (size >= 12 && read32(options) == 0x0101080a) {
    read_timestamp(segment, options + 4);
    segment->facts |= TCPSTATE_HAS_TIMESTAMP;
    options += 12;
    size -= 12;
  }
  if (size > 0) {
    ts_tcp_options_read(segment, options, size);
  }
}

#endif
