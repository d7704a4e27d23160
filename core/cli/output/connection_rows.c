/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_rows.h"

#include "../huge_pages.h"

#include <stdlib.h>

enum { PLACES_SIZE = ROWS_PART * sizeof(uint32_t), FRAMES_SIZE = ROWS_PART * sizeof(struct connection_frames) };

/* In `first`, which has room for it: the first packet had no time. */
static const uint64_t NO_TIME = UINT64_C(1) << 63;

void connection_rows_begin(struct connection_rows *rows, const tcpstate_tracker *tracker)
{
  *rows = (struct connection_rows){.tracker = tracker};
}

static bool make_room(struct connection_rows *rows)
{
  if (rows->part_count == rows->part_room) {
    size_t room = 2 * rows->part_room + 4;
    struct connection_part *parts = realloc(rows->parts, room * sizeof *parts);

    if (parts == NULL) {
      return false;
    }
    rows->parts = parts;
    rows->part_room = room;
  }
  return true;
}

static void free_part(const struct connection_part *part)
{
  huge_pages_put(part->places, PLACES_SIZE);
  huge_pages_put(part->frames, FRAMES_SIZE);
}

static bool add_part(struct connection_rows *rows)
{
  struct connection_part part = {huge_pages_get_clear(PLACES_SIZE), NULL};

  if (!rows->without_frames) {
    part.frames = huge_pages_get_clear(FRAMES_SIZE);
  }
  if (part.places == NULL || (part.frames == NULL && !rows->without_frames) || !make_room(rows)) {
    free_part(&part);
    return false;
  }
  rows->parts[rows->part_count++] = part;
  return true;
}

static bool reach(struct connection_rows *rows, uint32_t stream)
{
  while (rows->part_count <= stream / ROWS_PART) {
    if (!add_part(rows)) {
      rows->out_of_memory = true;
      return false;
    }
  }
  rows->count = (size_t)stream + 1;
  return true;
}

static struct connection_frames *frames_of(const struct connection_rows *rows, size_t stream)
{
  return &rows->parts[stream / ROWS_PART].frames[stream % ROWS_PART];
}

static void note_frame(struct connection_frames *frames, const struct packet *packet)
{
  if (frames->first == 0) {
    frames->first = packet->frame | (packet->segment->facts & TCPSTATE_NO_TIME ? NO_TIME : 0);
  }
  frames->last = packet->frame;
}

/* It may have ended already: segments are judged in batches, before they come here. */
static inline void see_first(struct connection_rows *rows, const tcpstate_annotation *annotation)
{
  uint32_t stream = annotation->stream;
  uint32_t *place;

  if (stream == UINT32_MAX || (stream >= rows->count && !reach(rows, stream))) {
    return;
  }
  rows->seen = (size_t)stream + 1;
  place = connection_rows_place(rows, stream);
  if (*place == 0) {
    *place = 1 + annotation->slot;
  }
}

void connection_rows_packet(struct connection_rows *rows, const struct packet *packet)
{
  uint32_t stream = packet->annotation->stream;

  if (stream >= rows->seen) { /* connections are numbered in the order in which they begin */
    see_first(rows, packet->annotation);
  }
  if (!rows->without_frames && stream < rows->count) {
    note_frame(frames_of(rows, stream), packet);
  }
}

/* Where frames do not count, nothing has to be done but for the first packet of each. */
static void see_firsts(struct connection_rows *rows, const struct packets *packets)
{
  const tcpstate_annotation *const end = packets->annotations + packets->count;

  for (const tcpstate_annotation *at = packets->annotations; at < end; at++) {
    if (at->stream >= rows->seen) {
      see_first(rows, at);
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
    const struct packet packet = {packets->frames[i], &packets->segments[i], &packets->annotations[i]};

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
    *connection_rows_place(rows, stream) = CONNECTION_ENDED | (rows->ended_count - 1);
  }
}

const tcpstate_connection *connection_rows_record(const struct connection_rows *rows, size_t stream,
                                                  tcpstate_connection *room)
{
  uint32_t place = *connection_rows_place(rows, stream);

  if (place & CONNECTION_ENDED) {
    return &rows->ended[place & ~CONNECTION_ENDED];
  }
  return place != 0 && tcpstate_connection_get(rows->tracker, (uint32_t)stream, place - 1, room) == TCPSTATE_OK ? room
                                                                                                                : NULL;
}

bool connection_rows_get(const struct connection_rows *rows, size_t stream, struct connection_row *row)
{
  uint32_t place = stream < rows->count ? *connection_rows_place(rows, stream) : 0;

  if (place == 0) {
    return false; /* --stream leaves it out */
  }
  if (!rows->without_frames) {
    const struct connection_frames *frames = frames_of(rows, stream);

    row->first_frame = frames->first & ~NO_TIME;
    row->last_frame = frames->last;
    row->has_time = row->first_frame != 0 && !(frames->first & NO_TIME);
  }
  if (place & CONNECTION_ENDED) {
    row->connection = rows->ended[place & ~CONNECTION_ENDED];
    return true;
  }
  return tcpstate_connection_get(rows->tracker, (uint32_t)stream, place - 1, &row->connection) == TCPSTATE_OK;
}

void connection_rows_free(struct connection_rows *rows)
{
  for (size_t i = 0; i < rows->part_count; i++) {
    free_part(&rows->parts[i]);
  }
  free(rows->parts);
  free(rows->ended);
}
