/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Made-up TCP packets, written to a pcap file: Ethernet, IPv4 or IPv6, time stamp option, right checksums, payload of
 * zeros. */
#ifndef BENCH_PACKET_H
#define BENCH_PACKET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct packet {
  uint64_t time_ns;
  uint32_t host[2]; /* of the source and the destination */
  uint16_t port[2];
  uint32_t seq;
  uint32_t ack;
  uint32_t payload;
  uint8_t flags;
  bool ipv6;
};

enum { PACKET_FIN = 1, PACKET_SYN = 2, PACKET_RST = 4, PACKET_ACK = 16 };

void packet_file_header(FILE *file, uint32_t snap_length);
void packet_write(FILE *file, uint32_t snap_length, const struct packet *packet);

#endif
