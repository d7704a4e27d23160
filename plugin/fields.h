/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The fields as Wireshark knows them, and the subtree "TCP State".
 */
#ifndef TCPSTATE_FIELDS_H
#define TCPSTATE_FIELDS_H

#include "connections.h"

#include <epan/packet.h>

void fields_register(int protocol);

/* One segment, ready to be shown. */
struct shown_segment {
  tcpstate_annotation annotation;
  tcpstate_connection connection;
  int has_connection;
  struct frame_links links;
};

/* Does anything that is to be drawn come from the record of the connection? */
int fields_need_connection(proto_tree *tree);

/* Adds the subtree and returns its head. */
proto_item *fields_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct shown_segment *shown);

#endif
