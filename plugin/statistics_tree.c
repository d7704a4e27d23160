/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Segments by phase and event, connections by outcome and close, endpoints by last state.
 */
#include "compat.h"
#include "fields.h"
#include "statistics.h"
#include "stream_map.h"

#include <epan/stats_tree.h>

static const char phases[] = "Segments by phase";
static const char events[] = "Events";
static const char outcomes[] = "Connections by outcome";
static const char closes[] = "Connections by kind of close";
static const char last_states[] = "Endpoints by last state";

/* What has been counted for a connection, in 32 bits that are never 0. */
static uint32_t pack(const tcpstate_connection *connection)
{
  return 1u << 31 | (uint32_t)connection->outcome << 16 | (uint32_t)connection->close << 8 |
         (uint32_t)connection->state[TCPSTATE_CLIENT] << 4 | connection->state[TCPSTATE_SERVER];
}

static void count_in(stats_tree *tree, const char *parent, const char *name, int by)
{
  int parent_id = stats_tree_parent_id_by_name(tree, parent);

  increase_stat_node(tree, parent, 0, TRUE, by);
  increase_stat_node(tree, name, parent_id, FALSE, by);
}

static void count_connection(stats_tree *tree, uint32_t packed, int by)
{
  const char *close = tcpstate_close_name(packed >> 8 & 0xff);

  count_in(tree, outcomes, tcpstate_outcome_name(packed >> 16 & 0xff), by);
  if (*close != '\0') {
    count_in(tree, closes, close, by);
  }
  count_in(tree, last_states, tcpstate_state_name(packed >> 4 & 0xf), by);
  count_in(tree, last_states, tcpstate_state_name(packed & 0xf), by);
}

/* The connection may have gone on since it was counted. */
static void recount_connection(stats_tree *tree, const tcpstate_connection *connection)
{
  uint32_t counted = stream_map_get(tree, connection->stream);
  uint32_t now = pack(connection);

  if (counted == now) {
    return;
  }
  if (counted != 0) {
    count_connection(tree, counted, -1);
  }
  count_connection(tree, now, 1);
  stream_map_put(tree, connection->stream, now);
}

static tap_packet_status packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *dissect, const void *data,
                                tap_flags_t flags)
{
  const struct shown_segment *shown = (const struct shown_segment *)data;
  unsigned event;

  (void)pinfo;
  (void)dissect;
  (void)flags;
  count_in(tree, phases, tcpstate_phase_name(shown->annotation.phase), 1);
  for (event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (shown->annotation.events >> event & 1) {
      count_in(tree, events, tcpstate_event_name(event), 1);
    }
  }
  if (shown->has_connection) {
    recount_connection(tree, &shown->connection);
  }
  return TAP_PACKET_REDRAW;
}

static void init(stats_tree *tree)
{
  const char *const parents[] = {phases, events, outcomes, closes, last_states};
  unsigned i;

  stream_map_clear(tree);
  for (i = 0; i < G_N_ELEMENTS(parents); i++) {
    stats_tree_create_node(tree, parents[i], 0, STAT_DT_INT, TRUE);
  }
}

static void cleanup(stats_tree *tree)
{
  stream_map_clear(tree);
}

void statistics_tree_register(void)
{
  stats_tree_register_plugin("tcpstate", "tcpstate", "TCP State", 0, packet, init, cleanup);
}
