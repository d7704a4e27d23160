/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * conns as CSV and as JSON, one object a line.
 */
#include "connection_columns.h"

#include <stdlib.h>

struct conns {
  struct output *output;
  bool *out_of_memory;
  void (*put_row)(struct output *output, const struct connection_row *row);
  struct connection_rows rows;
};

static struct conns *new_conns(const struct writer_context *context)
{
  struct conns *self = calloc(1, sizeof *self);

  if (self != NULL) {
    self->output = context->output;
    connection_rows_begin(&self->rows, context->tracker);
    self->out_of_memory = context->out_of_memory;
  }
  return self;
}

/* ---------------------------------------------------------------- csv */

static void put_csv_row(struct output *output, const struct connection_row *row)
{
  for (const struct connection_column *column = connection_columns; column->name != NULL; column++) {
    if (column != connection_columns) {
      put_char(output, ',');
    }
    column->put(output, row);
  }
  put_char(output, '\n');
}

static void *begin_csv(const struct writer_context *context)
{
  struct conns *self = new_conns(context);

  if (self == NULL) {
    return NULL;
  }
  self->put_row = put_csv_row;
  for (const struct connection_column *column = connection_columns; column->name != NULL; column++) {
    put_text(self->output, column == connection_columns ? "" : ",");
    put_text(self->output, column->name);
  }
  put_char(self->output, '\n');
  return self;
}

/* ---------------------------------------------------------------- json */

static void put_json_row(struct output *output, const struct connection_row *row)
{
  char separator = '{';

  for (const struct connection_column *column = connection_columns; column->name != NULL; column++) {
    if (column->kind == COLUMN_TIME && !row->has_time) {
      continue; /* no number stands for it; an absent text is an empty one */
    }
    put_char(output, separator);
    put_char(output, '"');
    put_text(output, column->name);
    put_text(output, column->kind == COLUMN_TEXT ? "\":\"" : "\":");
    column->put(output, row);
    put_text(output, column->kind == COLUMN_TEXT ? "\"" : "");
    separator = ',';
  }
  put_text(output, "}\n");
}

static void *begin_json(const struct writer_context *context)
{
  struct conns *self = new_conns(context);

  if (self != NULL) {
    self->put_row = put_json_row;
  }
  return self;
}

/* ---------------------------------------------------------------- both */

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

static void end(void *state)
{
  struct conns *self = state;

  for (size_t i = 0; i < self->rows.count; i++) {
    struct connection_row row;

    if (connection_rows_get(&self->rows, i, &row)) {
      self->put_row(self->output, &row);
    }
  }
  *self->out_of_memory |= self->rows.out_of_memory;
  connection_rows_free(&self->rows);
  free(self);
}

const struct writer conns_csv = {
    .begin = begin_csv, .packet = packet, .connection_end = connection_end, .end = end, .at_end = true};
const struct writer conns_json = {
    .begin = begin_json, .packet = packet, .connection_end = connection_end, .end = end, .at_end = true};
