/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a frame that Wireshark has dissected to the TCP segments in it.
 */
#ifndef TCPSTATE_SEGMENT_EPAN_H
#define TCPSTATE_SEGMENT_EPAN_H

#include <epan/packet.h>
#include <tcpstate/tcpstate.h>

struct segment_visitor {
  void (*segment)(packet_info *pinfo, const tcpstate_segment *segment);
  void (*icmp_error)(const tcpstate_segment *quoted, int hard);
};

/* While Wireshark registers its protocols, and once all of them have. */
void segment_epan_register(void);
void segment_epan_hand_off(void);

/* From now on, on the first pass, the visitor is called for each whole TCP segment while it is dissected, an outer one
 * before an inner one. A fragment that was not reassembled is none, nor is what an ICMP error quotes. NULL: no more. */
void segment_epan_visit(const struct segment_visitor *visitor);

/* Calls the visitor for the TCP header that an ICMP error quotes, if this frame is one. */
void segment_epan_icmp_error(tvbuff_t *frame, packet_info *pinfo);

#endif
