/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ladder for documents: time runs down, one row for each step of the story.
 */
#include "../output/endpoint.h"
#include "ladder_bars.h"
#include "pictures.h"
#include "svg.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In pixels. Wide enough for the widest of the usual sans-serif fonts. */
enum {
  FRAME_END = 62,
  TIME_COLUMN = 92,
  STATES_WIDTH = 168,
  LANE = 430,
  HEAD = 148, /* above the first row */
  LINE = 15,  /* of text */
  SLANT = 12, /* what an arrow falls from departure to arrival */
  LOST = 36,  /* steps that are not drawn */
  FOOT = 84
};

/* Characters that fit between the endpoints. */
enum { LABEL_MAX = 54, NOTES_MAX = 62 };

struct drawing {
  const struct picture *picture;
  struct output *output;
  struct ladder_bars bars;
  int time_end;
};

static double x_of(const struct drawing *drawing, unsigned seat)
{
  return drawing->bars.bars[seat].x;
}

static double middle(const struct drawing *drawing)
{
  return (x_of(drawing, SEAT_LEFT) + x_of(drawing, SEAT_RIGHT)) / 2;
}

/* ---------------------------------------------------------------- heights */

static int count_lines(const char *text, size_t width)
{
  int lines = 0;

  while (*text != '\0') {
    size_t length = line_length(text, width);

    text += length + (text[length] == ' ');
    lines++;
  }
  return lines;
}

static int height_of_label(const struct picture *picture, const struct step *step)
{
  char flags[SHORT_WORDING_SIZE];
  char numbers[SHORT_WORDING_SIZE];

  flags_wording(flags, step->flags);
  numbers_wording(numbers, step, !picture->options->no_numbers);
  return strlen(flags) + strlen(numbers) > LABEL_MAX ? 2 * LINE : LINE;
}

static int height_of_notes(const struct step *step)
{
  char notes[WORDING_SIZE];

  notes_wording(notes, step);
  return LINE * count_lines(notes, NOTES_MAX);
}

static int height_of(const struct picture *picture, const struct step *step)
{
  if (step->count > 1) {
    return 26 + 26 * ((step->packets[0] > 0) + (step->packets[1] > 0)) + height_of_notes(step);
  }
  return height_of_label(picture, step) + SLANT + 16 + height_of_notes(step);
}

struct picture_size ladder_svg_size(const struct picture *picture)
{
  const struct story *story = picture->story;
  struct picture_size size = {FRAME_END + 2 * STATES_WIDTH + LANE + 10, HEAD + FOOT};
  char lost[SHORT_WORDING_SIZE];

  size.width += picture->options->no_times ? 0 : TIME_COLUMN;
  for (size_t i = 0; i < story_kept(story); i++) {
    size.height += height_of(picture, story_step(story, i)) + (lost_wording(lost, story, i) ? LOST : 0);
  }
  size.height += lost_wording(lost, story, story_kept(story)) ? LOST : 0;
  return size;
}

/* ---------------------------------------------------------------- rows */

static const char *class_of_phase(unsigned phase)
{
  static const char *const classes[TCPSTATE_PHASE_COUNT] = {
      [TCPSTATE_PHASE_HANDSHAKE] = "open", [TCPSTATE_PHASE_DATA] = "estab",  [TCPSTATE_PHASE_CLOSE] = "close",
      [TCPSTATE_PHASE_RESET] = "reset",    [TCPSTATE_PHASE_CLOSED] = "none",
  };
  return classes[phase];
}

static void put_margin(const struct drawing *drawing, const struct step *step, double y, uint64_t frame,
                       int64_t time_ns)
{
  char text[SHORT_WORDING_SIZE];

  snprintf(text, sizeof text, "%" PRIu64, frame);
  svg_text(drawing->output, FRAME_END, y, "mono end", text);
  if (!drawing->picture->options->no_times) {
    time_wording(text, drawing->picture->connection, step, time_ns);
    svg_text(drawing->output, drawing->time_end, y, "mono dim end", text);
  }
}

static void put_notes(const struct drawing *drawing, const struct step *step, double y)
{
  const char *style = step->annotation.phase == TCPSTATE_PHASE_RESET ? "small middle word reset" : "small middle dim";
  char notes[WORDING_SIZE];
  char line[NOTES_MAX + 1];
  const char *text = notes;

  notes_wording(notes, step);
  while (*text != '\0') {
    size_t length = line_length(text, NOTES_MAX);

    snprintf(line, sizeof line, "%.*s", (int)length, text);
    svg_text(drawing->output, middle(drawing), y, style, line);
    text += length + (text[length] == ' ');
    y += LINE;
  }
}

static void put_label(const struct drawing *drawing, const struct step *step, double y)
{
  struct output *output = drawing->output;
  char flags[SHORT_WORDING_SIZE];
  char numbers[SHORT_WORDING_SIZE];

  flags_wording(flags, step->flags);
  numbers_wording(numbers, step, !drawing->picture->options->no_numbers);
  if (height_of_label(drawing->picture, step) > LINE) {
    svg_text(output, middle(drawing), y + LINE - 3, "middle bold", flags);
    svg_text(output, middle(drawing), y + 2 * LINE - 3, "middle", numbers);
    return;
  }
  svg_markup(output, "<text x=\"%.1f\" y=\"%.1f\" class=\"middle\"><tspan class=\"bold\">%s</tspan>%s%s</text>\n",
             middle(drawing), y + LINE - 3, flags, numbers[0] != '\0' ? " \302\240" : "", numbers);
}

/* From one endpoint to the other, `inset` short of their bars. */
static void put_arrow(const struct drawing *drawing, unsigned sender, double y, double inset, const char *style,
                      double fall, const char *colour)
{
  double direction = sender == SEAT_LEFT ? 1 : -1;
  double from = x_of(drawing, sender) + direction * (BAR_WIDTH / 2.0 + inset);
  double to = x_of(drawing, !sender) - direction * (BAR_WIDTH / 2.0 + inset + 1);

  svg_markup(drawing->output, "<path class=\"line %s stroke %s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", colour, style, from,
             y, to - direction * 8, y + fall * 0.98);
  svg_arrow_head(drawing->output, from, y, to, y + fall, colour);
}

static void put_segment(struct drawing *drawing, const struct step *step, double y)
{
  const struct picture *picture = drawing->picture;
  unsigned sender = sender_seat(picture->story, step);
  double departure = y + height_of_label(picture, step) + 3;

  put_margin(drawing, step, departure + 4, step->first_frame, step->first_ns);
  put_label(drawing, step, y);
  put_arrow(drawing, sender, departure, 1, is_sent_again(step) ? "again" : "once", SLANT,
            class_of_phase(step->annotation.phase));
  put_notes(drawing, step, departure + SLANT + 11);
  bar_follow(&drawing->bars, sender, departure, step, role_at(picture->story, step, sender));
  bar_follow(&drawing->bars, !sender, departure + SLANT, step, role_at(picture->story, step, !sender));
}

/* A band with one thick arrow for what each endpoint sent. */
static void put_run(struct drawing *drawing, const struct step *step, double y)
{
  const struct picture *picture = drawing->picture;
  int height = height_of(picture, step);
  double at = y + 24;

  svg_markup(drawing->output, "<rect class=\"band\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n",
             x_of(drawing, SEAT_LEFT) + 12, y + 2, LANE - 24, height - 10);
  put_margin(drawing, step, y + 18, step->first_frame, step->first_ns);
  put_margin(drawing, step, y + height - 16, step->last_frame, step->last_ns);
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    unsigned role = role_at(picture->story, step, seat);
    char text[SHORT_WORDING_SIZE];

    if (step->packets[role] > 0) {
      run_wording(text, step, role);
      svg_text(drawing->output, middle(drawing), at - 6, "middle", text);
      put_arrow(drawing, seat, at, 22, "thick", 0, class_of_phase(step->annotation.phase));
      at += 26;
    }
  }
  put_notes(drawing, step, at - 8);
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    bar_follow(&drawing->bars, seat, y + height - 8, step, role_at(picture->story, step, seat));
  }
}

static double put_lost(const struct drawing *drawing, size_t index, double y)
{
  char text[SHORT_WORDING_SIZE];

  if (!lost_wording(text, drawing->picture->story, index)) {
    return y;
  }
  svg_text(drawing->output, middle(drawing), y + 20, "middle dim", text);
  return y + LOST;
}

static double put_row(struct drawing *drawing, const struct step *step, double y)
{
  svg_markup(drawing->output, "<g class=\"%s\" id=\"frame-%" PRIu64 "\">\n", step->count > 1 ? "run" : "segment",
             step->first_frame);
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    bar_jump(&drawing->bars, seat, y - 2, step->annotation.previous[role_at(drawing->picture->story, step, seat)]);
  }
  (step->count > 1 ? put_run : put_segment)(drawing, step, y);
  put_text(drawing->output, "</g>\n");
  return y + height_of(drawing->picture, step);
}

/* ---------------------------------------------------------------- head and foot */

static void put_endpoint(struct drawing *drawing, unsigned seat)
{
  const struct story *story = drawing->picture->story;
  const tcpstate_connection *connection = drawing->picture->connection;
  unsigned state = connection->state[seat];
  unsigned certainty = TCPSTATE_ASSUMED;
  char name[SHORT_WORDING_SIZE];
  char endpoint[ENDPOINT_SIZE];

  role_wording(name, connection, seat);
  endpoint_text(endpoint, connection->ip_version, connection->address[seat], connection->port[seat]);
  svg_text(drawing->output, x_of(drawing, seat), 82, "middle bold", name);
  svg_text(drawing->output, x_of(drawing, seat), 98, "middle mono dim", endpoint);
  if (story_kept(story) > 0) {
    const struct step *first = story_step(story, 0);
    unsigned role = role_at(story, first, seat);

    state = first->annotation.previous[role];
    certainty = first->annotation.certainty[role] == TCPSTATE_GUESSED ? TCPSTATE_GUESSED : TCPSTATE_ASSUMED;
  }
  bar_begin(&drawing->bars, seat, 112, state, certainty);
}

static void put_head(struct drawing *drawing)
{
  const struct picture *picture = drawing->picture;

  svg_heading(drawing->output, picture->source, picture->connection);
  svg_text(drawing->output, FRAME_END, 126, "small dim end", "frame");
  if (!picture->options->no_times) {
    svg_text(drawing->output, drawing->time_end, 126, "small dim end", "seconds");
  }
  put_endpoint(drawing, SEAT_LEFT);
  put_endpoint(drawing, SEAT_RIGHT);
}

static void put_legend(const struct drawing *drawing, double y)
{
  static const char *const words[TCPSTATE_CERTAINTY_COUNT] = {[TCPSTATE_OBSERVED] = "observed: the wire proves it",
                                                              [TCPSTATE_ASSUMED] = "assumed: if the segment arrives",
                                                              [TCPSTATE_GUESSED] = "guessed: the capture has a gap"};
  double x = 24;

  for (unsigned certainty = 0; certainty < TCPSTATE_CERTAINTY_COUNT; certainty++) {
    svg_markup(drawing->output,
               "<rect x=\"%.1f\" y=\"%.1f\" width=\"26\" height=\"12\" rx=\"6\" class=\"estab %s\"/>\n", x, y - 10,
               bar_class(certainty));
    svg_text(drawing->output, x + 34, y, "small dim", words[certainty]);
    x += 228;
  }
  svg_markup(drawing->output, "<path class=\"line again\" d=\"M%.1f %.1fh26\"/>\n", x, y - 4);
  svg_text(drawing->output, x + 34, y, "small dim", "sent again");
}

/* What happened to an endpoint after its last segment, and the bars' ends. */
static void put_foot(struct drawing *drawing, double y)
{
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    bar_jump(&drawing->bars, seat, y + 6, drawing->picture->connection->state[seat]);
    bar_end(&drawing->bars, seat, y + 24);
  }
  put_legend(drawing, y + 58);
}

void ladder_svg(const struct picture *picture)
{
  const struct story *story = picture->story;
  struct drawing drawing = {.picture = picture, .output = picture->output, .bars.output = picture->output};
  double y = HEAD;

  drawing.time_end = FRAME_END + (picture->options->no_times ? 0 : TIME_COLUMN);
  drawing.bars.bars[SEAT_LEFT].x = drawing.time_end + STATES_WIDTH;
  drawing.bars.bars[SEAT_RIGHT].x = drawing.time_end + STATES_WIDTH + LANE;
  put_head(&drawing);
  for (size_t i = 0; i < story_kept(story) && !output_is_broken(picture->output); i++) {
    y = put_row(&drawing, story_step(story, i), put_lost(&drawing, i, y));
  }
  put_foot(&drawing, put_lost(&drawing, story_kept(story), y));
}
