/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What libpcap hands out, as a frame.
 */
#ifndef CLI_PCAP_FRAME_H
#define CLI_PCAP_FRAME_H

#include "frame.h"

#include <pcap/pcap.h>

/* Of the handle: everything but the packet. */
void pcap_frame_prepare(struct frame *frame, pcap_t *pcap);

/* The handle must give nanoseconds if `nanoseconds`, else microseconds. */
void pcap_frame_fill(struct frame *frame, const struct pcap_pkthdr *header, const u_char *bytes, bool nanoseconds);

#endif
