/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ladder for a terminal: the sender's state stands in the line of the segment's label, for it departs there; the
 * receiver's in the line below, where the arrow arrives.
 */
#include "../output/endpoint.h"
#include "../output/style.h"
#include "pictures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In columns. A state has room for its longest name and two marks. */
enum { TIME_WIDTH = 11, FRAME_WIDTH = 6, STATE_WIDTH = 14, LINES_WIDTH = 2 };

struct glyphs {
  const char *life;   /* of an endpoint */
  const char *gap;    /* the same, where segments are folded or left out */
  const char *shaft;  /* of an arrow */
  const char *dashes; /* of a segment that is sent again */
  const char *thick;  /* of a run */
  const char *left;
  const char *right;
};

static const struct glyphs glyphs_utf8 = {"│", "┊", "─", "╌", "═", "◀", "▶"};
static const struct glyphs glyphs_ascii = {"|", ":", "-", "~", "=", "<", ">"};

struct ladder_page {
  const struct picture *picture;
  struct output *output;
  const struct glyphs *glyphs;
  int lane; /* columns between the endpoints */
};

/* ---------------------------------------------------------------- parts of a line */

static void put_repeated(struct output *output, const char *text, int count)
{
  for (; count > 0; count--) {
    put_text(output, text);
  }
}

static void put_right(struct output *output, const char *text, int width)
{
  put_repeated(output, " ", width - (int)strlen(text));
  put_text(output, text);
}

static void put_centred(struct output *output, const char *text, size_t length, int width)
{
  int blanks = width - (int)length;

  put_repeated(output, " ", blanks / 2);
  put_bytes(output, text, length);
  put_repeated(output, " ", blanks - blanks / 2);
}

static int left_margin(const struct picture *picture)
{
  return FRAME_WIDTH + (picture->options->no_times ? 0 : TIME_WIDTH) + 1 + STATE_WIDTH + 1;
}

/* Everything left of the client's line. */
static void put_margin(const struct ladder_page *page, const char *frame, const char *time, const char *state,
                       bool moved)
{
  struct output *output = page->output;

  put_right(output, frame, FRAME_WIDTH);
  if (!page->picture->options->no_times) {
    put_right(output, time, TIME_WIDTH);
  }
  put_repeated(output, " ", STATE_WIDTH + 1 - (int)strlen(state));
  style_begin(output, page->picture->colour && moved, STYLE_BOLD);
  put_text(output, state);
  if (moved) {
    style_end(output, page->picture->colour);
  }
  put_char(output, ' ');
}

static void put_server(const struct ladder_page *page, const char *state, bool moved)
{
  if (state[0] != '\0') {
    put_char(page->output, ' ');
    style_begin(page->output, page->picture->colour && moved, STYLE_BOLD);
    put_text(page->output, state);
    if (moved) {
      style_end(page->output, page->picture->colour);
    }
  }
  put_char(page->output, '\n');
}

/* ---------------------------------------------------------------- states */

struct side_state {
  char text[24];
  bool moved;
};

/* As annotate marks them: a star has moved, a question mark is guessed. */
static struct side_state describe(const struct step *step, unsigned role)
{
  const tcpstate_annotation *annotation = &step->annotation;
  struct side_state state = {.moved = annotation->state[role] != annotation->previous[role]};

  snprintf(state.text, sizeof state.text, "%s%s%s", state.moved ? "*" : "",
           tcpstate_state_name(annotation->state[role]), annotation->certainty[role] == TCPSTATE_GUESSED ? "?" : "");
  return state;
}

/* ---------------------------------------------------------------- lines */

/* One line of a row; the states of the endpoints that stand in it. */
struct line {
  char frame[SHORT_WORDING_SIZE];
  char time[SHORT_WORDING_SIZE];
  struct side_state states[SEAT_COUNT];
};

static void begin_line(const struct ladder_page *page, const struct line *line, const char *life)
{
  const struct side_state *client = &line->states[SEAT_LEFT];

  put_margin(page, line->frame, line->time, client->text, client->moved);
  put_text(page->output, life);
}

static void end_line(const struct ladder_page *page, const struct line *line, const char *life)
{
  put_text(page->output, life);
  put_server(page, line->states[SEAT_RIGHT].text, line->states[SEAT_RIGHT].moved);
}

/* `text` in as many lines as it needs; the first one is `line`, which is empty afterwards. */
static void put_in_lane(const struct ladder_page *page, struct line *line, const char *text, const char *life,
                        enum style style)
{
  while (*text != '\0') {
    size_t length = line_length(text, (size_t)page->lane - 2);

    begin_line(page, line, life);
    style_begin(page->output, page->picture->colour, style);
    put_centred(page->output, text, length, page->lane);
    if (style != STYLE_PLAIN) {
      style_end(page->output, page->picture->colour);
    }
    end_line(page, line, life);
    *line = (struct line){0};
    text += length + (text[length] == ' ');
  }
}

static void put_arrow(const struct ladder_page *page, const struct line *line, const char *life, const char *shaft,
                      enum style style, unsigned sender)
{
  bool colour = page->picture->colour && style != STYLE_PLAIN;

  begin_line(page, line, life);
  style_begin(page->output, colour, style);
  put_text(page->output, sender == SEAT_LEFT ? "" : page->glyphs->left);
  put_repeated(page->output, shaft, page->lane - 1);
  put_text(page->output, sender == SEAT_LEFT ? page->glyphs->right : "");
  style_end(page->output, colour);
  end_line(page, line, life);
}

/* ---------------------------------------------------------------- rows */

static void name_frame(char text[SHORT_WORDING_SIZE], uint64_t frame)
{
  snprintf(text, SHORT_WORDING_SIZE, "%" PRIu64, frame);
}

/* On one line, or the numbers below the flags. */
static void put_label(const struct ladder_page *page, struct line *line, const char *flags, const char *numbers)
{
  char label[2 * SHORT_WORDING_SIZE];

  snprintf(label, sizeof label, "%s%s%s", flags, numbers[0] != '\0' ? " " : "", numbers);
  if ((int)strlen(label) <= page->lane - 2) {
    put_in_lane(page, line, label, page->glyphs->life, STYLE_PLAIN);
  } else {
    put_in_lane(page, line, flags, page->glyphs->life, STYLE_PLAIN);
    put_in_lane(page, line, numbers, page->glyphs->life, STYLE_PLAIN);
  }
}

static void put_segment(const struct ladder_page *page, const struct step *step)
{
  const struct picture *picture = page->picture;
  unsigned sender = sender_seat(picture->story, step);
  char label[SHORT_WORDING_SIZE];
  char numbers[SHORT_WORDING_SIZE];
  char notes[WORDING_SIZE];
  struct line departure = {0};
  struct line arrival = {0};

  flags_wording(label, step->flags);
  numbers_wording(numbers, step, !picture->options->no_numbers);
  notes_wording(notes, step);
  name_frame(departure.frame, step->first_frame);
  time_wording(departure.time, picture->connection, step, step->first_ns);
  departure.states[sender] = describe(step, role_at(picture->story, step, sender));
  arrival.states[!sender] = describe(step, role_at(picture->story, step, !sender));
  put_label(page, &departure, label, numbers);
  put_arrow(page, &arrival, page->glyphs->life, is_sent_again(step) ? page->glyphs->dashes : page->glyphs->shaft,
            style_of_phase(step->annotation.phase), sender);
  put_in_lane(page, &(struct line){0}, notes, page->glyphs->life, style_of_phase(step->annotation.phase));
}

/* First and last frame with their times, and what each endpoint sent in between. */
static void put_run(const struct ladder_page *page, const struct step *step)
{
  const struct picture *picture = page->picture;
  enum style style = style_of_phase(step->annotation.phase);
  unsigned last_seat = step->packets[role_at(picture->story, step, SEAT_RIGHT)] > 0 ? SEAT_RIGHT : SEAT_LEFT;
  struct line first = {0};
  struct line last = {0};
  char text[WORDING_SIZE];

  name_frame(first.frame, step->first_frame);
  name_frame(last.frame, step->last_frame);
  time_wording(first.time, picture->connection, step, step->first_ns);
  time_wording(last.time, picture->connection, step, step->last_ns);
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    last.states[seat] = describe(step, role_at(picture->story, step, seat));
  }
  for (unsigned seat = 0; seat <= last_seat; seat++) {
    unsigned role = role_at(picture->story, step, seat);

    if (step->packets[role] > 0) {
      run_wording(text, step, role);
      put_in_lane(page, &first, text, page->glyphs->gap, STYLE_PLAIN);
      put_arrow(page, seat == last_seat ? &last : &(struct line){0}, page->glyphs->gap, page->glyphs->thick, style,
                seat);
    }
  }
  notes_wording(text, step);
  put_in_lane(page, &(struct line){0}, text, page->glyphs->gap, style);
}

static void put_lost(const struct ladder_page *page, size_t index)
{
  char text[SHORT_WORDING_SIZE];

  if (lost_wording(text, page->picture->story, index)) {
    put_in_lane(page, &(struct line){0}, text, page->glyphs->gap, STYLE_OVER);
  }
}

/* What happened to an endpoint without a segment: time, an ICMP error. */
static void put_moved_between(const struct ladder_page *page, const unsigned from[SEAT_COUNT],
                              const unsigned to[SEAT_COUNT])
{
  struct line line = {0};

  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    if (from[seat] != to[seat]) {
      snprintf(line.states[seat].text, sizeof line.states[seat].text, "*%s", tcpstate_state_name(to[seat]));
      line.states[seat].moved = true;
    }
  }
  if (line.states[SEAT_LEFT].moved || line.states[SEAT_RIGHT].moved) {
    put_in_lane(page, &line, "without a segment", page->glyphs->gap, STYLE_OVER);
  }
}

static void put_rows(const struct ladder_page *page)
{
  const struct story *story = page->picture->story;
  const tcpstate_connection *connection = page->picture->connection;
  unsigned now[SEAT_COUNT] = {0};

  for (size_t i = 0; i < story_kept(story) && !output_is_broken(page->output); i++) {
    const struct step *step = story_step(story, i);
    unsigned before[SEAT_COUNT];

    put_lost(page, i);
    for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
      before[seat] = step->annotation.previous[role_at(story, step, seat)];
    }
    if (i > 0) {
      put_moved_between(page, now, before);
    }
    (step->count > 1 ? put_run : put_segment)(page, step);
    for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
      now[seat] = step->annotation.state[role_at(story, step, seat)];
    }
  }
  put_lost(page, story_kept(story));
  if (story_kept(story) > 0) {
    put_moved_between(page, now, (const unsigned[]){connection->state[SEAT_LEFT], connection->state[SEAT_RIGHT]});
  }
}

/* ---------------------------------------------------------------- head and foot */

/* Text that ends at the client's line, and one that begins at the server's; on two lines if they do not fit on one. */
static void put_pair(const struct ladder_page *page, const char *left, const char *right)
{
  int margin = left_margin(page->picture);
  int column = margin + page->lane + LINES_WIDTH - 1;
  int end = (int)strlen(left) > margin + 1 ? (int)strlen(left) : margin + 1;
  int start = column + (int)strlen(right) <= page->picture->width ? column : page->picture->width - (int)strlen(right);

  put_right(page->output, left, margin + 1);
  if (start < end + 2) {
    put_char(page->output, '\n');
    end = 0;
  }
  put_repeated(page->output, " ", start - end);
  put_text(page->output, right);
  put_char(page->output, '\n');
}

static void put_head(const struct ladder_page *page)
{
  const struct story *story = page->picture->story;
  const tcpstate_connection *connection = page->picture->connection;
  char roles[SEAT_COUNT][SHORT_WORDING_SIZE];
  char endpoints[SEAT_COUNT][ENDPOINT_SIZE];
  struct line start = {.frame = "frame", .time = "seconds"};

  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    role_wording(roles[seat], connection, seat);
    endpoint_text(endpoints[seat], connection->ip_version, connection->address[seat], connection->port[seat]);
    if (story_kept(story) > 0) {
      const struct step *first = story_step(story, 0);

      snprintf(start.states[seat].text, sizeof start.states[seat].text, "%s",
               tcpstate_state_name(first->annotation.previous[role_at(story, first, seat)]));
    }
  }
  put_pair(page, roles[SEAT_LEFT], roles[SEAT_RIGHT]);
  put_pair(page, endpoints[SEAT_LEFT], endpoints[SEAT_RIGHT]);
  begin_line(page, &start, page->glyphs->life);
  put_repeated(page->output, " ", page->lane);
  end_line(page, &start, page->glyphs->life);
}

void ladder_text(const struct picture *picture)
{
  struct ladder_page page = {picture, picture->output, picture->utf8 ? &glyphs_utf8 : &glyphs_ascii, 0};

  page.lane = picture->width - left_margin(picture) - LINES_WIDTH - 1 - STATE_WIDTH;
  put_head(&page);
  put_rows(&page);
}
