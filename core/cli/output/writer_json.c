/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One object a line, with the names and the order of the CSV's columns. `events` is an array; an absent value is left
 * out. Texts are words of the contract, addresses and letters of flags, in which nothing needs to be escaped.
 */
#include "row.h"
#include "tail_cache.h"

#include <stdio.h>
#include <stdlib.h>

struct json {
  struct output *output;
  struct tail_cache *tails;
  struct row_form form;
};

static bool is_text(enum packet_column column)
{
  return column == PACKET_SRC || column == PACKET_DST || column == PACKET_FLAGS;
}

static void put_name(struct output *output, const char *name)
{
  put_char(output, '"');
  put_text(output, name);
  put_text(output, "\":");
}

/* The end of the column before it, and its name. */
static struct piece piece_before(enum packet_column column)
{
  char text[PIECE_SIZE + 1];

  snprintf(text, sizeof text, "%s%s\"%s\":%s", column > 0 && is_text(column - 1) ? "\"" : "", column > 0 ? "," : "{",
           packet_column_name(column), is_text(column) ? "\"" : "");
  return piece_of(text);
}

static void put_field_member(struct output *output, const tcpstate_field *field, const struct packet *packet)
{
  put_char(output, ',');
  put_name(output, field->column);
  if (field->type == TCPSTATE_FIELD_NUMBER) {
    put_field(output, field->id, packet, NULL, "");
  } else if (field->id == TCPSTATE_FIELD_EVENT) {
    put_text(output, "[\"");
    put_field(output, field->id, packet, NULL, "\",\"");
    put_text(output, "\"]");
  } else {
    put_char(output, '"');
    put_field(output, field->id, packet, NULL, "");
    put_char(output, '"');
  }
}

/* The engine's members behind the number of the connection. */
static void put_members(struct output *output, const struct packet *packet)
{
  for (unsigned id = TCPSTATE_FIELD_STREAM + 1; id < TCPSTATE_FIELD_COUNT; id++) {
    const tcpstate_field *field = tcpstate_field_get(id);

    if (field->column[0] != '\0' && tcpstate_field_occurrences(id, packet->annotation, NULL) > 0) {
      put_field_member(output, field, packet);
    }
  }
  put_text(output, "}\n");
}

static void *begin(const struct writer_context *context)
{
  struct json *self = calloc(1, sizeof *self);

  if (self == NULL || (self->tails = tail_cache_new(put_members)) == NULL) {
    free(self);
    return NULL;
  }
  self->output = context->output;
  for (unsigned column = 0; column < PACKET_COLUMN_COUNT; column++) {
    self->form.before[column] = piece_before(column);
  }
  self->form.before_stream = piece_of(",\"stream\":");
  self->form.leaves_out = true;
  row_form_prepare(&self->form);
  return self;
}

static void packet(void *state, const struct packet *packet)
{
  struct json *self = state;
  struct output *output = self->output;

  output_took(output, row_write(&self->form, packet, output_room(output, ROW_MOST)));
  put_tail(output, self->tails, packet);
}

static void end(void *state)
{
  struct json *self = state;

  tail_cache_free(self->tails);
  free(self);
}

const struct writer writer_json = {.begin = begin, .packet = packet, .end = end};
