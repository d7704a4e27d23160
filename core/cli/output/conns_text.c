/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * conns for people: one line a connection, and on a terminal how many ended in which way.
 */
#include "connection_rows.h"
#include "digits.h"
#include "endpoint.h"
#include "style.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_SIZE = 80, COLUMNS = 10 };

struct conns {
  struct writer_context context;
  struct connection_rows rows;
  size_t width[COLUMNS];
};

static const struct {
  const char *title;
  bool right; /* numbers */
} columns[COLUMNS] = {
    {"#", true},       {"start", true},         {"seconds", true},       {"client", true},
    {"server", false}, {"client state", false}, {"server state", false}, {"outcome", false},
    {"zeek", false},   {"bytes > <", false},
};

static void *begin(const struct writer_context *context)
{
  struct conns *self = calloc(1, sizeof *self);

  if (self != NULL) {
    self->context = *context;
    connection_rows_begin(&self->rows, context->tracker);
    self->rows.without_frames = true;
  }
  return self;
}

static void packet(void *state, const struct packet *packet)
{
  struct conns *self = state;

  connection_rows_packet(&self->rows, packet);
}

static void connection_end(void *state, const tcpstate_connection *connection)
{
  struct conns *self = state;

  connection_rows_end(&self->rows, connection);
}

/* ---------------------------------------------------------------- cells */

static char *write_text(char *at, const char *text)
{
  while (*text != '\0') {
    *at++ = *text++;
  }
  return at;
}

/* Seconds with six decimals, as printf would round them: by hand where that is certain. */
static char *write_seconds(char *at, int64_t from, int64_t to)
{
  const int64_t precise = INT64_C(1000000000000000); /* up to here a double tells nanoseconds */
  int64_t difference = (int64_t)((uint64_t)to - (uint64_t)from);
  uint64_t rounded;
  char nine[10];

  if (difference < 0 || difference > precise || difference % 1000 == 500) {
    return at + snprintf(at, CELL_SIZE, "%.6f", (double)difference / 1e9);
  }
  rounded = ((uint64_t)difference + 500) / 1000;
  at = digits_write(at, rounded / 1000000);
  *at++ = '.';
  nine_digits_write(nine, (uint32_t)(rounded % 1000000));
  memcpy(at, nine + 3, 6);
  return at + 6;
}

static char *write_outcome(char *at, const tcpstate_connection *connection)
{
  const char *close = tcpstate_close_name(connection->close);
  const char *closer = tcpstate_closer_name(connection->active_closer);

  at = write_text(at, tcpstate_outcome_name(connection->outcome));
  at = write_text(write_text(at, close[0] != '\0' ? " " : ""), close);
  return write_text(write_text(at, closer[0] != '\0' ? " by " : ""), closer);
}

static char *write_two(char *at, const tcpstate_connection *connection)
{
  at = digits_write(at, connection->bytes[TCPSTATE_CLIENT]);
  *at++ = ' ';
  return digits_write(at, connection->bytes[TCPSTATE_SERVER]);
}

/* The cell's length; no NUL. */
static size_t format_cell(char cell[CELL_SIZE], unsigned column, const struct connection_row *row, int64_t start_ns)
{
  const tcpstate_connection *connection = &row->connection;
  char *end = cell;

  switch (column) {
  case 0:
    end = digits_write(write_text(cell, "#"), connection->stream);
    break;
  case 1:
    end = write_seconds(cell, start_ns, connection->first_time_ns);
    break;
  case 2:
    end = write_seconds(cell, connection->first_time_ns, connection->last_time_ns);
    break;
  case 3:
  case 4:
    end += endpoint_text(cell, connection->ip_version, connection->address[column - 3], connection->port[column - 3]);
    break;
  case 5:
  case 6:
    end = write_text(cell, tcpstate_state_name(connection->state[column - 5]));
    break;
  case 7:
    end = write_outcome(cell, connection);
    break;
  case 8:
    end = write_text(write_text(write_text(cell, tcpstate_conn_state_name(connection->conn_state)), " "),
                     connection->history);
    break;
  default:
    end = write_two(cell, connection);
    break;
  }
  return (size_t)(end - cell);
}

/* ---------------------------------------------------------------- table */

static size_t seconds_length(int64_t from, int64_t to)
{
  char text[CELL_SIZE];

  return (size_t)(write_seconds(text, from, to) - text);
}

static size_t endpoint_length(const tcpstate_connection *connection, unsigned role)
{
  const uint8_t *address = connection->address[role];
  size_t length = digits_count(connection->port[role]) + 4; /* three dots and a colon */
  char text[ENDPOINT_SIZE];

  if (connection->ip_version != 4) {
    return endpoint_text(text, connection->ip_version, address, connection->port[role]);
  }
  for (unsigned i = 0; i < 4; i++) {
    length += digits_count(address[i]);
  }
  return length;
}

static size_t outcome_length(const tcpstate_connection *connection)
{
  size_t close = strlen(tcpstate_close_name(connection->close));
  size_t closer = strlen(tcpstate_closer_name(connection->active_closer));

  return strlen(tcpstate_outcome_name(connection->outcome)) + (close > 0 ? 1 + close : 0) +
         (closer > 0 ? 4 + closer : 0);
}

/* As format_cell() will find them; the last column is as wide as it is. */
static void measure_row(struct conns *self, const tcpstate_connection *connection, int64_t start_ns)
{
  const size_t lengths[COLUMNS] = {
      1 + digits_count(connection->stream),
      seconds_length(start_ns, connection->first_time_ns),
      seconds_length(connection->first_time_ns, connection->last_time_ns),
      endpoint_length(connection, TCPSTATE_CLIENT),
      endpoint_length(connection, TCPSTATE_SERVER),
      strlen(tcpstate_state_name(connection->state[TCPSTATE_CLIENT])),
      strlen(tcpstate_state_name(connection->state[TCPSTATE_SERVER])),
      outcome_length(connection),
      strlen(tcpstate_conn_state_name(connection->conn_state)) + 1 + strlen(connection->history),
  };

  for (unsigned column = 0; column < COLUMNS; column++) {
    self->width[column] = lengths[column] > self->width[column] ? lengths[column] : self->width[column];
  }
}

static void measure(struct conns *self, int64_t start_ns)
{
  struct connection_row row;

  for (unsigned column = 0; column < COLUMNS; column++) {
    self->width[column] = strlen(columns[column].title);
  }
  for (size_t i = 0; i < self->rows.count; i++) {
    if (connection_rows_get(&self->rows, i, &row)) {
      measure_row(self, &row.connection, start_ns);
    }
  }
}

static void put_cell(struct conns *self, unsigned column, const char *cell, size_t length)
{
  size_t width = column + 1 < COLUMNS && self->width[column] > length ? self->width[column] : length;
  char *at = output_room(self->context.output, 2 + width);

  memset(at, ' ', 2 + width);
  at += column > 0 ? 2 : 0;
  /* cppcheck-suppress uninitvar ; format_cell has filled it */
  memcpy(at + (columns[column].right ? width - length : 0), cell, length);
  output_took(self->context.output, at + width);
}

static enum style style_of(const tcpstate_connection *connection)
{
  switch (connection->outcome) {
  case TCPSTATE_OUTCOME_RESET:
  case TCPSTATE_OUTCOME_REFUSED:
  case TCPSTATE_OUTCOME_NO_ANSWER:
    return STYLE_RESET;
  case TCPSTATE_OUTCOME_HALF_OPEN:
  case TCPSTATE_OUTCOME_HALF_CLOSED:
    return STYLE_CLOSE;
  default:
    return STYLE_PLAIN;
  }
}

static void put_row(struct conns *self, const struct connection_row *row, int64_t start_ns)
{
  enum style style = style_of(&row->connection);

  style_begin(self->context.output, self->context.colour, style);
  for (unsigned column = 0; column < COLUMNS; column++) {
    char cell[CELL_SIZE];

    put_cell(self, column, cell, format_cell(cell, column, row, start_ns));
  }
  style_end(self->context.output, self->context.colour && style != STYLE_PLAIN);
  put_char(self->context.output, '\n');
}

static void put_total(struct conns *self)
{
  struct connection_row row;
  uint64_t counts[TCPSTATE_OUTCOME_COUNT] = {0};
  uint64_t total = 0;
  const char *separator = ": ";

  for (size_t i = 0; i < self->rows.count; i++) {
    if (connection_rows_get(&self->rows, i, &row)) {
      counts[row.connection.outcome]++;
      total++;
    }
  }
  put_number(self->context.output, total);
  put_text(self->context.output, total == 1 ? " connection" : " connections");
  for (unsigned outcome = 0; outcome < TCPSTATE_OUTCOME_COUNT; outcome++) {
    if (counts[outcome] > 0) {
      put_text(self->context.output, separator);
      put_number(self->context.output, counts[outcome]);
      put_char(self->context.output, ' ');
      put_text(self->context.output, tcpstate_outcome_name(outcome));
      separator = ", ";
    }
  }
  put_char(self->context.output, '\n');
}

static void put_table(struct conns *self)
{
  struct connection_row row = {0};
  int64_t start_ns = connection_rows_get(&self->rows, 0, &row) ? row.connection.first_time_ns : 0;

  measure(self, start_ns);
  for (unsigned column = 0; column < COLUMNS; column++) {
    put_cell(self, column, columns[column].title, strlen(columns[column].title));
  }
  put_char(self->context.output, '\n');
  for (size_t i = 0; i < self->rows.count; i++) {
    if (connection_rows_get(&self->rows, i, &row)) {
      put_row(self, &row, start_ns);
    }
  }
  if (self->context.terminal) {
    put_total(self);
  }
}

static void end(void *state)
{
  struct conns *self = state;

  put_table(self);
  *self->context.out_of_memory |= self->rows.out_of_memory;
  connection_rows_free(&self->rows);
  free(self);
}

const struct writer conns_text = {
    .begin = begin, .packet = packet, .connection_end = connection_end, .end = end, .at_end = true};
