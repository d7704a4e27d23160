/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * conns as CSV and as JSON, one object a line.
 */
#include "connection_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copied whole, so that its length need not be known when it is compiled. */
struct between {
  char text[31];
  uint8_t size;
};

struct conns {
  struct output *output;
  bool *out_of_memory;
  struct connection_rows rows;
  bool leaves_out;                           /* a time that is not known, with what stands before it */
  struct between before[CONNECTION_COLUMNS]; /* each column */
  const char *end_of_row;
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

static struct between between(const char *end_of_last, const char *name, const char *begin_of_next)
{
  struct between between;

  snprintf(between.text, sizeof between.text, "%s%s%s", end_of_last, name, begin_of_next);
  between.size = (uint8_t)strlen(between.text);
  return between;
}

/* ---------------------------------------------------------------- csv */

static void *begin_csv(const struct writer_context *context)
{
  struct conns *self = new_conns(context);

  if (self == NULL) {
    return NULL;
  }
  self->end_of_row = "\n";
  for (size_t i = 0; i < CONNECTION_COLUMNS; i++) {
    self->before[i] = between(i == 0 ? "" : ",", "", "");
    put_text(self->output, self->before[i].text);
    put_text(self->output, connection_columns[i].name);
  }
  put_text(self->output, self->end_of_row);
  return self;
}

/* ---------------------------------------------------------------- json */

static bool is_text(size_t column)
{
  return connection_columns[column].kind == COLUMN_TEXT;
}

/* A column that may be left out, a time, is no text and stands behind none: quotes do not depend on it. */
static void *begin_json(const struct writer_context *context)
{
  struct conns *self = new_conns(context);

  if (self == NULL) {
    return NULL;
  }
  self->leaves_out = true; /* no number stands for it; an absent text is an empty one */
  for (size_t i = 0; i < CONNECTION_COLUMNS; i++) {
    const char *last = i == 0 ? "{\"" : is_text(i - 1) ? "\",\"" : ",\"";

    self->before[i] = between(last, connection_columns[i].name, is_text(i) ? "\":\"" : "\":");
    self->end_of_row = is_text(i) ? "\"}\n" : "}\n";
  }
  return self;
}

/* ---------------------------------------------------------------- both */

static void packet(void *state, const struct packet *packet)
{
  struct conns *self = state;

  connection_rows_packet(&self->rows, packet);
}

static void packets(void *state, const struct packets *packets)
{
  struct conns *self = state;

  connection_rows_packets(&self->rows, packets);
}

static void connection_end(void *state, const tcpstate_connection *connection)
{
  struct conns *self = state;

  connection_rows_end(&self->rows, connection);
}

static void put_row(const struct conns *self, const struct connection_row *row)
{
  char *at = output_room(self->output, CONNECTION_COLUMNS * (sizeof self->before[0].text + COLUMN_MOST));

  for (size_t i = 0; i < CONNECTION_COLUMNS; i++) {
    const struct between *before = &self->before[i];

    if (self->leaves_out && connection_columns[i].kind == COLUMN_TIME && !row->has_time) {
      continue;
    }
    memcpy(at, before->text, sizeof before->text);
    at = connection_columns[i].write(at + before->size, row);
  }
  output_took(self->output, at);
  put_text(self->output, self->end_of_row);
}

static void end(void *state)
{
  struct conns *self = state;

  for (size_t i = 0; i < self->rows.count; i++) {
    struct connection_row row;

    if (connection_rows_get(&self->rows, i, &row)) {
      put_row(self, &row);
    }
  }
  *self->out_of_memory |= self->rows.out_of_memory;
  connection_rows_free(&self->rows);
  free(self);
}

const struct writer conns_csv = {.begin = begin_csv,
                                 .packet = packet,
                                 .packets = packets,
                                 .connection_end = connection_end,
                                 .end = end,
                                 .at_end = true};
const struct writer conns_json = {.begin = begin_json,
                                  .packet = packet,
                                  .packets = packets,
                                  .connection_end = connection_end,
                                  .end = end,
                                  .at_end = true};
