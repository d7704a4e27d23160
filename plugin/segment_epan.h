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

struct segment_visitor {
  void (*segment)(packet_info *pinfo, const tcpstate_segment *segment);
  void (*icmp_error)(const tcpstate_segment *quoted, int hard);
};

/* Calls the visitor for each whole TCP segment of the frame, the outermost first, or for the TCP header that an ICMP
 * error quotes. A fragment that was not reassembled is neither. */
void segment_epan_each(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, const struct segment_visitor *visitor);

#endif
