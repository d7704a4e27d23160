/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_rows.h"

#include <stdlib.h>
#include <string.h>

static struct connection_row *find_or_add(struct connection_rows *rows, uint32_t stream)
{
  if (stream >= rows->room) {
    size_t room = (size_t)stream + stream / 2 + 64;
    struct connection_row *grown = realloc(rows->rows, room * sizeof *grown);

    if (grown == NULL) {
      rows->out_of_memory = true;
      return NULL;
    }
    memset(grown + rows->room, 0, (room - rows->room) * sizeof *grown);
    rows->rows = grown;
    rows->room = room;
  }
  if (stream >= rows->count) {
    rows->count = (size_t)stream + 1;
  }
  return &rows->rows[stream];
}

void connection_rows_packet(struct connection_rows *rows, const struct packet *packet)
{
  uint32_t stream = packet->annotation->stream;
  struct connection_row *row = stream == UINT32_MAX ? NULL : find_or_add(rows, stream);

  if (row == NULL) {
    return;
  }
  if (row->first_frame == 0) {
    row->first_frame = packet->frame;
    row->has_time = !(packet->segment->facts & TCPSTATE_NO_TIME);
  }
  row->last_frame = packet->frame;
}

void connection_rows_end(struct connection_rows *rows, const tcpstate_connection *connection)
{
  struct connection_row *row = find_or_add(rows, connection->stream);

  if (row != NULL) {
    row->connection = *connection;
    row->complete = true;
  }
}

void connection_rows_finish(struct connection_rows *rows, const tcpstate_tracker *tracker)
{
  tcpstate_connection connection;
  uint32_t cursor = 0;

  while (tcpstate_connection_next(tracker, &cursor, &connection) == TCPSTATE_OK) {
    /* Only those whose packets were shown: --stream leaves the others out. */
    if (connection.stream < rows->count && rows->rows[connection.stream].first_frame != 0) {
      connection_rows_end(rows, &connection);
    }
  }
}

void connection_rows_free(struct connection_rows *rows)
{
  free(rows->rows);
}
