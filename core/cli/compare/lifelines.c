/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lifelines.h"

#include "../diagram/svg.h"
#include "../output/endpoint.h"

#include <stdio.h>

/* In pixels. */
enum {
  WIDTH = 1000,
  TIME_END = 92,
  A_LINE = 250,
  B_LINE = 690,
  MIDDLE = (A_LINE + B_LINE) / 2,
  STATE_GAP = 12,
  NOTE_START = 830,
  HEAD = 84, /* of one connection */
  ROW = 36,
  SLANT = 12,
  FOOT = 24,
  MARGIN = 20
};

enum { MOST_CONNECTIONS = 50, MOST_ROWS = 200, TEXT = 160 };

static bool is_drawn(const struct comparison *comparison, uint32_t index)
{
  return comparison->options->has_stream ? comparison->options->stream == index : index < MOST_CONNECTIONS;
}

static int height_of(const struct compare_connection *connection)
{
  const uint32_t rows = connection->row_count < MOST_ROWS ? connection->row_count : MOST_ROWS;

  return HEAD + (int)rows * ROW + FOOT + (connection->row_count > MOST_ROWS ? ROW : 0);
}

/* ---------------------------------------------------------------- one segment */

static const char *class_of(const struct compare_row *row)
{
  switch (row->verdict) {
  case COMPARE_LOST:
  case COMPARE_INJECTED:
  case COMPARE_PARTIAL:
    return "reset";
  case COMPARE_BOTH:
    return row->changes != 0 ? "close" : "estab";
  default:
    return "wait";
  }
}

static void put_cross(struct output *output, double x, double y)
{
  svg_markup(output, "<path class=\"line reset stroke\" d=\"M%.1f %.1fl10 10m0 -10l-10 10\"/>\n", x - 5, y - 5);
}

static void put_arrow(struct output *output, const struct compare_row *row, double y)
{
  const bool rightwards = row->from_tap == COMPARE_A;
  const bool starts = row->sight[row->from_tap].frame != 0;
  const bool ends = row->sight[1 - row->from_tap].frame != 0;
  const double from = starts ? (rightwards ? A_LINE : B_LINE) : MIDDLE;
  const double to = ends ? (rightwards ? B_LINE : A_LINE) : MIDDLE;
  const char *style = class_of(row);

  svg_markup(output, "<path class=\"line %s stroke%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", style,
             row->verdict == COMPARE_DUPLICATED ? " again" : "", from, y, to, y + SLANT);
  if (ends) {
    svg_arrow_head(output, from, y, to, y + SLANT, style);
  } else {
    put_cross(output, to, y + SLANT);
  }
  if (!starts) {
    svg_markup(output, "<circle class=\"reset\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n", from, y);
  }
}

static void put_label(struct output *output, const struct compare_row *row, double y)
{
  const struct compare_sight *sight = &row->sight[row->sight[COMPARE_A].frame != 0 ? COMPARE_A : COMPARE_B];
  char flags[FLAGS_SIZE];
  char text[TEXT];

  flags_text(flags, sight->flags);
  snprintf(text, sizeof text, "%s seq %u len %u", flags, sight->seq, sight->length);
  svg_text(output, MIDDLE, y - 4, "mono middle", text);
}

/* Verdict and changes at the right, the delay below. */
static void put_notes(struct output *output, const struct compare_row *row, double y)
{
  char text[TEXT];

  if (row->verdict != COMPARE_BOTH) {
    svg_text(output, NOTE_START, y, "small word bold reset", compare_verdict_name(row->verdict));
    return;
  }
  if (row->has_delay) {
    snprintf(text, sizeof text, "%.3f ms", (double)row->delay_ns / 1e6);
    svg_text(output, NOTE_START, y, "mono dim", text);
  }
  if ((row->changes & ~(unsigned)COMPARE_IP_ID) != 0) {
    svg_markup(output, "<text x=\"%d\" y=\"%.1f\" class=\"small word close\">", NOTE_START, y + 13);
    put_changes(output, row->changes & ~(unsigned)COMPARE_IP_ID);
    put_text(output, "</text>\n");
  }
}

static void put_state(struct output *output, const struct line *line, enum compare_side side, double y)
{
  const unsigned role = line->connection.client_tap == side ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
  char style[TEXT];

  if (line->row.end[role].frame != 0) {
    snprintf(style, sizeof style, "small word %s%s", svg_class_of_state(line->row.end[role].state),
             side == COMPARE_A ? " end" : "");
    svg_text(output, side == COMPARE_A ? A_LINE - STATE_GAP : B_LINE + STATE_GAP, y, style,
             tcpstate_state_name(line->row.end[role].state));
  }
}

static void put_row(struct output *output, const struct line *line, double y)
{
  const bool rightwards = line->row.from_tap == COMPARE_A;

  if (line->row.has_time) {
    char text[TEXT];

    snprintf(text, sizeof text, "%.6f", (double)(line->row.time_ns - line->connection.start_ns) / 1e9);
    svg_text(output, TIME_END, y + 4, "mono dim end", text);
  }
  put_label(output, &line->row, y);
  put_arrow(output, &line->row, y);
  put_state(output, line, COMPARE_A, y + 4 + (rightwards ? 0 : SLANT));
  put_state(output, line, COMPARE_B, y + 4 + (rightwards ? SLANT : 0));
  put_notes(output, &line->row, y + 4);
}

/* ---------------------------------------------------------------- one connection */

static void put_lifeline(struct output *output, const struct compare_connection *connection, enum compare_side side,
                         double y, int height)
{
  const unsigned role = connection->client_tap == side ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
  const int x = side == COMPARE_A ? A_LINE : B_LINE;
  char endpoint[ENDPOINT_SIZE];
  char text[TEXT];

  endpoint_text(endpoint, connection->ip_version[side], connection->address[side][role], connection->port[side][role]);
  snprintf(text, sizeof text, "tap %s, at the %s", side == COMPARE_A ? "A" : "B", tcpstate_role_name(role));
  svg_text(output, x, y + 40, "middle bold", text);
  svg_text(output, x, y + 56, "middle mono dim", endpoint);
  svg_markup(output, "<path class=\"faint\" d=\"M%d %.1fV%.1f\"/>\n", x, y + 64, y + height - FOOT / 2.0);
}

static void put_connection(const struct comparison *comparison, struct output *output, uint32_t index, double y)
{
  struct walker walker = {.comparison = comparison};
  struct compare_connection *connection = &walker.line.connection;
  char text[TEXT];

  compare_connection_get(comparison->compare, index, connection);
  walker.index = connection->first_row;
  walker.line.row.connection = index;
  snprintf(text, sizeof text, "connection %u", index);
  svg_text(output, MARGIN, y + 16, "big bold", text);
  put_lifeline(output, connection, COMPARE_A, y, height_of(connection));
  put_lifeline(output, connection, COMPARE_B, y, height_of(connection));
  y += HEAD;
  for (uint32_t i = 0; i < connection->row_count && i < MOST_ROWS && walker_next(&walker); i++) {
    put_row(output, &walker.line, y);
    y += ROW;
  }
  if (connection->row_count > MOST_ROWS) {
    snprintf(text, sizeof text, "... %u more", connection->row_count - MOST_ROWS);
    svg_text(output, MIDDLE, y, "middle dim", text);
  }
}

void print_lifelines(const struct comparison *comparison, struct output *output)
{
  int height = 2 * MARGIN;
  double y = MARGIN;

  for (uint32_t i = 0; i < comparison->summary.connections; i++) {
    struct compare_connection connection;

    if (is_drawn(comparison, i)) {
      compare_connection_get(comparison->compare, i, &connection);
      height += height_of(&connection);
    }
  }
  svg_begin(output, WIDTH, height, "The same connections at two taps");
  for (uint32_t i = 0; i < comparison->summary.connections && !output_is_broken(output); i++) {
    struct compare_connection connection;

    if (is_drawn(comparison, i)) {
      put_connection(comparison, output, i, y);
      compare_connection_get(comparison->compare, i, &connection);
      y += height_of(&connection);
    }
  }
  svg_end(output);
}
