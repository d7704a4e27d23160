/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the command's decoder makes of a frame. Where Wireshark gives no plain answer (which connections must be kept
 * apart, what an ICMP error quotes), this one is taken, and command and plugin agree.
 */
#ifndef TCPSTATE_FRAME_BYTES_H
#define TCPSTATE_FRAME_BYTES_H

#include "../core/cli/decode/packet_decoder.h"

#include <epan/packet.h>

/* 1 if the frame is Ethernet and the IP header at `header` follows right behind. */
int frame_bytes_start_with_ip(tvbuff_t *tvb, const packet_info *pinfo, const uint8_t *header);

/* Kind DECODED_OTHER where the link type is none that the decoder knows. */
void frame_bytes_decode(struct decoded *decoded, tvbuff_t *tvb, const packet_info *pinfo);

#endif
