/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One row a segment. The header is a contract: columns keep their order, new ones go to the end.
 */
#include "row.h"
#include "tail_cache.h"

#include <stdlib.h>

struct csv {
  struct output *output;
  struct tail_cache *tails;
  struct row_form form;
};

/* The engine's columns behind the number of the connection. */
static void put_columns(struct output *output, const struct packet *packet)
{
  for (unsigned id = TCPSTATE_FIELD_STREAM + 1; id < TCPSTATE_FIELD_COUNT; id++) {
    if (tcpstate_field_get(id)->column[0] != '\0') {
      put_char(output, ',');
      put_field(output, id, packet, NULL, "|");
    }
  }
  put_char(output, '\n');
}

static void *begin(const struct writer_context *context)
{
  struct csv *self = calloc(1, sizeof *self);

  if (self == NULL || (self->tails = tail_cache_new(put_columns)) == NULL) {
    free(self);
    return NULL;
  }
  self->output = context->output;
  for (unsigned column = 0; column < PACKET_COLUMN_COUNT; column++) {
    put_text(self->output, column == 0 ? "" : ",");
    put_text(self->output, packet_column_name(column));
    self->form.before[column] = piece_of(column == 0 ? "" : ",");
  }
  self->form.before_stream = piece_of(",");
  row_form_prepare(&self->form);
  for (unsigned id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    const char *column = tcpstate_field_get(id)->column;

    if (column[0] != '\0') {
      put_char(self->output, ',');
      put_text(self->output, column);
    }
  }
  put_char(self->output, '\n');
  return self;
}

static void packet(void *state, const struct packet *packet)
{
  struct csv *self = state;
  struct output *output = self->output;

  output_took(output, row_write(&self->form, packet, output_room(output, ROW_MOST)));
  put_tail(output, self->tails, packet);
}

static void end(void *state)
{
  struct csv *self = state;

  tail_cache_free(self->tails);
  free(self);
}

const struct writer writer_csv = {.begin = begin, .packet = packet, .end = end};
