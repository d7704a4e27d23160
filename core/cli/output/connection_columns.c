/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_columns.h"

enum { CLIENT = TCPSTATE_CLIENT, SERVER = TCPSTATE_SERVER };

static void put_stream(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.stream);
}

static void put_first_frame(struct output *output, const struct connection_row *row)
{
  put_number(output, row->first_frame);
}

static void put_last_frame(struct output *output, const struct connection_row *row)
{
  put_number(output, row->last_frame);
}

static void put_first_time(struct output *output, const struct connection_row *row)
{
  if (row->has_time) {
    put_time(output, row->connection.first_time_ns);
  }
}

static void put_duration(struct output *output, const struct connection_row *row)
{
  if (row->has_time) {
    put_time(output, (int64_t)((uint64_t)row->connection.last_time_ns - (uint64_t)row->connection.first_time_ns));
  }
}

static void put_client(struct output *output, const struct connection_row *row)
{
  put_address(output, row->connection.ip_version, row->connection.address[CLIENT]);
}

static void put_client_port(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.port[CLIENT]);
}

static void put_server(struct output *output, const struct connection_row *row)
{
  put_address(output, row->connection.ip_version, row->connection.address[SERVER]);
}

static void put_server_port(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.port[SERVER]);
}

static void put_roles(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_roles_name(row->connection.roles));
}

static void put_client_state(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_state_name(row->connection.state[CLIENT]));
}

static void put_server_state(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_state_name(row->connection.state[SERVER]));
}

static void put_outcome(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_outcome_name(row->connection.outcome));
}

static void put_close(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_close_name(row->connection.close));
}

static void put_active_closer(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_closer_name(row->connection.active_closer));
}

static void put_conn_state(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_conn_state_name(row->connection.conn_state));
}

static void put_history(struct output *output, const struct connection_row *row)
{
  put_text(output, row->connection.history);
}

static void put_handshake_segments(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.handshake_segments);
}

static void put_teardown_segments(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.teardown_segments);
}

static void put_client_segments(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.segments[CLIENT]);
}

static void put_client_bytes(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.bytes[CLIENT]);
}

static void put_server_segments(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.segments[SERVER]);
}

static void put_server_bytes(struct output *output, const struct connection_row *row)
{
  put_number(output, row->connection.bytes[SERVER]);
}

static void put_vantage(struct output *output, const struct connection_row *row)
{
  put_text(output, tcpstate_vantage_name(row->connection.vantage));
}

const struct connection_column connection_columns[] = {
    {"stream", COLUMN_NUMBER, put_stream},
    {"first_frame", COLUMN_NUMBER, put_first_frame},
    {"last_frame", COLUMN_NUMBER, put_last_frame},
    {"first_time", COLUMN_TIME, put_first_time},
    {"duration", COLUMN_TIME, put_duration},
    {"client", COLUMN_TEXT, put_client},
    {"client_port", COLUMN_NUMBER, put_client_port},
    {"server", COLUMN_TEXT, put_server},
    {"server_port", COLUMN_NUMBER, put_server_port},
    {"roles", COLUMN_TEXT, put_roles},
    {"client_state", COLUMN_TEXT, put_client_state},
    {"server_state", COLUMN_TEXT, put_server_state},
    {"outcome", COLUMN_TEXT, put_outcome},
    {"close", COLUMN_TEXT, put_close},
    {"active_closer", COLUMN_TEXT, put_active_closer},
    {"conn_state", COLUMN_TEXT, put_conn_state},
    {"history", COLUMN_TEXT, put_history},
    {"handshake_segments", COLUMN_NUMBER, put_handshake_segments},
    {"teardown_segments", COLUMN_NUMBER, put_teardown_segments},
    {"client_segments", COLUMN_NUMBER, put_client_segments},
    {"client_bytes", COLUMN_NUMBER, put_client_bytes},
    {"server_segments", COLUMN_NUMBER, put_server_segments},
    {"server_bytes", COLUMN_NUMBER, put_server_bytes},
    {"vantage", COLUMN_TEXT, put_vantage},
    {0},
};
