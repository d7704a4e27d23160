/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_rows.h"

#include <stdlib.h>
#include <string.h>

struct connection_trace {
  uint64_t first_frame;
  uint64_t last_frame;
  uint32_t slot;       /* of the engine's record */
  uint32_t ended : 31; /* 1 + place of the record among the ended ones, 0: the engine has it */
  uint32_t has_time : 1;
};

void connection_rows_begin(struct connection_rows *rows, const tcpstate_tracker *tracker)
{
  *rows = (struct connection_rows){.tracker = tracker};
}

static struct connection_trace *find_or_add(struct connection_rows *rows, uint32_t stream)
{
  if (stream >= rows->room) {
    size_t room = (size_t)stream + stream / 2 + 64;
    struct connection_trace *grown = realloc(rows->traces, room * sizeof *grown);

    if (grown == NULL) {
      rows->out_of_memory = true;
      return NULL;
    }
    memset(grown + rows->room, 0, (room - rows->room) * sizeof *grown);
    rows->traces = grown;
    rows->room = room;
  }
  if (stream >= rows->count) {
    rows->count = (size_t)stream + 1;
  }
  return &rows->traces[stream];
}

void connection_rows_packet(struct connection_rows *rows, const struct packet *packet)
{
  uint32_t stream = packet->annotation->stream;
  struct connection_trace *trace = stream == UINT32_MAX ? NULL : find_or_add(rows, stream);

  if (trace == NULL) {
    return;
  }
  if (trace->first_frame == 0) {
    trace->first_frame = packet->frame;
    trace->has_time = !(packet->segment->facts & TCPSTATE_NO_TIME);
    trace->slot = packet->annotation->slot;
  }
  trace->last_frame = packet->frame;
}

static tcpstate_connection *add_ended(struct connection_rows *rows)
{
  if (rows->ended_count == rows->ended_room) {
    uint32_t room = rows->ended_room + rows->ended_room / 2 + 64;
    tcpstate_connection *grown = realloc(rows->ended, room * sizeof *grown);

    if (grown == NULL) {
      rows->out_of_memory = true;
      return NULL;
    }
    rows->ended = grown;
    rows->ended_room = room;
  }
  return &rows->ended[rows->ended_count++];
}

void connection_rows_end(struct connection_rows *rows, const tcpstate_connection *connection)
{
  struct connection_trace *trace = find_or_add(rows, connection->stream);
  tcpstate_connection *ended = trace == NULL ? NULL : add_ended(rows);

  if (ended != NULL) {
    *ended = *connection;
    trace->ended = rows->ended_count & INT32_MAX;
  }
}

bool connection_rows_get(const struct connection_rows *rows, size_t stream, struct connection_row *row)
{
  const struct connection_trace *trace = stream < rows->count ? &rows->traces[stream] : NULL;

  if (trace == NULL || (trace->first_frame == 0 && trace->ended == 0)) {
    return false; /* --stream leaves it out */
  }
  row->first_frame = trace->first_frame;
  row->last_frame = trace->last_frame;
  row->has_time = trace->has_time;
  if (trace->ended != 0) {
    row->connection = rows->ended[trace->ended - 1];
    return true;
  }
  return tcpstate_connection_get(rows->tracker, (uint32_t)stream, trace->slot, &row->connection) == TCPSTATE_OK;
}

void connection_rows_free(struct connection_rows *rows)
{
  free(rows->traces);
  free(rows->ended);
}
