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

struct connection_frames;

struct connection_rows {
  const tcpstate_tracker *tracker;
  bool without_frames;              /* set at once or never */
  uint32_t *places;                 /* by stream number */
  struct connection_frames *frames; /* by stream number */
  size_t count;
  size_t seen; /* one more than the last stream of which a packet was seen */
  size_t room;
  tcpstate_connection *ended;
  uint32_t ended_count;
  uint32_t ended_room;
  bool out_of_memory;
};

void connection_rows_begin(struct connection_rows *rows, const tcpstate_tracker *tracker);
void connection_rows_packet(struct connection_rows *rows, const struct packet *packet);
void connection_rows_packets(struct connection_rows *rows, const struct packets *packets);
void connection_rows_end(struct connection_rows *rows, const tcpstate_connection *connection);

/* The row of connection `stream` as it is now. False if there is none, or it is not to be shown. */
bool connection_rows_get(const struct connection_rows *rows, size_t stream, struct connection_row *row);

/* A place is 0 for a connection that is not to be shown, 1 + the slot of the engine's record, or CONNECTION_ENDED + the
 * index of ours. */
#define CONNECTION_ENDED (UINT32_C(1) << 31)

/* The record alone, where it is or in `room`; NULL if there is none. */
static inline const tcpstate_connection *connection_rows_record(const struct connection_rows *rows, size_t stream,
                                                                tcpstate_connection *room)
{
  uint32_t place = rows->places[stream];

  if (place & CONNECTION_ENDED) {
    return &rows->ended[place & ~CONNECTION_ENDED];
  }
  return place != 0 && tcpstate_connection_get(rows->tracker, (uint32_t)stream, place - 1, room) == TCPSTATE_OK ? room
                                                                                                                : NULL;
}

void connection_rows_free(struct connection_rows *rows);

#endif
