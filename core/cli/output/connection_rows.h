/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every connection of the input, to be shown when all is read. The engine keeps the records of most of them until
 * then; here stand the frames, and the records of those that it has given up.
 */
#ifndef CLI_CONNECTION_ROWS_H
#define CLI_CONNECTION_ROWS_H

#include "writer.h"

struct connection_row {
  tcpstate_connection connection;
  /* These are not set if the rows are without frames. */
  uint64_t first_frame; /* 0: none of its packets was shown */
  uint64_t last_frame;
  bool has_time;
};

struct connection_frames {
  uint64_t first; /* 0: none was seen */
  uint64_t last;
};

/* What is kept of every connection is little, and lies in parts that never move: with millions of connections, touching
 * fresh memory is what costs. */
enum { ROWS_PART = 1 << 12 };

struct connection_part {
  uint32_t *places;
  struct connection_frames *frames; /* NULL: without */
};

struct connection_rows {
  const tcpstate_tracker *tracker;
  bool without_frames;           /* set at once or never: no packets are seen then, see connection_rows_collect() */
  struct connection_part *parts; /* by stream number */
  size_t part_count;
  size_t part_room;
  size_t count;
  tcpstate_connection *ended;
  uint32_t ended_count;
  uint32_t ended_room;
  bool out_of_memory;
};

void connection_rows_begin(struct connection_rows *rows, const tcpstate_tracker *tracker);
/* Of a connection that has ended already, too: segments are judged in batches, before they come here. */
void connection_rows_packet(struct connection_rows *rows, const struct packet *packet);
void connection_rows_packets(struct connection_rows *rows, const struct packets *packets);

/* Without frames: every connection that the tracker has gets its row, or the one that is asked for. */
void connection_rows_collect(struct connection_rows *rows, const struct options *options);

void connection_rows_end(struct connection_rows *rows, const tcpstate_connection *connection);

/* The row of connection `stream` as it is now. False if there is none, or it is not to be shown. */
bool connection_rows_get(const struct connection_rows *rows, size_t stream, struct connection_row *row);

/* The record alone, where it is or in `room`; NULL if there is none. */
const tcpstate_connection *connection_rows_record(const struct connection_rows *rows, size_t stream,
                                                  tcpstate_connection *room);

void connection_rows_free(struct connection_rows *rows);

#endif
