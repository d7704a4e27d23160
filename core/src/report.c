/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading a tracker out: connections one by one, statistics. */
#include "connection.h"

static bool is_kept(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot)
{
  const struct flow_table *table = &tracker->table;
  return slot < table->records.fresh && hot_is_kept(flow_table_at(table, slot)) &&
         flow_table_at(table, slot)->stream == stream;
}

int tcpstate_connection_get(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot,
                            tcpstate_connection *connection)
{
  if (!is_kept(tracker, stream, slot)) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  connection_fill_kept(tracker, slot, connection);
  return TCPSTATE_OK;
}

int tcpstate_connection_peek(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot,
                             tcpstate_connection *connection)
{
  if (!is_kept(tracker, stream, slot)) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  connection_peek_kept(tracker, slot, connection);
  return TCPSTATE_OK;
}

int tcpstate_slot_next(const tcpstate_tracker *tracker, uint32_t *cursor, uint32_t *stream, uint32_t *slot)
{
  const struct flow_table *table = &tracker->table;
  for (; *cursor < table->records.fresh; (*cursor)++) {
    const struct hot *hot = flow_table_at(table, *cursor);
    if (hot_is_kept(hot)) {
      *stream = hot->stream;
      *slot = (*cursor)++;
      return TCPSTATE_OK;
    }
  }
  return TCPSTATE_ERROR_NOT_FOUND;
}

int tcpstate_connection_next(const tcpstate_tracker *tracker, uint32_t *cursor, tcpstate_connection *connection)
{
  uint32_t stream;
  uint32_t slot;
  if (tcpstate_slot_next(tracker, cursor, &stream, &slot) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  connection_fill_kept(tracker, slot, connection);
  return TCPSTATE_OK;
}

void tcpstate_statistics_get(const tcpstate_tracker *tracker, tcpstate_statistics *statistics)
{
  statistics->segments = tracker->segments;
  statistics->connections = tracker->next_stream;
  statistics->kept = tracker->table.kept;
  statistics->evicted = tracker->evicted;
  statistics->memory = tracker->memory.used;
}
