/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * conns for people: one line a connection, and on a terminal how many ended in which way.
 */
#include "../huge_pages.h"
#include "connection_line.h"
#include "connection_rows.h"
#include "style.h"

struct conns {
  struct writer_context context;
  struct connection_rows rows;
  struct line_form form;
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

/* As much of it as the form wants; NULL if there is none. */
static inline const tcpstate_connection *look_at(const struct conns *self, size_t stream, tcpstate_connection *room)
{
  const tcpstate_connection *connection = connection_rows_peek(&self->rows, stream, room);

  return connection == NULL || line_is_known(&self->form, connection)
             ? connection
             : connection_rows_record(&self->rows, stream, room);
}

static void measure(struct conns *self)
{
  tcpstate_connection room;
  const tcpstate_connection *first = self->rows.count > 0 ? look_at(self, 0, &room) : NULL;

  line_form_prepare(&self->form, first != NULL ? first->first_time_ns : 0);
  for (size_t i = 0; i < self->rows.count; i++) {
    const tcpstate_connection *connection = look_at(self, i, &room);

    if (connection != NULL) {
      line_measure(&self->form, connection);
    }
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

static void put_lines(struct conns *self)
{
  tcpstate_connection room;

  for (size_t i = 0; i < self->rows.count; i++) {
    const tcpstate_connection *connection = look_at(self, i, &room);

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
  put_lines(self);
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

const struct writer conns_text = {
    .begin = begin, .packet = packet, .packets = packets, .connection_end = connection_end, .end = end, .at_end = true};
