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
  bool without_frames;           /* set at once or never */
  struct connection_part *parts; /* by stream number */
  size_t part_count;
  size_t part_room;
  size_t count;
  size_t seen; /* one more than the last stream of which a packet was seen */
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

/* Of a stream below `count`. */
static inline uint32_t *connection_rows_place(const struct connection_rows *rows, size_t stream)
{
  return &rows->parts[stream / ROWS_PART].places[stream % ROWS_PART];
}

/* The record alone, where it is or in `room`; NULL if there is none. */
const tcpstate_connection *connection_rows_record(const struct connection_rows *rows, size_t stream,
                                                  tcpstate_connection *room);

/* The same by tcpstate_connection_peek(). */
static inline const tcpstate_connection *connection_rows_peek(const struct connection_rows *rows, size_t stream,
                                                              tcpstate_connection *room)
{
  uint32_t place = *connection_rows_place(rows, stream);

  if (place & CONNECTION_ENDED) {
    return &rows->ended[place & ~CONNECTION_ENDED];
  }
  return place != 0 && tcpstate_connection_peek(rows->tracker, (uint32_t)stream, place - 1, room) == TCPSTATE_OK ? room
                                                                                                                 : NULL;
}

void connection_rows_free(struct connection_rows *rows);

#endif
