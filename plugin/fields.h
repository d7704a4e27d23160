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

/* What somebody asks for of the subtree of a segment. */
struct wanted {
  uint64_t fields; /* bits, one a field */
  int head;
};

/* Returns 0 if nothing is. An expert item needs a head to hang on, if anybody asks for expert items. */
int fields_wanted(proto_tree *tree, int has_expert_items, struct wanted *wanted);

/* Does anything that is wanted come from the record of the connection, or from other frames of it? */
int fields_need_connection(const struct wanted *wanted);
int fields_need_links(const struct wanted *wanted);

/* Adds what is wanted. Returns the head of the subtree, or NULL if none is wanted. */
proto_item *fields_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct wanted *wanted,
                        const struct shown_segment *shown);

#endif
