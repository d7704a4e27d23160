/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading a tracker out: connections one by one, statistics. */
#include "connection.h"

int tcpstate_connection_get(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot,
                            tcpstate_connection *connection)
{
  if (slot >= tracker->table.flows.fresh) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  const struct flow *flow = flow_table_at(&tracker->table, slot);
  if (!(flow->ep[0].segments || flow->ep[1].segments) || flow->stream != stream) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  connection_fill(tracker, flow, connection);
  return TCPSTATE_OK;
}

int tcpstate_connection_next(const tcpstate_tracker *tracker, uint32_t *cursor, tcpstate_connection *connection)
{
  while (*cursor < tracker->table.flows.fresh) {
    const struct flow *flow = flow_table_at(&tracker->table, (*cursor)++);
    if (flow->ep[0].segments || flow->ep[1].segments) {
      connection_fill(tracker, flow, connection);
      return TCPSTATE_OK;
    }
  }
  return TCPSTATE_ERROR_NOT_FOUND;
}

void tcpstate_statistics_get(const tcpstate_tracker *tracker, tcpstate_statistics *statistics)
{
  statistics->segments = tracker->segments;
  statistics->connections = tracker->next_stream;
  statistics->kept = tracker->table.kept;
  statistics->evicted = tracker->evicted;
  statistics->memory = tracker->memory.used;
}
