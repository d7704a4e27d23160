/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * conns for people: one line a connection, and on a terminal how many ended in which way.
 */
#include "../huge_pages.h"
#include "../options.h"
#include "connection_line.h"
#include "connection_rows.h"
#include "style.h"

struct conns {
  struct writer_context context;
  struct connection_rows rows;
  struct line_form form;
  bool is_in_order; /* all connections are kept, in the order of their numbers */
  int64_t start_ns; /* of the first connection, if it has ended: */
  bool knows_start;
};

static void *begin(const struct writer_context *context)
{
  struct conns *self = huge_pages_get_clear(sizeof *self);

  if (self != NULL) {
    self->context = *context;
    connection_rows_begin(&self->rows, context->tracker);
    self->rows.without_frames = true;
  }
  return self;
}

static void connection_end(void *state, const tcpstate_connection *connection)
{
  struct conns *self = state;

  if (connection->stream == 0) {
    self->start_ns = connection->first_time_ns;
    self->knows_start = true;
  }
  if (options_ask_for(self->context.options, connection->stream)) {
    connection_rows_end(&self->rows, connection);
  }
}

/* As much of it as the form wants. */
static inline void look_at(const struct conns *self, uint32_t stream, uint32_t slot, tcpstate_connection *connection)
{
  tcpstate_connection_peek(self->context.tracker, stream, slot, connection);
  if (!line_is_known(&self->form, connection)) {
    tcpstate_connection_get(self->context.tracker, stream, slot, connection);
  }
}

/* When the first connection began, shown or not. */
static int64_t start_of(const struct conns *self)
{
  tcpstate_connection first = {.first_time_ns = self->start_ns};
  uint32_t cursor = 0;
  uint32_t stream;
  uint32_t slot;

  while (!self->knows_start && tcpstate_slot_next(self->context.tracker, &cursor, &stream, &slot) == TCPSTATE_OK) {
    if (stream == 0) {
      tcpstate_connection_get(self->context.tracker, stream, slot, &first);
      break;
    }
  }
  return first.first_time_ns;
}

/* In the order in which they are kept: nothing has to be searched for. */
TOGETHER static void measure(struct conns *self)
{
  uint32_t expected = 0;
  uint32_t cursor = 0;
  uint32_t stream;
  uint32_t slot;
  tcpstate_connection connection;

  line_form_prepare(&self->form, start_of(self));
  self->is_in_order = self->rows.ended_count == 0 && !self->context.options->has_stream;
  while (tcpstate_slot_next(self->context.tracker, &cursor, &stream, &slot) == TCPSTATE_OK) {
    self->is_in_order = self->is_in_order && stream == expected++;
    if (options_ask_for(self->context.options, stream)) {
      look_at(self, stream, slot, &connection);
      line_measure(&self->form, &connection);
    }
  }
  for (uint32_t i = 0; i < self->rows.ended_count; i++) {
    line_measure(&self->form, &self->rows.ended[i]);
  }
  line_form_measured(&self->form);
}

static enum style style_of(uint8_t outcome)
{
  switch (outcome) {
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

static void put_line(struct conns *self, const tcpstate_connection *connection)
{
  struct output *output = self->context.output;
  bool colour = self->context.colour;
  enum style style = STYLE_PLAIN;
  char *end;

  if (colour) {
    style = style_of(connection_tail_outcome(&self->form.tails, connection));
    style_begin(output, true, style);
  }
  end = line_write(&self->form, connection, output_room(output, LINE_MOST));
  if (!colour) {
    *end++ = '\n';
  }
  output_took(output, end);
  if (colour) {
    style_end(output, style != STYLE_PLAIN);
    put_char(output, '\n');
  }
}

static void put_total(const struct conns *self)
{
  const uint64_t *outcomes = self->form.tails.outcomes;
  uint64_t total = 0;
  const char *separator = ": ";

  for (unsigned outcome = 0; outcome < TCPSTATE_OUTCOME_COUNT; outcome++) {
    total += outcomes[outcome];
  }
  put_number(self->context.output, total);
  put_text(self->context.output, total == 1 ? " connection" : " connections");
  for (unsigned outcome = 0; outcome < TCPSTATE_OUTCOME_COUNT; outcome++) {
    if (outcomes[outcome] > 0) {
      put_text(self->context.output, separator);
      put_number(self->context.output, outcomes[outcome]);
      put_char(self->context.output, ' ');
      put_text(self->context.output, tcpstate_outcome_name(outcome));
      separator = ", ";
    }
  }
  put_char(self->context.output, '\n');
}

TOGETHER static void put_in_order(struct conns *self)
{
  uint32_t cursor = 0;
  uint32_t stream;
  uint32_t slot;
  tcpstate_connection connection;

  while (tcpstate_slot_next(self->context.tracker, &cursor, &stream, &slot) == TCPSTATE_OK) {
    look_at(self, stream, slot, &connection);
    put_line(self, &connection);
  }
}

static void put_by_number(struct conns *self)
{
  tcpstate_connection room;

  connection_rows_collect(&self->rows, self->context.options);
  for (size_t i = 0; i < self->rows.count; i++) {
    const tcpstate_connection *connection = connection_rows_record(&self->rows, i, &room);

    if (connection != NULL) {
      put_line(self, connection);
    }
  }
}

static void put_table(struct conns *self)
{
  struct output *output = self->context.output;

  measure(self);
  output_took(output, line_write_titles(&self->form, output_room(output, LINE_MOST)));
  put_char(output, '\n');
  if (self->is_in_order) {
    put_in_order(self);
  } else {
    put_by_number(self);
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
  huge_pages_put(self, sizeof *self);
}

const struct writer conns_text = {.begin = begin, .connection_end = connection_end, .end = end, .at_end = true};
