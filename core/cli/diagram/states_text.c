/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The ways of both endpoints through the states, side by side: what stands on one line happened with one frame.
 */
#include "../output/endpoint.h"
#include "../output/style.h"
#include "pictures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct states_page {
  const struct picture *picture;
  struct path paths[SEAT_COUNT];
  size_t next[SEAT_COUNT]; /* step that is not told yet */
  const char *line;
  const char *arrow;
  int column;
};

/* ---------------------------------------------------------------- one line of both */

struct cell {
  char text[2 * SHORT_WORDING_SIZE];
  enum style style;
  bool on_line; /* the endpoint's line goes on here */
  bool ends;    /* with an arrow */
};

static void put_cell(const struct states_page *page, const struct cell *cell, bool last)
{
  struct output *output = page->picture->output;
  bool colour = page->picture->colour && cell->style != STYLE_PLAIN;
  int used = (int)strlen(cell->text);

  if (cell->on_line) {
    put_text(output, cell->ends ? page->arrow : page->line);
    put_text(output, cell->text[0] != '\0' ? "  " : "");
    used += cell->text[0] != '\0' ? 3 : 1;
  }
  style_begin(output, colour, cell->style);
  put_text(output, cell->text);
  style_end(output, colour);
  for (int blanks = used < page->column ? page->column - used : 1; !last && blanks > 0; blanks--) {
    put_char(output, ' ');
  }
}

static void put_cells(const struct states_page *page, const struct cell cells[SEAT_COUNT])
{
  put_cell(page, &cells[SEAT_LEFT], cells[SEAT_RIGHT].text[0] == '\0' && !cells[SEAT_RIGHT].on_line);
  put_cell(page, &cells[SEAT_RIGHT], true);
  put_char(page->picture->output, '\n');
}

/* ---------------------------------------------------------------- one frame */

static const struct path_step *next_step(const struct states_page *page, unsigned seat)
{
  return page->next[seat] < page->paths[seat].count ? &page->paths[seat].steps[page->next[seat]] : NULL;
}

static enum style style_of_step(const struct path_step *step)
{
  switch (step->to) {
  case TCPSTATE_SYN_SENT:
  case TCPSTATE_SYN_RECEIVED:
    return STYLE_HANDSHAKE;
  case TCPSTATE_ESTABLISHED:
  case TCPSTATE_LISTEN:
  case TCPSTATE_UNKNOWN:
    return STYLE_BOLD;
  case TCPSTATE_CLOSED:
    return STYLE_OVER;
  default:
    return STYLE_CLOSE;
  }
}

/* Three lines: what happened, by which section, and the new state. */
static void put_block(struct states_page *page, const bool moves[SEAT_COUNT])
{
  struct cell what[SEAT_COUNT] = {0};
  struct cell why[SEAT_COUNT] = {0};
  struct cell state[SEAT_COUNT] = {0};

  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    const struct path_step *step = next_step(page, seat);

    what[seat].on_line = why[seat].on_line = step != NULL;
    state[seat].on_line = step != NULL && !moves[seat];
    if (moves[seat] && step != NULL) {
      char section[SHORT_WORDING_SIZE];
      char frame[32] = "";

      if (step->frame != 0) {
        snprintf(frame, sizeof frame, "%" PRIu64 ": ", step->frame);
      }
      snprintf(what[seat].text, sizeof what[seat].text, "%s%s", frame, step_wording(step, section));
      snprintf(why[seat].text, sizeof why[seat].text, section[0] != '\0' ? "RFC 9293 %s" : "%s", section);
      snprintf(state[seat].text, sizeof state[seat].text, "%s", tcpstate_state_name(step->to));
      why[seat].ends = true;
      why[seat].style = STYLE_OVER;
      state[seat].style = style_of_step(step);
      page->next[seat]++;
    }
  }
  put_cells(page, what);
  put_cells(page, why);
  put_cells(page, state);
}

/* Frame of the endpoint's next step. One without a frame of its own comes before the next that has one, or last. */
static uint64_t next_frame(const struct states_page *page, unsigned seat)
{
  const struct path *path = &page->paths[seat];

  for (size_t i = page->next[seat]; i < path->count; i++) {
    if (path->steps[i].frame != 0) {
      return path->steps[i].frame;
    }
  }
  return UINT64_MAX;
}

static bool choose(const struct states_page *page, bool moves[SEAT_COUNT])
{
  const struct path_step *left = next_step(page, SEAT_LEFT);
  const struct path_step *right = next_step(page, SEAT_RIGHT);
  uint64_t left_frame = next_frame(page, SEAT_LEFT);
  uint64_t right_frame = next_frame(page, SEAT_RIGHT);

  moves[SEAT_LEFT] = left != NULL && (right == NULL || left_frame <= right_frame);
  moves[SEAT_RIGHT] = right != NULL && (left == NULL || right_frame <= left_frame);
  return left != NULL || right != NULL;
}

/* ---------------------------------------------------------------- the page */

void states_text(const struct picture *picture)
{
  struct states_page page = {.picture = picture, .column = picture->width / 2};
  struct cell head[SEAT_COUNT] = {0};
  struct cell start[SEAT_COUNT] = {0};
  bool moves[SEAT_COUNT];

  page.line = picture->utf8 ? "│" : "|";
  page.arrow = picture->utf8 ? "▼" : "v";
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    char role[SHORT_WORDING_SIZE];

    path_read(&page.paths[seat], picture->story, picture->connection, seat);
    role_wording(role, picture->connection, seat);
    snprintf(head[seat].text, sizeof head[seat].text, "%s", role);
    snprintf(start[seat].text, sizeof start[seat].text, "%s", tcpstate_state_name(page.paths[seat].start));
  }
  put_cells(&page, head);
  for (unsigned seat = 0; seat < SEAT_COUNT; seat++) {
    endpoint_text(head[seat].text, picture->connection->ip_version, picture->connection->address[seat],
                  picture->connection->port[seat]);
  }
  put_cells(&page, head);
  put_char(picture->output, '\n');
  put_cells(&page, start);
  while (choose(&page, moves) && !output_is_broken(picture->output)) {
    put_block(&page, moves);
  }
}
