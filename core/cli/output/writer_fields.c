/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * -T fields: the named fields, tab separated, as tshark prints them; several occurrences are joined by a comma.
 */
#include "../options.h"
#include "columns.h"

#include <stdlib.h>

struct fields {
  struct output *output;
  const tcpstate_tracker *tracker;
  size_t count;
  int names[]; /* of field_name_find */
};

static void *begin(const struct writer_context *context)
{
  size_t count = context->options->field_count;
  struct fields *self = malloc(sizeof *self + count * sizeof *self->names);

  if (self == NULL) {
    return NULL;
  }
  self->output = context->output;
  self->tracker = context->tracker;
  self->count = count;
  for (size_t i = 0; i < count; i++) {
    self->names[i] = field_name_find(context->options->fields[i]);
  }
  return self;
}

static void put_of_packet(struct output *output, enum packet_column column, const struct packet *packet)
{
  if (column == PACKET_FLAGS) { /* tshark's form */
    put_hex(output, packet->segment->flags, 4);
  } else if (packet_column_is_present(column, packet)) {
    put_packet_column(output, column, packet);
  }
}

static void put_of_engine(const struct fields *self, unsigned id, const struct packet *packet)
{
  const tcpstate_annotation *annotation = packet->annotation;
  tcpstate_connection connection;
  const tcpstate_connection *known = NULL;

  if (tcpstate_field_get(id)->of_connection &&
      tcpstate_connection_get(self->tracker, annotation->stream, annotation->slot, &connection) == TCPSTATE_OK) {
    known = &connection;
  }
  put_field(self->output, id, packet, known, ",");
}

static void packet(void *state, const struct packet *packet)
{
  const struct fields *self = state;

  for (size_t i = 0; i < self->count; i++) {
    if (i > 0) {
      put_char(self->output, '\t');
    }
    if (self->names[i] < PACKET_COLUMN_COUNT) {
      put_of_packet(self->output, (enum packet_column)self->names[i], packet);
    } else {
      put_of_engine(self, (unsigned)(self->names[i] - PACKET_COLUMN_COUNT), packet);
    }
  }
  put_char(self->output, '\n');
}

static void end(void *state)
{
  free(state);
}

const struct writer writer_fields = {.begin = begin, .packet = packet, .end = end, .one_by_one = true};
