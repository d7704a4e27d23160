/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments as packets in a pcap file, for what reads files. */
#ifndef FUZZ_PACKETS_H
#define FUZZ_PACKETS_H

#include <stddef.h>
#include <stdint.h>
#include <tcpstate/tcpstate.h>

struct packet_file {
  uint8_t *bytes; /* to be freed */
  size_t size;
  size_t room;
};

struct packet_extras {
  uint16_t ip_id;
  uint8_t ttl;
  uint8_t payload; /* what the first bytes of the payload are */
};

void packet_file_start(struct packet_file *file);

/* IP without a link layer; of the payload a few bytes, the others are cut off. */
void packet_file_add(struct packet_file *file, const tcpstate_segment *segment, const struct packet_extras *extras);

#endif
