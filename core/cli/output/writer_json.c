/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One object a line, with the names and the order of the CSV's columns. `events` is an array; an absent value is left
 * out. Texts are words of the contract, addresses and letters of flags, in which nothing needs to be escaped.
 */
#include "columns.h"
#include "tail_cache.h"

#include <stdlib.h>

struct json {
  struct output *output;
  struct tail_cache *tails;
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

static void put_column_member(struct output *output, enum packet_column column, const struct packet *packet)
{
  put_char(output, column == 0 ? '{' : ',');
  put_name(output, packet_column_name(column));
  if (is_text(column)) {
    put_char(output, '"');
  }
  put_packet_column(output, column, packet);
  if (is_text(column)) {
    put_char(output, '"');
  }
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
  struct json *self = malloc(sizeof *self);

  if (self == NULL || (self->tails = tail_cache_new(put_members)) == NULL) {
    free(self);
    return NULL;
  }
  self->output = context->output;
  return self;
}

static void packet(void *state, const struct packet *packet)
{
  struct json *self = state;
  struct output *output = self->output;

  for (unsigned column = 0; column < PACKET_COLUMN_COUNT; column++) {
    if (packet_column_is_present(column, packet)) {
      put_column_member(output, column, packet);
    }
  }
  if (packet->annotation->stream != UINT32_MAX) {
    put_field_member(output, tcpstate_field_get(TCPSTATE_FIELD_STREAM), packet);
  }
  put_tail(output, self->tails, packet);
}

static void end(void *state)
{
  struct json *self = state;

  tail_cache_free(self->tails);
  free(self);
}

const struct writer writer_json = {.begin = begin, .packet = packet, .end = end};
