/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segment_builder.h"

#include <string.h>

struct support_endpoint support_ipv4(uint8_t host, uint16_t port)
{
  return (struct support_endpoint){.address = {10, 0, 0, host}, .port = port, .ip_version = 4};
}

struct support_endpoint support_ipv6(uint8_t host, uint16_t port)
{
  return (struct support_endpoint){.address = {0x20, 0x01, 0x0d, 0xb8, [15] = host}, .port = port, .ip_version = 6};
}

void support_set_addresses(tcpstate_segment *segment, const struct support_endpoint *source,
                           const struct support_endpoint *destination)
{
  memcpy(segment->src, source->address, sizeof segment->src);
  memcpy(segment->dst, destination->address, sizeof segment->dst);
  segment->src_port = source->port;
  segment->dst_port = destination->port;
  segment->ip_version = source->ip_version;
}

tcpstate_segment support_segment(const struct support_endpoint *source, const struct support_endpoint *destination,
                                 uint8_t flags, uint32_t seq, uint32_t ack, uint32_t payload_length)
{
  tcpstate_segment segment;

  memset(&segment, 0, sizeof segment);
  support_set_addresses(&segment, source, destination);
  segment.flags = flags;
  segment.seq = seq;
  segment.ack = ack;
  segment.payload_length = payload_length;
  segment.window = UINT16_MAX;
  return segment;
}
