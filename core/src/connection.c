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

/* What follows from the posture alone; the rest is left as it is. */
static void describe(const struct tcpstate_tracker *tracker, const struct flow *flow, tcpstate_connection *connection)
{
  unsigned client = flow_client(flow);
  connection->domain =
      flow_table_domain(&tracker->table, flow->key.domain[flow->key.domain[client] ? client : 1 - client]);
  connection->handshake_segments = (uint16_t)flow_handshake_segments(flow);
  connection->teardown_segments = (uint16_t)flow_teardown_segments(flow);
  connection->ip_version = (flow->conn & FLOW_IPV6) ? 6 : 4;
  connection->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
  connection->state[TCPSTATE_CLIENT] = flow->ep[client].state;
  connection->state[TCPSTATE_SERVER] = flow->ep[1 - client].state;
  connection->outcome = (uint8_t)outcome_of(flow);
  connection->close = (uint8_t)close_of(flow, connection->outcome);
  connection->active_closer = (uint8_t)closer_of(flow, connection->outcome);
  connection->vantage = (uint8_t)vantage_of(flow);
  connection->vantage_grounds = (uint8_t)vantage_grounds_of(flow);
  history_text(flow->history, &tracker->histories, connection->history);
}

void connection_fill(const struct tcpstate_tracker *tracker, const struct flow *flow, tcpstate_connection *connection)
{
  struct address_pair pair;
  flow_table_addresses(&tracker->table, flow, &pair);
  memset(connection, 0, sizeof *connection);
  connection->first_time_ns = flow->first_ns;
  connection->last_time_ns = flow->last_ns;
  connection->stream = flow->stream;
  for (unsigned e = 0; e < 2; e++) {
    unsigned role = e == flow_client(flow) ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
    memcpy(connection->address[role], pair.address[e], 16);
    connection->port[role] = flow->key.ends.port[e];
    connection->bytes[role] = bytes_of(flow, e);
    connection->segments[role] = flow->ep[e].segments;
  }
  describe(tracker, flow, connection);
  bool empty = connection->bytes[0] == 0 && connection->bytes[1] == 0;
  connection->conn_state = (uint8_t)zeek_state(connection->history, empty);
}

/* ---------------------------------------------------------------- by what is kept */

/* A record ends in bytes that a posture tells, copied in whole words. */
enum {
  SAID = offsetof(tcpstate_connection, ip_version),
  REST = SAID + sizeof(((struct posture_told *)0)->said[0]),
  END = REST + sizeof(((struct posture_told *)0)->rest)
};

_Static_assert((int)TOLD_CLIENT_1 == (int)TCPSTATE_SERVER && (int)TCPSTATE_CLIENT == 0, "the role of endpoint 0");
_Static_assert(offsetof(tcpstate_connection, conn_state) == REST - 1 &&
                   offsetof(tcpstate_connection, vantage) == REST &&
                   offsetof(tcpstate_connection, history) == REST + 1 &&
                   offsetof(tcpstate_connection, vantage_grounds) >= END,
               "as a posture tells them");
_Static_assert(END - offsetof(tcpstate_connection, history) > HISTORY_INLINE, "the whole history, and its NUL");

/* All that follows from the posture alone. */
OUT_OF_LINE static void tell(const struct tcpstate_tracker *tracker, struct posture *posture)
{
  struct posture_told *told = &posture->told;
  tcpstate_connection connection = {0};
  const uint8_t *bytes = (const uint8_t *)&connection;
  struct flow flow;
  stance_spread(&posture->stance, &flow);
  describe(tracker, &flow, &connection);
  told->domain = connection.domain;
  told->handshake_segments = (uint8_t)connection.handshake_segments;
  told->teardown_segments = (uint8_t)connection.teardown_segments;
  told->vantage_grounds = connection.vantage_grounds;
  for (unsigned i = 0; i < 2; i++) {
    told->control[i] = (int8_t)(endpoint_is(&flow, i, EP_SEEN) ? (int)control_of(&flow, i) : -1);
    told->wraps[i] = (uint8_t)flow_wraps(&flow, i);
    connection.conn_state = (uint8_t)zeek_state(connection.history, i == 1);
    memcpy(told->said[i], bytes + SAID, sizeof told->said[i]);
  }
  memcpy(told->rest, bytes + REST, sizeof told->rest);
  told->flags = (uint8_t)(TOLD | (flow_client(&flow) ? TOLD_CLIENT_1 : 0u));
}

/* bytes_of(), without a branch: nobody can foresee which endpoint is the client. */
static ALWAYS_INLINE uint64_t kept_bytes(const struct hot *hot, const struct cold *cold,
                                         const struct posture_told *told, unsigned e)
{
  uint64_t used = (uint64_t)told->wraps[e] << 32 | (uint32_t)(hot->end[e].nxt - cold->isn[e]);
  uint64_t control = (uint64_t)(int64_t)told->control[e]; /* more than can be if it has sent nothing */
  return (used - control) & (0 - (uint64_t)(used >= control));
}

static ALWAYS_INLINE void set_addresses(const struct flow_table *table, const struct hot *hot, size_t client,
                                        uint8_t address[2][16])
{
  if (hot->tally & TALLY_IPV6) {
    const struct address_pair *pair = flow_table_pair(table, &hot->ends);
    memcpy(address[client], pair->address[0], 16);
    memcpy(address[1 - client], pair->address[1], 16);
  } else {
    memcpy(address[client], &hot->ends.address[0], 4);
    memcpy(address[1 - client], &hot->ends.address[1], 4);
  }
}

_Static_assert(2 * POSTURE_MOST <= TCPSTATE_KINDS, "a posture, and whether there is payload");

static ALWAYS_INLINE uint16_t kind_of(const struct hot *hot, bool empty)
{
  return (uint16_t)(hot->posture << 1 | empty);
}

/* The connection's own; true if it has no payload. */
static ALWAYS_INLINE bool fill_own(const struct flow_table *table, uint32_t place, const struct posture_told *told,
                                   tcpstate_connection *connection)
{
  const struct hot *hot = flow_table_at(table, place);
  const struct cold *cold = (const struct cold *)((const uint8_t *)hot + cold_beside(place));
  size_t client = told->flags & TOLD_CLIENT_1; /* and role of endpoint 0 */
  uint64_t sent = kept_bytes(hot, cold, told, 0);
  uint64_t received = kept_bytes(hot, cold, told, 1);
  connection->bytes[client] = sent;
  connection->bytes[1 - client] = received;
  connection->first_time_ns = cold->first_ns;
  connection->last_time_ns = hot->last_ns;
  connection->stream = hot->stream;
  connection->port[client] = hot->ends.port[0];
  connection->port[1 - client] = hot->ends.port[1];
  set_addresses(table, hot, client, connection->address);
  return (sent | received) == 0;
}

/* Every byte is set, and what is read as a whole later is set as a whole. */
static ALWAYS_INLINE void fill_as_told(const struct flow_table *table, uint32_t place, const struct posture_told *told,
                                       tcpstate_connection *connection)
{
  const struct hot *hot = flow_table_at(table, place);
  const struct cold *cold = (const struct cold *)((const uint8_t *)hot + cold_beside(place));
  uint8_t *record = (uint8_t *)connection;
  size_t client = told->flags & TOLD_CLIENT_1;
  memset(connection->address, 0, sizeof connection->address);
  bool empty = fill_own(table, place, told, connection);
  memcpy(record + SAID, told->said[empty], sizeof told->said[0]);
  memcpy(record + REST, told->rest, sizeof told->rest);
  memset(record + END, 0, sizeof *connection - END);
  connection->vantage_grounds = told->vantage_grounds;
  connection->domain = told->domain;
  connection->handshake_segments = told->handshake_segments;
  connection->teardown_segments = told->teardown_segments;
  connection->segments[client] = cold->segments[0] + hot_tally(hot, 0);
  connection->segments[1 - client] = cold->segments[1] + hot_tally(hot, 1);
  connection->kind = kind_of(hot, empty);
}

/* What is seldom done; the posture is told after that, if it can be. */
OUT_OF_LINE static void fill_untold(const struct tcpstate_tracker *tracker, uint32_t place,
                                    tcpstate_connection *connection)
{
  unsigned number = flow_table_at(&tracker->table, place)->posture;
  struct posture *posture = &tracker->table.postures.at[number];
  if (number >= POSTURE_FIRST && !(stance_extra(&posture->stance) & (STANCE_HISTORY | STANCE_DOMAINS))) {
    tell(tracker, posture);
    fill_as_told(&tracker->table, place, &posture->told, connection);
    return;
  }
  struct flow flow;
  flow_table_load(&tracker->table, place, &flow);
  connection_fill(tracker, &flow, connection);
}

void connection_fill_kept(const struct tcpstate_tracker *tracker, uint32_t place, tcpstate_connection *connection)
{
  const struct flow_table *table = &tracker->table;
  const struct posture_told *told = &table->postures.at[flow_table_at(table, place)->posture].told;
  if (LIKELY(told->flags)) { /* numbers of no posture are never told */
    fill_as_told(table, place, told, connection);
  } else {
    fill_untold(tracker, place, connection);
  }
}

void connection_peek_kept(const struct tcpstate_tracker *tracker, uint32_t place, tcpstate_connection *connection)
{
  const struct flow_table *table = &tracker->table;
  const struct hot *hot = flow_table_at(table, place);
  const struct posture_told *told = &table->postures.at[hot->posture].told;
  if (UNLIKELY(!told->flags)) {
    fill_untold(tracker, place, connection);
    return;
  }
  bool empty = fill_own(table, place, told, connection);
  connection->kind = kind_of(hot, empty);
  connection->ip_version = hot->tally & TALLY_IPV6 ? 6 : 4;
}
