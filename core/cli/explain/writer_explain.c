/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * explain: the story of each connection, in order of their numbers, when all is read.
 */
#include "../terminal.h"
#include "stories.h"
#include "tell.h"

#include <stdlib.h>

/* Lines much longer than that are hard to read; much shorter ones look torn. */
enum { WIDTH_MIN = 40, WIDTH_DEFAULT = 80, WIDTH_MAX = 100 };

struct explain {
  struct writer_context context;
  struct stories stories;
  struct page page;
};

static void *begin(const struct writer_context *context)
{
  struct explain *self = calloc(1, sizeof *self);

  if (self == NULL || !stories_begin(&self->stories, 0)) {
    free(self);
    return NULL;
  }
  self->context = *context;
  self->page.output = context->output;
  self->page.colour = context->colour;
  self->page.width = terminal_width(context->terminal, WIDTH_MIN, WIDTH_DEFAULT, WIDTH_MAX);
  self->page.space = catalogue_of(context->options->language)->messages[MESSAGE_SPACE];
  return self;
}

static void packet(void *state, const struct packet *packet)
{
  struct explain *self = state;

  stories_packet(&self->stories, packet);
}

static void connection_end(void *state, const tcpstate_connection *connection)
{
  struct explain *self = state;

  connection_rows_end(&self->stories.rows, connection);
}

static void tell_all(struct explain *self)
{
  const struct catalogue *catalogue = catalogue_of(self->context.options->language);

  tell_legend(&self->page, catalogue);
  for (size_t stream = 0; stream < self->stories.rows.count && !output_is_broken(self->context.output); stream++) {
    const tcpstate_connection *connection;
    const struct story *story = stories_get(&self->stories, stream, &connection);

    if (story != NULL) {
      tell_story(&self->page, catalogue, story, connection);
    }
  }
}

static void end(void *state)
{
  struct explain *self = state;

  *self->context.out_of_memory |= !stories_finish(&self->stories, self->context.tracker);
  if (self->stories.rows.count > 0) {
    tell_all(self);
  }
  stories_free(&self->stories);
  free(self);
}

const struct writer explain_text = {
    .begin = begin, .packet = packet, .connection_end = connection_end, .end = end, .at_end = true};
