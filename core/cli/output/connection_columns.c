/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_columns.h"

#include "digits.h"

#include <string.h>

enum { CLIENT = TCPSTATE_CLIENT, SERVER = TCPSTATE_SERVER };

/* With its NUL, behind the end. */
static char *write_text(char *at, const char *text)
{
  size_t size = strlen(text);

  memcpy(at, text, size + 1);
  return at + size;
}

static char *write_stream(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.stream);
}

static char *write_first_frame(char *at, const struct connection_row *row)
{
  return digits_write(at, row->first_frame);
}

static char *write_last_frame(char *at, const struct connection_row *row)
{
  return digits_write(at, row->last_frame);
}

static char *write_first_time(char *at, const struct connection_row *row)
{
  return row->has_time ? time_write(at, row->connection.first_time_ns) : at;
}

static char *write_duration(char *at, const struct connection_row *row)
{
  return row->has_time
             ? time_write(at,
                          (int64_t)((uint64_t)row->connection.last_time_ns - (uint64_t)row->connection.first_time_ns))
             : at;
}

static char *write_client(char *at, const struct connection_row *row)
{
  return at + address_text(at, row->connection.ip_version, row->connection.address[CLIENT]);
}

static char *write_client_port(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.port[CLIENT]);
}

static char *write_server(char *at, const struct connection_row *row)
{
  return at + address_text(at, row->connection.ip_version, row->connection.address[SERVER]);
}

static char *write_server_port(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.port[SERVER]);
}

static char *write_roles(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_roles_name(row->connection.roles));
}

static char *write_client_state(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_state_name(row->connection.state[CLIENT]));
}

static char *write_server_state(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_state_name(row->connection.state[SERVER]));
}

static char *write_outcome(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_outcome_name(row->connection.outcome));
}

static char *write_close(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_close_name(row->connection.close));
}

static char *write_active_closer(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_closer_name(row->connection.active_closer));
}

static char *write_conn_state(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_conn_state_name(row->connection.conn_state));
}

static char *write_history(char *at, const struct connection_row *row)
{
  return write_text(at, row->connection.history);
}

static char *write_handshake_segments(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.handshake_segments);
}

static char *write_teardown_segments(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.teardown_segments);
}

static char *write_client_segments(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.segments[CLIENT]);
}

static char *write_client_bytes(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.bytes[CLIENT]);
}

static char *write_server_segments(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.segments[SERVER]);
}

static char *write_server_bytes(char *at, const struct connection_row *row)
{
  return digits_write(at, row->connection.bytes[SERVER]);
}

static char *write_vantage(char *at, const struct connection_row *row)
{
  return write_text(at, tcpstate_vantage_name(row->connection.vantage));
}

const struct connection_column connection_columns[CONNECTION_COLUMNS] = {
    {"stream", COLUMN_NUMBER, write_stream},
    {"first_frame", COLUMN_NUMBER, write_first_frame},
    {"last_frame", COLUMN_NUMBER, write_last_frame},
    {"first_time", COLUMN_TIME, write_first_time},
    {"duration", COLUMN_TIME, write_duration},
    {"client", COLUMN_TEXT, write_client},
    {"client_port", COLUMN_NUMBER, write_client_port},
    {"server", COLUMN_TEXT, write_server},
    {"server_port", COLUMN_NUMBER, write_server_port},
    {"roles", COLUMN_TEXT, write_roles},
    {"client_state", COLUMN_TEXT, write_client_state},
    {"server_state", COLUMN_TEXT, write_server_state},
    {"outcome", COLUMN_TEXT, write_outcome},
    {"close", COLUMN_TEXT, write_close},
    {"active_closer", COLUMN_TEXT, write_active_closer},
    {"conn_state", COLUMN_TEXT, write_conn_state},
    {"history", COLUMN_TEXT, write_history},
    {"handshake_segments", COLUMN_NUMBER, write_handshake_segments},
    {"teardown_segments", COLUMN_NUMBER, write_teardown_segments},
    {"client_segments", COLUMN_NUMBER, write_client_segments},
    {"client_bytes", COLUMN_NUMBER, write_client_bytes},
    {"server_segments", COLUMN_NUMBER, write_server_segments},
    {"server_bytes", COLUMN_NUMBER, write_server_bytes},
    {"vantage", COLUMN_TEXT, write_vantage},
};
