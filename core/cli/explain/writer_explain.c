/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * explain: the story of each connection, in order of their numbers, when all is read.
 */
#include "../message.h"
#include "../output/connection_rows.h"
#include "tell.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Nobody reads the stories of so many connections; those that begin later are told without their steps. */
enum { STEPS_OF_ALL = 1 << 18 };

/* Lines much longer than that are hard to read; much shorter ones look torn. */
enum { WIDTH_MIN = 40, WIDTH_DEFAULT = 80, WIDTH_MAX = 100 };

struct explain {
  struct writer_context context;
  struct connection_rows rows;
  struct relative *relative;
  struct story *stories; /* by stream number */
  size_t count;
  size_t steps; /* room taken by all stories */
  struct page page;
};

static size_t terminal_width(bool terminal)
{
  struct winsize size;

  if (!terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return WIDTH_DEFAULT;
  }
  return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

static void *begin(const struct writer_context *context)
{
  struct explain *self = calloc(1, sizeof *self);

  if (self == NULL || (self->relative = relative_new()) == NULL) {
    free(self);
    return NULL;
  }
  self->context = *context;
  self->page.output = context->output;
  self->page.colour = context->colour;
  self->page.width = terminal_width(context->terminal);
  self->page.space = catalogue_of(context->options->language)->messages[MESSAGE_SPACE];
  return self;
}

static struct story *story_of(struct explain *self, uint32_t stream)
{
  if (stream >= self->count) {
    size_t count = (size_t)stream + stream / 2 + 64;
    struct story *stories = realloc(self->stories, count * sizeof *stories);

    if (stories == NULL) {
      self->rows.out_of_memory = true;
      return NULL;
    }
    memset(stories + self->count, 0, (count - self->count) * sizeof *stories);
    self->stories = stories;
    self->count = count;
  }
  return &self->stories[stream];
}

static void packet(void *state, const struct packet *packet)
{
  struct explain *self = state;
  struct relative_numbers numbers;
  struct story *story;

  if (packet->annotation->stream == UINT32_MAX || (story = story_of(self, packet->annotation->stream)) == NULL) {
    return;
  }
  relative_numbers(self->relative, packet, &numbers);
  connection_rows_packet(&self->rows, packet);
  self->steps += story_add(story, packet, &numbers, self->steps < STEPS_OF_ALL);
}

static void connection_end(void *state, const tcpstate_connection *connection)
{
  struct explain *self = state;

  connection_rows_end(&self->rows, connection);
}

static void tell_all(struct explain *self)
{
  const struct catalogue *catalogue = catalogue_of(self->context.options->language);

  tell_legend(&self->page, catalogue);
  for (size_t stream = 0; stream < self->rows.count && !output_is_broken(self->context.output); stream++) {
    const struct connection_row *row = &self->rows.rows[stream];

    if (row->complete && row->first_frame != 0 && stream < self->count) {
      tell_story(&self->page, catalogue, &self->stories[stream], &row->connection);
    }
  }
}

static void end(void *state)
{
  struct explain *self = state;

  connection_rows_finish(&self->rows, self->context.tracker);
  if (self->rows.count > 0) {
    tell_all(self);
  }
  if (self->rows.out_of_memory) {
    complain("out of memory: some connections are missing");
  }
  for (size_t stream = 0; stream < self->count; stream++) {
    story_free(&self->stories[stream]);
  }
  free(self->stories);
  connection_rows_free(&self->rows);
  relative_free(self->relative);
  free(self);
}

const struct writer explain_text = {
    .begin = begin, .packet = packet, .connection_end = connection_end, .end = end, .at_end = true};
