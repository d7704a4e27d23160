/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_rows.h"

#include "../huge_pages.h"
#include "../options.h"

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

/* A place is 0 for a connection that is not to be shown, 1 + the slot of the engine's record, or ENDED + the index of
 * ours. */
static const uint32_t ENDED = UINT32_C(1) << 31;

/* Of a stream below `count`. */
static uint32_t *place_of(const struct connection_rows *rows, size_t stream)
{
  return &rows->parts[stream / ROWS_PART].places[stream % ROWS_PART];
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

static void see(struct connection_rows *rows, uint32_t stream, uint32_t slot)
{
  uint32_t *place;

  if (stream == UINT32_MAX || (stream >= rows->count && !reach(rows, stream))) {
    return;
  }
  place = place_of(rows, stream);
  if (*place == 0) {
    *place = 1 + slot;
  }
}

void connection_rows_packet(struct connection_rows *rows, const struct packet *packet)
{
  uint32_t stream = packet->annotation->stream;

  see(rows, stream, packet->annotation->slot);
  if (stream < rows->count) {
    note_frame(frames_of(rows, stream), packet);
  }
}

void connection_rows_packets(struct connection_rows *rows, const struct packets *packets)
{
  for (size_t i = 0; i < packets->count; i++) {
    const struct packet packet = {packets->frames[i], &packets->segments[i], &packets->annotations[i]};

    connection_rows_packet(rows, &packet);
  }
}

void connection_rows_collect(struct connection_rows *rows, const struct options *options)
{
  uint32_t cursor = 0;
  uint32_t stream;
  uint32_t slot;

  while (tcpstate_slot_next(rows->tracker, &cursor, &stream, &slot) == TCPSTATE_OK) {
    if (options_ask_for(options, stream)) {
      see(rows, stream, slot);
    }
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
    *place_of(rows, stream) = ENDED | (rows->ended_count - 1);
  }
}

const tcpstate_connection *connection_rows_record(const struct connection_rows *rows, size_t stream,
                                                  tcpstate_connection *room)
{
  uint32_t place = *place_of(rows, stream);

  if (place & ENDED) {
    return &rows->ended[place & ~ENDED];
  }
  return place != 0 && tcpstate_connection_get(rows->tracker, (uint32_t)stream, place - 1, room) == TCPSTATE_OK ? room
                                                                                                                : NULL;
}

bool connection_rows_get(const struct connection_rows *rows, size_t stream, struct connection_row *row)
{
  const tcpstate_connection *record =
      stream < rows->count ? connection_rows_record(rows, stream, &row->connection) : NULL;

  if (record == NULL) {
    return false; /* --stream leaves it out */
  }
  if (record != &row->connection) {
    row->connection = *record;
  }
  if (!rows->without_frames) {
    const struct connection_frames *frames = frames_of(rows, stream);

    row->first_frame = frames->first & ~NO_TIME;
    row->last_frame = frames->last;
    row->has_time = row->first_frame != 0 && !(frames->first & NO_TIME);
  }
  return true;
}

void connection_rows_free(struct connection_rows *rows)
{
  for (size_t i = 0; i < rows->part_count; i++) {
    free_part(&rows->parts[i]);
  }
  free(rows->parts);
  free(rows->ended);
}
