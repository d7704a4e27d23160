/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a frame that Wireshark has dissected to the TCP segments in it.
 */
#ifndef TCPSTATE_SEGMENT_EPAN_H
#define TCPSTATE_SEGMENT_EPAN_H

#include <epan/packet.h>
#include <tcpstate/tcpstate.h>

/* The fields that must be there when segment_epan_each is called, for set_postdissector_wanted_hfids. */
GArray *segment_epan_wanted_fields(void);

typedef void (*segment_epan_visit)(packet_info *pinfo, const tcpstate_segment *segment);

/* Calls visit for each whole TCP segment of the frame, the outermost first. A TCP header that an ICMP error quotes and
 * a fragment that was not reassembled are none. */
void segment_epan_each(packet_info *pinfo, proto_tree *tree, segment_epan_visit visit);

#endif
