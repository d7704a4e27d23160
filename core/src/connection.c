/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection.h"

#include "history.h"
#include "seq.h"
#include "vantage.h"
#include "zeek_state.h"
#include <string.h>

static bool both(const struct flow *flow, unsigned fact)
{
  return endpoint_is(flow, 0, fact) && endpoint_is(flow, 1, fact);
}

static bool either(const struct flow *flow, unsigned fact)
{
  return endpoint_is(flow, 0, fact) || endpoint_is(flow, 1, fact);
}

static unsigned outcome_of(const struct flow *flow)
{
  unsigned client = flow_client(flow);
  if (flow->conn & FLOW_REFUSED) {
    return TCPSTATE_OUTCOME_REFUSED;
  }
  if (both(flow, EP_FIN_ACKED)) {
    return TCPSTATE_OUTCOME_CLOSED;
  }
  if (either(flow, EP_STRAY_SYN)) {
    return TCPSTATE_OUTCOME_HALF_OPEN; /* RFC 9293 3.5.1: one side has lost the connection */
  }
  if (either(flow, EP_RST) || history_has(flow->history, HISTORY_RST) ||
      history_has(flow->history, HISTORY_RST | HISTORY_ORIGINATOR)) {
    bool over = ((SET_NO_TCB >> flow->ep[0].state) & (SET_NO_TCB >> flow->ep[1].state) & 1u) != 0;
    if (either(flow, EP_RST) || over) {
      return TCPSTATE_OUTCOME_RESET;
    }
  }
  if (either(flow, EP_FIN)) {
    return TCPSTATE_OUTCOME_HALF_CLOSED;
  }
  if (flow->conn & FLOW_MID_STREAM) {
    return TCPSTATE_OUTCOME_MID_STREAM;
  }
  if (!endpoint_is(flow, 1 - client, EP_SEEN)) {
    return TCPSTATE_OUTCOME_NO_ANSWER;
  }
  return endpoint_is(flow, client, EP_SYNCED) || both(flow, EP_UNA) ? TCPSTATE_OUTCOME_OPEN
                                                                    : TCPSTATE_OUTCOME_HALF_OPEN;
}

static unsigned reset_by(const struct flow *flow)
{
  unsigned client = flow_client(flow);
  if (endpoint_is(flow, client, EP_RST) == endpoint_is(flow, 1 - client, EP_RST)) {
    bool by_client = history_has(flow->history, HISTORY_RST | HISTORY_ORIGINATOR);
    return by_client ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
  }
  return endpoint_is(flow, client, EP_RST) ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
}

/* FIN-1, FIN-2 and the acknowledgements that were segments of their own: if FIN-2 was only the second, it carried
 * ACK-1. */
static unsigned close_of(const struct flow *flow, unsigned outcome)
{
  if (outcome == TCPSTATE_OUTCOME_RESET) {
    return reset_by(flow) == TCPSTATE_CLIENT ? TCPSTATE_CLOSE_RESET_BY_CLIENT : TCPSTATE_CLOSE_RESET_BY_SERVER;
  }
  if (!both(flow, EP_FIN)) {
    return TCPSTATE_CLOSE_NONE;
  }
  if (flow->conn & FLOW_SIMULTANEOUS) {
    return TCPSTATE_CLOSE_SIMULTANEOUS;
  }
  unsigned segments = flow_teardown_segments(flow);
  segments -= both(flow, EP_FIN_ACKED) ? 1u : 0u;
  return segments <= 2 ? TCPSTATE_CLOSE_THREE_SEGMENT : TCPSTATE_CLOSE_FOUR_SEGMENT;
}

static unsigned closer_of(const struct flow *flow, unsigned outcome)
{
  if (either(flow, EP_FIN)) {
    if (flow->conn & FLOW_SIMULTANEOUS) {
      return TCPSTATE_CLOSER_BOTH;
    }
    unsigned first = (flow->conn & FLOW_FIRST_FIN_1) ? 1u : 0u;
    return first == flow_client(flow) ? TCPSTATE_CLOSER_CLIENT : TCPSTATE_CLOSER_SERVER;
  }
  if (outcome == TCPSTATE_OUTCOME_RESET) {
    return reset_by(flow) == TCPSTATE_CLIENT ? TCPSTATE_CLOSER_CLIENT : TCPSTATE_CLOSER_SERVER;
  }
  return TCPSTATE_CLOSER_NONE;
}

/* SYN and FIN, as far as they count among the numbers that the endpoint has used. */
static unsigned control_of(const struct flow *flow, unsigned e)
{
  return (endpoint_is(flow, e, EP_SYN) ? 1u : 0u) + (endpoint_is(flow, e, EP_FIN) ? 1u : 0u);
}

/* Application bytes by sequence space. */
static uint64_t bytes_of(const struct flow *flow, unsigned e)
{
  if (!endpoint_is(flow, e, EP_SEEN)) {
    return 0;
  }
  uint32_t span = flow->ep[e].nxt - flow->ep[e].isn;
  uint32_t control = control_of(flow, e);
  uint64_t bytes = (uint64_t)flow_wraps(flow, e) << 32 | span;
  return bytes >= control ? bytes - control : 0;
}

void connection_fill(const struct tcpstate_tracker *tracker, const struct flow *flow, tcpstate_connection *connection)
{
  struct address_pair pair;
  unsigned client = flow_client(flow);
  flow_table_addresses(&tracker->table, flow, &pair);
  memset(connection, 0, sizeof *connection);
  connection->first_time_ns = flow->first_ns;
  connection->last_time_ns = flow->last_ns;
  connection->stream = flow->stream;
  connection->domain =
      flow_table_domain(&tracker->table, flow->key.domain[flow->key.domain[client] ? client : 1 - client]);
  for (unsigned role = 0; role < 2; role++) {
    unsigned e = role == TCPSTATE_CLIENT ? client : 1 - client;
    memcpy(connection->address[role], pair.address[e], 16);
    connection->port[role] = flow->key.ends.port[e];
    connection->bytes[role] = bytes_of(flow, e);
    connection->segments[role] = flow->ep[e].segments;
    connection->state[role] = flow->ep[e].state;
  }
  connection->handshake_segments = (uint16_t)flow_handshake_segments(flow);
  connection->teardown_segments = (uint16_t)flow_teardown_segments(flow);
  connection->ip_version = (flow->conn & FLOW_IPV6) ? 6 : 4;
  connection->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
  connection->outcome = (uint8_t)outcome_of(flow);
  connection->close = (uint8_t)close_of(flow, connection->outcome);
  connection->active_closer = (uint8_t)closer_of(flow, connection->outcome);
  connection->vantage = (uint8_t)vantage_of(flow);
  connection->vantage_grounds = (uint8_t)vantage_grounds_of(flow);
  history_text(flow->history, &tracker->histories, connection->history);
  bool empty = connection->bytes[0] == 0 && connection->bytes[1] == 0;
  connection->conn_state = (uint8_t)zeek_state(connection->history, empty);
}

/* ---------------------------------------------------------------- by what is kept */

/* All that follows from the posture alone. */
OUT_OF_LINE static void tell(const struct tcpstate_tracker *tracker, struct posture *posture)
{
  struct posture_told *told = &posture->told;
  char history[TCPSTATE_HISTORY_SIZE] = {0};
  struct flow flow;
  stance_spread(&posture->stance, &flow);
  history_text(flow.history, &tracker->histories, history);
  memcpy(told->history, history, sizeof told->history);
  told->client = (uint8_t)flow_client(&flow);
  told->roles = (flow.conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
  told->ip_version = (flow.conn & FLOW_IPV6) ? 6 : 4;
  told->outcome = (uint8_t)outcome_of(&flow);
  told->close = (uint8_t)close_of(&flow, told->outcome);
  told->active_closer = (uint8_t)closer_of(&flow, told->outcome);
  told->vantage = (uint8_t)vantage_of(&flow);
  told->vantage_grounds = (uint8_t)vantage_grounds_of(&flow);
  told->handshake_segments = (uint8_t)flow_handshake_segments(&flow);
  told->teardown_segments = (uint8_t)flow_teardown_segments(&flow);
  told->domain = flow.key.domain[flow.key.domain[told->client] ? told->client : 1 - told->client];
  for (unsigned i = 0; i < 2; i++) {
    told->conn_state[i] = (uint8_t)zeek_state(history, i == 1);
    told->control[i] = (uint8_t)control_of(&flow, i);
    told->wraps[i] = (uint8_t)flow_wraps(&flow, i);
    told->seen = (uint8_t)(told->seen | (unsigned)endpoint_is(&flow, i, EP_SEEN) << i);
  }
  told->is_told = 1;
}

/* bytes_of() */
static uint64_t kept_bytes(const struct hot *hot, const struct cold *cold, const struct posture_told *told, unsigned e)
{
  uint64_t bytes = (uint64_t)told->wraps[e] << 32 | (uint32_t)(hot->end[e].nxt - cold->isn[e]);
  return (told->seen >> e & 1u) && bytes >= told->control[e] ? bytes - told->control[e] : 0;
}

static void set_endpoint(const struct flow_table *table, const struct hot *hot, unsigned e, uint8_t address[16])
{
  if (hot->tally & TALLY_IPV6) {
    memcpy(address, flow_table_pair(table, &hot->ends)->address[e], 16);
  } else {
    memcpy(address, &hot->ends.address[e], 4);
  }
}

static void fill_as_told(const struct tcpstate_tracker *tracker, uint32_t place, const struct posture *posture,
                         tcpstate_connection *connection)
{
  const struct flow_table *table = &tracker->table;
  const struct posture_told *told = &posture->told;
  const struct hot *hot = flow_table_at(table, place);
  const struct cold *cold = cold_at(&table->records, place);
  memset(connection, 0, sizeof *connection);
  connection->first_time_ns = cold->first_ns;
  connection->last_time_ns = hot->last_ns;
  connection->stream = hot->stream;
  connection->domain = flow_table_domain(table, told->domain);
  connection->handshake_segments = told->handshake_segments;
  connection->teardown_segments = told->teardown_segments;
  connection->ip_version = told->ip_version;
  connection->roles = told->roles;
  connection->outcome = told->outcome;
  connection->close = told->close;
  connection->active_closer = told->active_closer;
  connection->vantage = told->vantage;
  connection->vantage_grounds = told->vantage_grounds;
  for (unsigned role = 0; role < 2; role++) {
    unsigned e = role ^ told->client;
    set_endpoint(table, hot, e, connection->address[role]);
    connection->port[role] = hot->ends.port[e];
    connection->bytes[role] = kept_bytes(hot, cold, told, e);
    connection->segments[role] = cold->segments[e] + hot_tally(hot, e);
    connection->state[role] = (uint8_t)stance_state(&posture->stance, e);
  }
  memcpy(connection->history, told->history, sizeof told->history);
  connection->conn_state = told->conn_state[connection->bytes[0] == 0 && connection->bytes[1] == 0];
}

void connection_fill_kept(const struct tcpstate_tracker *tracker, uint32_t place, tcpstate_connection *connection)
{
  unsigned number = flow_table_at(&tracker->table, place)->posture;
  struct posture *posture = &tracker->table.postures.at[number];
  struct flow flow;
  if (LIKELY(number >= POSTURE_FIRST) &&
      LIKELY(!(stance_extra(&posture->stance) & (STANCE_HISTORY | STANCE_DOMAINS)))) {
    if (UNLIKELY(!posture->told.is_told)) {
      tell(tracker, posture);
    }
    fill_as_told(tracker, place, posture, connection);
    return;
  }
  flow_table_load(&tracker->table, place, &flow);
  connection_fill(tracker, &flow, connection);
}
