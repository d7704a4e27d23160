/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Four bytes for each frame, twenty more for each segment. Records of one frame follow each other.
 */
#include "frame_store.h"

#include <epan/wmem_scopes.h>
#include <string.h>

/* An annotation without what can be had otherwise. */
struct record {
  uint32_t stream;
  uint32_t events;
  uint16_t possible[2];
  uint8_t rule[2];
  uint8_t state;    /* of the client in the low half, of the server in the high one */
  uint8_t previous; /* likewise */
  unsigned client_certainty : 2;
  unsigned server_certainty : 2;
  unsigned src_role : 1;
  unsigned roles : 1;
  unsigned phase : 3;
  unsigned handshake_role : 2;
  unsigned teardown_steps : 4;
  unsigned teardown_role : 2;
  unsigned is_last : 1; /* of its frame */
};

_Static_assert(TCPSTATE_EVENT_COUNT <= 32, "struct record keeps 32 events");
_Static_assert(TCPSTATE_PHASE_COUNT <= 8 && TCPSTATE_STATE_COUNT <= 16, "struct record has too few bits");

static struct record *records;
static uint32_t record_count;
static uint32_t record_room;
static uint32_t *first_record; /* by frame number: index of its first record, plus 1; 0 for none */
static uint32_t frame_room;

void frame_store_clear(void)
{
  records = NULL;
  record_count = 0;
  record_room = 0;
  first_record = NULL;
  frame_room = 0;
}

static uint32_t larger_room(uint32_t room, uint32_t needed)
{
  uint32_t doubled = room < UINT32_MAX / 2 ? room * 2 : UINT32_MAX;

  return doubled > needed ? doubled : needed + 256;
}

static void make_room_for_frame(uint32_t frame)
{
  uint32_t room;

  if (frame < frame_room) {
    return;
  }
  room = larger_room(frame_room, frame);
  first_record = (uint32_t *)wmem_realloc(wmem_file_scope(), first_record, room * sizeof *first_record);
  memset(first_record + frame_room, 0, (room - frame_room) * sizeof *first_record);
  frame_room = room;
}

static struct record *new_record(void)
{
  if (record_count == record_room) {
    record_room = larger_room(record_room, record_count);
    records = (struct record *)wmem_realloc(wmem_file_scope(), records, record_room * sizeof *records);
  }
  return &records[record_count++];
}

static uint8_t pack_pair(const uint8_t *pair)
{
  return (uint8_t)(pair[TCPSTATE_CLIENT] | pair[TCPSTATE_SERVER] << 4);
}

static void unpack_pair(uint8_t *pair, uint8_t packed)
{
  pair[TCPSTATE_CLIENT] = packed & 0xf;
  pair[TCPSTATE_SERVER] = packed >> 4;
}

static void pack(struct record *record, const tcpstate_annotation *annotation)
{
  record->stream = annotation->stream;
  record->events = (uint32_t)annotation->events;
  memcpy(record->possible, annotation->possible, sizeof record->possible);
  memcpy(record->rule, annotation->rule, sizeof record->rule);
  record->state = pack_pair(annotation->state);
  record->previous = pack_pair(annotation->previous);
  record->client_certainty = annotation->certainty[TCPSTATE_CLIENT] & 3u;
  record->server_certainty = annotation->certainty[TCPSTATE_SERVER] & 3u;
  record->src_role = annotation->src_role & 1u;
  record->roles = annotation->roles & 1u;
  record->phase = annotation->phase & 7u;
  record->handshake_role = annotation->handshake_role & 3u;
  record->teardown_steps = annotation->teardown_steps & 15u;
  record->teardown_role = annotation->teardown_role & 3u;
  record->is_last = 1;
}

static void unpack(tcpstate_annotation *annotation, const struct record *record)
{
  memset(annotation, 0, sizeof *annotation);
  annotation->stream = record->stream;
  annotation->events = record->events;
  memcpy(annotation->possible, record->possible, sizeof record->possible);
  memcpy(annotation->rule, record->rule, sizeof record->rule);
  unpack_pair(annotation->state, record->state);
  unpack_pair(annotation->previous, record->previous);
  annotation->certainty[TCPSTATE_CLIENT] = record->client_certainty;
  annotation->certainty[TCPSTATE_SERVER] = record->server_certainty;
  annotation->src_role = record->src_role;
  annotation->roles = record->roles;
  annotation->phase = record->phase;
  annotation->handshake_role = record->handshake_role;
  annotation->teardown_steps = record->teardown_steps;
  annotation->teardown_role = record->teardown_role;
}

void frame_store_add(uint32_t frame, const tcpstate_annotation *annotation)
{
  make_room_for_frame(frame);
  pack(new_record(), annotation);
  if (first_record[frame] == 0) {
    first_record[frame] = record_count;
  } else {
    records[record_count - 2].is_last = 0;
  }
}

int frame_store_has(uint32_t frame)
{
  return frame < frame_room && first_record[frame] != 0;
}

int frame_store_get(uint32_t frame, unsigned index, tcpstate_annotation *annotation)
{
  const struct record *record;

  if (!frame_store_has(frame)) {
    return 0;
  }
  record = &records[first_record[frame] - 1];
  for (; index > 0; index--, record++) {
    if (record->is_last) {
      return 0;
    }
  }
  unpack(annotation, record);
  return 1;
}
