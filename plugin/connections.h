/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the plugin keeps of each connection beside the tracker: its last record once the tracker has given it up, and
 * the frames that other frames of the connection point at.
 */
#ifndef TCPSTATE_CONNECTIONS_H
#define TCPSTATE_CONNECTIONS_H

#include <tcpstate/tcpstate.h>

/* Forgets everything. The memory itself goes with wmem's file scope. */
void connections_clear(void);

/* First pass: `annotation` was said of `frame`. */
void connections_note(uint32_t frame, const tcpstate_annotation *annotation);

/* For tcpstate_settings.connection_end: keeps the record for good. */
void connections_keep(void *user, const tcpstate_connection *connection);

/* The connection as far as it has been read. Returns 0 if nothing is known of it. */
int connections_get(const tcpstate_tracker *tracker, uint32_t stream, tcpstate_connection *connection);

/* Frames that a frame of a connection refers to; 0 for none. */
struct frame_links {
  uint32_t syn;             /* first segment of the handshake */
  uint32_t acknowledged;    /* SYN, SYN-ACK or FIN that this segment acknowledges */
  uint32_t answered_fin;    /* FIN of the peer that this FIN answers */
  uint32_t previous_change; /* nearest frame before that moved an endpoint */
  uint32_t next_change;     /* nearest frame after that did, as far as the capture has been read */
};

void connections_links(uint32_t frame, const tcpstate_annotation *annotation, struct frame_links *links);

#endif
