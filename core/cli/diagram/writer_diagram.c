/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * diagram: each connection as a picture, in order of their numbers, when all is read.
 */
#include "../explain/stories.h"
#include "../message.h"
#include "../output/style.h"
#include "../terminal.h"
#include "pictures.h"
#include "svg.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* Below that, states and a label no longer fit; beyond, the eye loses the line. */
enum { WIDTH_MIN = 72, WIDTH_DEFAULT = 80, WIDTH_MAX = 110 };

/* So many segments that are alike are still drawn one by one. */
enum { SINGLES = 6 };

/* Nobody reads a document of more pictures. */
enum { SVG_PICTURES = 50 };

struct diagram {
  struct writer_context context;
  struct stories stories;
  struct picture picture;
  char source[SOURCE_NAME_SIZE];
};

static bool is_utf8_locale(void)
{
  setlocale(LC_CTYPE, "");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void *begin(const struct writer_context *context)
{
  const struct options *options = context->options;
  struct diagram *self = calloc(1, sizeof *self);

  if (self == NULL || !stories_begin(&self->stories, SINGLES)) {
    free(self);
    return NULL;
  }
  self->context = *context;
  self->picture = (struct picture){
      .options = options,
      .output = context->output,
      .source = self->source,
      .width = (int)terminal_width(context->terminal, WIDTH_MIN, WIDTH_DEFAULT, WIDTH_MAX),
      .utf8 = options->form == FORM_SVG || is_utf8_locale(),
      .colour = context->colour,
  };
  source_name(self->source, options, self->picture.utf8);
  return self;
}

static void packet(void *state, const struct packet *packet)
{
  struct diagram *self = state;

  stories_packet(&self->stories, packet);
}

static void connection_end(void *state, const tcpstate_connection *connection)
{
  struct diagram *self = state;

  connection_rows_end(&self->stories.rows, connection);
}

static void release(struct diagram *self)
{
  stories_free(&self->stories);
  free(self);
}

/* Points the picture at the connection of that number, if there is one to draw. */
static bool choose(struct diagram *self, size_t stream)
{
  self->picture.story = stories_get(&self->stories, stream, &self->picture.connection);
  return self->picture.story != NULL;
}

/* Of a --stream that is not there, run.c tells. */
static void complain_if_empty(const struct diagram *self)
{
  if (self->stories.rows.count == 0 && !self->context.options->quiet && !self->context.options->has_stream) {
    complain("there is no connection to draw");
  }
}

/* ---------------------------------------------------------------- text */

static void put_title(const struct picture *picture)
{
  char outcome[SHORT_WORDING_SIZE];

  outcome_wording(outcome, picture->connection);
  style_begin(picture->output, picture->colour, STYLE_BOLD);
  put_text(picture->output, picture->source);
  put_text(picture->output, ", connection ");
  put_number(picture->output, picture->connection->stream);
  style_end(picture->output, picture->colour);
  put_char(picture->output, '\n');
  put_text(picture->output, outcome);
  put_text(picture->output, "\n\n");
}

static void end_text(void *state)
{
  struct diagram *self = state;
  bool first = true;

  *self->context.out_of_memory |= !stories_finish(&self->stories, self->context.tracker);
  complain_if_empty(self);
  for (size_t i = 0; i < self->stories.rows.count && !output_is_broken(self->context.output); i++) {
    if (choose(self, i)) {
      put_text(self->context.output, first ? "" : "\n\n");
      first = false;
      put_title(&self->picture);
      (self->context.options->what == WHAT_STATES ? states_text : ladder_text)(&self->picture);
    }
  }
  release(self);
}

/* ---------------------------------------------------------------- SVG */

static struct picture_size size_of(const struct diagram *self)
{
  return (self->context.options->what == WHAT_STATES ? states_svg_size : ladder_svg_size)(&self->picture);
}

/* Size of all pictures, one below the other. */
static struct picture_size measure(struct diagram *self, unsigned *drawn, uint64_t *left_out)
{
  struct picture_size all = {0};

  *drawn = 0;
  *left_out = 0;
  for (size_t i = 0; i < self->stories.rows.count; i++) {
    if (choose(self, i) && *drawn < SVG_PICTURES) {
      struct picture_size size = size_of(self);

      all.width = size.width > all.width ? size.width : all.width;
      all.height += size.height;
      ++*drawn;
    } else if (self->picture.story != NULL) {
      ++*left_out;
    }
  }
  return all;
}

static void draw_all(struct diagram *self, unsigned count)
{
  int y = 0;

  for (size_t i = 0; count > 0 && !output_is_broken(self->context.output); i++) {
    if (choose(self, i)) {
      svg_markup(self->context.output, "<g transform=\"translate(0 %d)\">\n", y);
      (self->context.options->what == WHAT_STATES ? states_svg : ladder_svg)(&self->picture);
      put_text(self->context.output, "</g>\n");
      y += size_of(self).height;
      count--;
    }
  }
}

static void end_svg(void *state)
{
  struct diagram *self = state;
  uint64_t left_out;
  unsigned count;
  struct picture_size size;

  *self->context.out_of_memory |= !stories_finish(&self->stories, self->context.tracker);
  size = measure(self, &count, &left_out);
  complain_if_empty(self);
  if (count > 0) {
    svg_begin(self->context.output, size.width, size.height, self->source);
    draw_all(self, count);
    svg_end(self->context.output);
  }
  if (left_out > 0 && !self->context.options->quiet) {
    complain("%u connections drawn, %" PRIu64 " not; --stream N picks one, conns lists them", count, left_out);
  }
  release(self);
}

const struct writer diagram_text = {
    .begin = begin, .packet = packet, .connection_end = connection_end, .end = end_text, .at_end = true};
const struct writer diagram_svg = {
    .begin = begin, .packet = packet, .connection_end = connection_end, .end = end_svg, .at_end = true};
