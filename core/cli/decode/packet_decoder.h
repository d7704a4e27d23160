/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes of a frame to the TCP segment in it. A pure function over bytes: no capture library, no state, no I/O.
 */
#ifndef CLI_PACKET_DECODER_H
#define CLI_PACKET_DECODER_H

#include "tcpstate/tcpstate.h"

#include <stdbool.h>

enum decoded_kind {
  DECODED_OTHER,      /* no TCP in it, or cut before it could be told */
  DECODED_SEGMENT,    /* `segment` but for its time */
  DECODED_ICMP_ERROR, /* `segment` is what the error quotes, `hard` its class */
  DECODED_FRAGMENT,   /* part of an IP datagram that may hold TCP */
  DECODED_MALFORMED   /* TCP whose header makes no sense or is cut */
};

struct decoded {
  enum decoded_kind kind;
  bool hard;
  tcpstate_segment segment;
};

/* `link_type` is a LINKTYPE_ number (or DLT_ where that differs between systems). `length` is what the frame had on
 * the wire. Fills in all of `decoded` but segment.time_ns, which is 0. */
void packet_decode(struct decoded *decoded, unsigned link_type, const uint8_t *frame, size_t captured, size_t length);

/* 1 if packet_decode knows the link type. */
bool packet_link_is_known(unsigned link_type);

#endif
