/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments for tests, in one line each. */
#ifndef SEGMENT_BUILDER_H
#define SEGMENT_BUILDER_H

#include <stdint.h>
#include <tcpstate/tcpstate.h>

struct support_endpoint {
  uint8_t address[16];
  uint16_t port;
  uint8_t ip_version;
};

/* 10.0.0.HOST and 2001:db8::HOST. */
struct support_endpoint support_ipv4(uint8_t host, uint16_t port);
struct support_endpoint support_ipv6(uint8_t host, uint16_t port);

void support_set_addresses(tcpstate_segment *segment, const struct support_endpoint *source,
                           const struct support_endpoint *destination);

/* A segment with a window of 65535, no options, at time 0 in domain 0. */
tcpstate_segment support_segment(const struct support_endpoint *source, const struct support_endpoint *destination,
                                 uint8_t flags, uint32_t seq, uint32_t ack, uint32_t payload_length);

#endif
