/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes of a frame to the TCP segment in it. A pure function over bytes: no capture library, no state, no I/O.
 */
#ifndef CLI_PACKET_DECODER_H
#define CLI_PACKET_DECODER_H

#include "tcpstate/tcpstate.h"

#include <stdbool.h>

enum { LINK_ETHERNET = 1 }; /* the LINKTYPE_ number of nearly all frames */

enum decoded_kind {
  DECODED_OTHER,      /* no TCP in it, or cut before it could be told */
  DECODED_SEGMENT,    /* `segment` but for its time */
  DECODED_ICMP_ERROR, /* `segment` is what the error quotes, `hard` its class */
  DECODED_FRAGMENT,   /* part of an IP datagram that may hold TCP */
  DECODED_MALFORMED   /* TCP whose header makes no sense or is cut */
};

/* Part of a datagram from segment.src to segment.dst. */
struct fragment {
  const uint8_t *bytes;
  size_t size; /* captured, which is less than `length` if the frame was cut */
  size_t length;
  uint32_t offset; /* of the first byte in the datagram's payload */
  uint32_t id;
  uint8_t protocol;
  bool more; /* it is not the last one */
};

/* The innermost IP header, and the TCP header behind it as it lies in the frame. */
struct headers {
  const uint8_t *tcp; /* NULL: the segment was not read from bytes */
  size_t captured;    /* from there on */
  uint16_t ip_id;     /* 0 in IPv6, which has none */
  uint8_t ttl;        /* or hop limit */
};

struct decoded {
  enum decoded_kind kind;
  bool hard;
  tcpstate_segment segment;
  struct headers headers;   /* of DECODED_SEGMENT; points into the frame */
  struct fragment fragment; /* of DECODED_FRAGMENT; points into the frame */
};

/* `link_type` is a LINKTYPE_ number (or DLT_ where that differs between systems). `length` is what the frame had on
 * the wire. Fills in all of `decoded` but segment.time_ns, which is 0. */
void packet_decode(struct decoded *decoded, unsigned link_type, const uint8_t *frame, size_t captured, size_t length);

/* The same for a frame that is TCP in IP in Ethernet and nothing else, as most are, in a straight line: all of
 * `segment`. What it had on the wire, its IP header says. False, with `segment` in any state: ask packet_decode. */
bool packet_decode_plain(tcpstate_segment *segment, unsigned link_type, int64_t time_ns, const uint8_t *frame,
                         size_t captured);

/* As packet_decode, always layer by layer: to test that the short cut for plain frames changes nothing. */
void packet_decode_layers(struct decoded *decoded, unsigned link_type, const uint8_t *frame, size_t captured,
                          size_t length);

/* Goes on where a fragment ended the walk: `bytes` are the payload of the whole datagram. */
void packet_decode_datagram(struct decoded *decoded, const uint8_t *bytes, size_t size);

/* True if packet_decode knows the link type. */
bool packet_link_is_known(unsigned link_type);

#endif
