/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One row for each connection.
 */
#include "fields.h"
#include "statistics.h"
#include "stream_map.h"

#include <epan/stat_tap_ui.h>
#include <epan/to_str.h>
#include <string.h>

enum column {
  COLUMN_STREAM = 0,
  COLUMN_CLIENT,
  COLUMN_SERVER,
  COLUMN_CLIENT_STATE,
  COLUMN_SERVER_STATE,
  COLUMN_OUTCOME,
  COLUMN_CLOSE,
  COLUMN_CLOSER,
  COLUMN_SEGMENTS,
  COLUMN_DURATION,
  COLUMN_COUNT
};

static const char title[] = "TCP State Connections";

static stat_tap_table_item columns[COLUMN_COUNT] = {
    [COLUMN_STREAM] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Connection", "%10u"},
    [COLUMN_CLIENT] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%-21s"},
    [COLUMN_SERVER] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server", "%-21s"},
    [COLUMN_CLIENT_STATE] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client state", "%-12s"},
    [COLUMN_SERVER_STATE] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server state", "%-12s"},
    [COLUMN_OUTCOME] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Outcome", "%-11s"},
    [COLUMN_CLOSE] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Close", "%-15s"},
    [COLUMN_CLOSER] = {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Closed first", "%-12s"},
    [COLUMN_SEGMENTS] = {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Segments", "%8u"},
    [COLUMN_DURATION] = {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Duration (s)", "%12.6f"},
};

/* ---------------------------------------------------------------- a row */

static void set_text(stat_tap_table_item_type *row, enum column column, const char *text)
{
  row[column].type = TABLE_ITEM_STRING;
  row[column].value.string_value = text;
}

static void set_number(stat_tap_table_item_type *row, enum column column, guint number)
{
  row[column].type = TABLE_ITEM_UINT;
  row[column].value.uint_value = number;
}

/* "192.0.2.1:80" or "[2001:db8::1]:80"; the caller frees it. */
static char *endpoint_text(const tcpstate_connection *connection, unsigned role)
{
  int is_ipv4 = connection->ip_version == 4;
  char *host;
  char *text;
  address endpoint;

  set_address(&endpoint, is_ipv4 ? AT_IPv4 : AT_IPv6, is_ipv4 ? 4 : 16, connection->address[role]);
  host = address_to_str(NULL, &endpoint);
  text = g_strdup_printf(is_ipv4 ? "%s:%u" : "[%s]:%u", host, connection->port[role]);
  wmem_free(NULL, host);
  return text;
}

static void fill_row(stat_tap_table_item_type *row, const tcpstate_connection *connection)
{
  const int64_t duration = connection->last_time_ns - connection->first_time_ns;

  set_number(row, COLUMN_STREAM, connection->stream);
  set_text(row, COLUMN_CLIENT, endpoint_text(connection, TCPSTATE_CLIENT));
  set_text(row, COLUMN_SERVER, endpoint_text(connection, TCPSTATE_SERVER));
  set_text(row, COLUMN_CLIENT_STATE, tcpstate_state_name(connection->state[TCPSTATE_CLIENT]));
  set_text(row, COLUMN_SERVER_STATE, tcpstate_state_name(connection->state[TCPSTATE_SERVER]));
  set_text(row, COLUMN_OUTCOME, tcpstate_outcome_name(connection->outcome));
  set_text(row, COLUMN_CLOSE, tcpstate_close_name(connection->close));
  set_text(row, COLUMN_CLOSER, tcpstate_closer_name(connection->active_closer));
  set_number(row, COLUMN_SEGMENTS, connection->segments[TCPSTATE_CLIENT] + connection->segments[TCPSTATE_SERVER]);
  row[COLUMN_DURATION].type = TABLE_ITEM_FLOAT;
  row[COLUMN_DURATION].value.float_value = (double)duration / 1e9;
}

static void free_item(stat_tap_table *table, guint row, guint column, stat_tap_table_item_type *item)
{
  (void)table;
  (void)row;
  if (column == COLUMN_CLIENT || column == COLUMN_SERVER) {
    g_free((gpointer)(guintptr)item->value.string_value);
    item->value.string_value = NULL;
  }
}

static void free_row_texts(stat_tap_table *table, guint row)
{
  free_item(table, row, COLUMN_CLIENT, stat_tap_get_field_data(table, row, COLUMN_CLIENT));
  free_item(table, row, COLUMN_SERVER, stat_tap_get_field_data(table, row, COLUMN_SERVER));
}

/* ---------------------------------------------------------------- the table */

static void reset(stat_tap_table *table)
{
  guint row;

  for (row = 0; row < table->num_elements; row++) {
    free_row_texts(table, row);
    g_free(table->elements[row]);
  }
  g_free(table->elements);
  table->elements = NULL;
  table->num_elements = 0;
  stream_map_clear(table);
}

static void init(stat_tap_table_ui *statistic)
{
  stat_tap_table *table = stat_tap_find_table(statistic, title);

  if (table != NULL) {
    reset(table);
    return;
  }
  table = stat_tap_init_table(title, COLUMN_COUNT, 0, NULL);
  stream_map_clear(table); /* the address may have been another table's */
  stat_tap_add_table(statistic, table);
}

static tap_packet_status packet(void *tap_data, packet_info *pinfo, epan_dissect_t *dissect, const void *data,
                                tap_flags_t flags)
{
  const stat_data_t *statistic = (const stat_data_t *)tap_data;
  const struct shown_segment *shown = (const struct shown_segment *)data;
  stat_tap_table *table = g_array_index(statistic->stat_tap_data->tables, stat_tap_table *, 0);
  stat_tap_table_item_type fields[COLUMN_COUNT];
  uint32_t row; /* plus 1, so that 0 is none */

  (void)pinfo;
  (void)dissect;
  (void)flags;
  if (!shown->has_connection) {
    return TAP_PACKET_DONT_REDRAW;
  }
  row = stream_map_get(table, shown->connection.stream);
  if (row != 0) {
    free_row_texts(table, row - 1);
  } else {
    row = table->num_elements + 1;
    stream_map_put(table, shown->connection.stream, row);
  }
  memset(fields, 0, sizeof fields);
  fill_row(fields, &shown->connection);
  stat_tap_init_table_row(table, row - 1, COLUMN_COUNT, fields);
  return TAP_PACKET_REDRAW;
}

void statistics_table_register(void)
{
  static tap_param parameters[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
  static stat_tap_table_ui statistic;

  statistic.group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
  statistic.title = title;
  statistic.tap_name = "tcpstate";
  statistic.cli_string = "tcpstate,conns";
  statistic.stat_tap_init_cb = init;
  statistic.packet_func = packet;
  statistic.stat_tap_reset_table_cb = reset;
  statistic.stat_tap_free_table_item_cb = free_item;
  statistic.nfields = COLUMN_COUNT;
  statistic.fields = columns;
  statistic.nparams = G_N_ELEMENTS(parameters);
  statistic.params = parameters;
  register_stat_tap_table_ui(&statistic);
}
