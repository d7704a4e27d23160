/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_rows.h"

#include <stdlib.h>

/* What is kept of every connection is little: with millions of them, touching fresh memory is what costs. */

/* In `first`, which has room for it: the first packet had no time. */
static const uint64_t NO_TIME = UINT64_C(1) << 63;

struct connection_frames {
  uint64_t first; /* 0: none was seen */
  uint64_t last;
};

void connection_rows_begin(struct connection_rows *rows, const tcpstate_tracker *tracker)
{
  *rows = (struct connection_rows){.tracker = tracker};
}

static bool make_room(struct connection_rows *rows, size_t room)
{
  uint32_t *places = realloc(rows->places, room * sizeof *places);
  struct connection_frames *frames;

  if (places == NULL) {
    return false;
  }
  rows->places = places;
  if (!rows->without_frames) {
    frames = realloc(rows->frames, room * sizeof *frames);
    if (frames == NULL) {
      return false;
    }
    rows->frames = frames;
  }
  rows->room = room;
  return true;
}

static bool reach(struct connection_rows *rows, uint32_t stream)
{
  if (stream >= rows->room && !make_room(rows, (size_t)stream + stream / 2 + 64)) {
    rows->out_of_memory = true;
    return false;
  }
  for (; rows->count <= stream; rows->count++) {
    rows->places[rows->count] = 0;
    if (!rows->without_frames) {
      rows->frames[rows->count] = (struct connection_frames){0};
    }
  }
  return true;
}

static void note_frame(struct connection_frames *frames, const struct packet *packet)
{
  if (frames->first == 0) {
    frames->first = packet->frame | (packet->segment->facts & TCPSTATE_NO_TIME ? NO_TIME : 0);
  }
  frames->last = packet->frame;
}

/* It may have ended already: segments are judged in batches, before they come here. */
static void see_first(struct connection_rows *rows, const struct packet *packet)
{
  uint32_t stream = packet->annotation->stream;

  if (stream == UINT32_MAX || (stream >= rows->count && !reach(rows, stream))) {
    return;
  }
  rows->seen = (size_t)stream + 1;
  if (rows->places[stream] == 0) {
    rows->places[stream] = 1 + packet->annotation->slot;
  }
}

void connection_rows_packet(struct connection_rows *rows, const struct packet *packet)
{
  uint32_t stream = packet->annotation->stream;

  if (stream >= rows->seen) { /* connections are numbered in the order in which they begin */
    see_first(rows, packet);
  }
  if (!rows->without_frames && stream < rows->count) {
    note_frame(&rows->frames[stream], packet);
  }
}

static struct packet packet_of(const struct packets *packets, size_t i)
{
  return (struct packet){packets->frames[i], &packets->segments[i], &packets->annotations[i]};
}

/* Where frames do not count, nothing has to be done but for the first packet of each. */
static void see_firsts(struct connection_rows *rows, const struct packets *packets)
{
  const tcpstate_annotation *const annotations = packets->annotations;
  const tcpstate_annotation *const end = annotations + packets->count;

  for (const tcpstate_annotation *at = annotations; at < end; at++) {
    if (at->stream >= rows->seen) {
      const struct packet packet = packet_of(packets, (size_t)(at - annotations));

      see_first(rows, &packet);
    }
  }
}

void connection_rows_packets(struct connection_rows *rows, const struct packets *packets)
{
  if (rows->without_frames) {
    see_firsts(rows, packets);
    return;
  }
  for (size_t i = 0; i < packets->count; i++) {
    const struct packet packet = packet_of(packets, i);

    connection_rows_packet(rows, &packet);
  }
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
  uint32_t stream = connection->stream;
  tcpstate_connection *ended = stream >= rows->count && !reach(rows, stream) ? NULL : add_ended(rows);

  if (ended != NULL) {
    *ended = *connection;
    rows->places[stream] = CONNECTION_ENDED | (rows->ended_count - 1);
  }
}

bool connection_rows_get(const struct connection_rows *rows, size_t stream, struct connection_row *row)
{
  uint32_t place = stream < rows->count ? rows->places[stream] : 0;

  if (place == 0) {
    return false; /* --stream leaves it out */
  }
  if (!rows->without_frames) {
    row->first_frame = rows->frames[stream].first & ~NO_TIME;
    row->last_frame = rows->frames[stream].last;
    row->has_time = row->first_frame != 0 && !(rows->frames[stream].first & NO_TIME);
  }
  if (place & CONNECTION_ENDED) {
    row->connection = rows->ended[place & ~CONNECTION_ENDED];
    return true;
  }
  return tcpstate_connection_get(rows->tracker, (uint32_t)stream, place - 1, &row->connection) == TCPSTATE_OK;
}

void connection_rows_free(struct connection_rows *rows)
{
  free(rows->places);
  free(rows->frames);
  free(rows->ended);
}
