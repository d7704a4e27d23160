/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connections.h"

#include <epan/wmem_scopes.h>
#include <string.h>

/* Control segments that others refer to: the first of its kind each. */
enum milestone { MILESTONE_SYN = 0, MILESTONE_SYN_ACK, MILESTONE_FIN_1, MILESTONE_FIN_2, MILESTONE_COUNT };

struct connection {
  uint32_t slot;
  uint32_t milestone[MILESTONE_COUNT]; /* frame numbers */
  uint32_t change_count;
  uint32_t change_room;
  uint32_t *changes;           /* frames that moved an endpoint, ascending */
  tcpstate_connection *record; /* once the tracker has given it up */
};

static struct connection *connections; /* by stream number */
static uint32_t connection_room;

void connections_clear(void)
{
  connections = NULL;
  connection_room = 0;
}

static struct connection *find(uint32_t stream)
{
  return stream < connection_room ? &connections[stream] : NULL;
}

/* The tracker numbers streams from 0 without gaps; UINT32_MAX is what it had no room for. */
static struct connection *find_or_add(uint32_t stream)
{
  if (stream == UINT32_MAX) {
    return NULL;
  }
  if (stream >= connection_room) {
    uint32_t room = stream < UINT32_MAX / 2 ? stream * 2 + 64 : UINT32_MAX;

    connections = (struct connection *)wmem_realloc(wmem_file_scope(), connections, room * sizeof *connections);
    memset(connections + connection_room, 0, (room - connection_room) * sizeof *connections);
    connection_room = room;
  }
  return &connections[stream];
}

static void note_milestone(struct connection *connection, enum milestone milestone, uint32_t frame)
{
  if (connection->milestone[milestone] == 0) {
    connection->milestone[milestone] = frame;
  }
}

static void note_change(struct connection *connection, uint32_t frame)
{
  if (connection->change_count > 0 && connection->changes[connection->change_count - 1] == frame) {
    return;
  }
  if (connection->change_count == connection->change_room) {
    connection->change_room = connection->change_room * 2 + 8;
    connection->changes = (uint32_t *)wmem_realloc(wmem_file_scope(), connection->changes,
                                                   connection->change_room * sizeof *connection->changes);
  }
  connection->changes[connection->change_count++] = frame;
}

void connections_note(uint32_t frame, const tcpstate_annotation *annotation)
{
  struct connection *connection = find_or_add(annotation->stream);

  if (connection == NULL) {
    return;
  }
  connection->slot = annotation->slot;
  if (annotation->handshake_role == TCPSTATE_HANDSHAKE_SYN) {
    note_milestone(connection, MILESTONE_SYN, frame);
  }
  if (annotation->handshake_role == TCPSTATE_HANDSHAKE_SYN_ACK) {
    note_milestone(connection, MILESTONE_SYN_ACK, frame);
  }
  if (annotation->teardown_steps & TCPSTATE_TEARDOWN_FIN_1) {
    note_milestone(connection, MILESTONE_FIN_1, frame);
  }
  if (annotation->teardown_steps & TCPSTATE_TEARDOWN_FIN_2) {
    note_milestone(connection, MILESTONE_FIN_2, frame);
  }
  if (tcpstate_annotation_changed(annotation)) {
    note_change(connection, frame);
  }
}

void connections_keep(void *user, const tcpstate_connection *record)
{
  struct connection *connection = find_or_add(record->stream);

  (void)user;
  if (connection != NULL) {
    connection->record = (tcpstate_connection *)wmem_memdup(wmem_file_scope(), record, sizeof *record);
  }
}

int connections_get(const tcpstate_tracker *tracker, uint32_t stream, tcpstate_connection *record)
{
  const struct connection *connection = find(stream);

  if (connection == NULL) {
    return 0;
  }
  if (connection->record != NULL) {
    *record = *connection->record;
    return 1;
  }
  return tcpstate_connection_get(tracker, stream, connection->slot, record) == TCPSTATE_OK;
}

/* ---------------------------------------------------------------- links */

/* How many of the changes lie before `frame`. */
static uint32_t changes_before(const struct connection *connection, uint32_t frame)
{
  uint32_t low = 0;
  uint32_t high = connection->change_count;

  while (low < high) {
    uint32_t middle = low + (high - low) / 2;

    if (connection->changes[middle] < frame) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void link_changes(const struct connection *connection, uint32_t frame, struct frame_links *links)
{
  uint32_t next = changes_before(connection, frame);

  if (next > 0) {
    links->previous_change = connection->changes[next - 1];
  }
  if (next < connection->change_count && connection->changes[next] == frame) {
    next++;
  }
  if (next < connection->change_count) {
    links->next_change = connection->changes[next];
  }
}

/* A segment that acknowledges two things at once refers to the later one. */
static uint32_t acknowledged(const struct connection *connection, const tcpstate_annotation *annotation)
{
  if (annotation->teardown_steps & TCPSTATE_TEARDOWN_ACK_2) {
    return connection->milestone[MILESTONE_FIN_2];
  }
  if (annotation->teardown_steps & TCPSTATE_TEARDOWN_ACK_1) {
    return connection->milestone[MILESTONE_FIN_1];
  }
  if (annotation->handshake_role == TCPSTATE_HANDSHAKE_ACK) {
    return connection->milestone[MILESTONE_SYN_ACK];
  }
  if (annotation->handshake_role == TCPSTATE_HANDSHAKE_SYN_ACK) {
    return connection->milestone[MILESTONE_SYN];
  }
  return 0;
}

void connections_links(uint32_t frame, const tcpstate_annotation *annotation, struct frame_links *links)
{
  const struct connection *connection = find(annotation->stream);

  memset(links, 0, sizeof *links);
  if (connection == NULL) {
    return;
  }
  if (connection->milestone[MILESTONE_SYN] != frame) {
    links->syn = connection->milestone[MILESTONE_SYN];
  }
  links->acknowledged = acknowledged(connection, annotation);
  if (annotation->teardown_steps & TCPSTATE_TEARDOWN_FIN_2) {
    links->answered_fin = connection->milestone[MILESTONE_FIN_1];
  }
  link_changes(connection, frame, links);
}
