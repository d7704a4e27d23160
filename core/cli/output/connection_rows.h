/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every connection of the input, to be shown when all is read: frames from the packets, the rest from the engine's
 * record.
 */
#ifndef CLI_CONNECTION_ROWS_H
#define CLI_CONNECTION_ROWS_H

#include "writer.h"

struct connection_row {
  uint64_t first_frame;
  uint64_t last_frame;
  tcpstate_connection connection;
  bool complete; /* `connection` is valid */
  bool has_time;
};

struct connection_rows {
  struct connection_row *rows; /* by stream number */
  size_t count;
  size_t room;
  bool out_of_memory;
};

void connection_rows_packet(struct connection_rows *rows, const struct packet *packet);
void connection_rows_end(struct connection_rows *rows, const tcpstate_connection *connection);

/* All read: takes the connections that the tracker still has. */
void connection_rows_finish(struct connection_rows *rows, const tcpstate_tracker *tracker);

void connection_rows_free(struct connection_rows *rows);

#endif
