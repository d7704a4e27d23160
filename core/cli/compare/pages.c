/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pages.h"

#include "../character.h"
#include "../output/endpoint.h"
#include "../output/style.h"
#include "sentences.h"

#include <stdio.h>
#include <string.h>

enum { LADDER_ROWS = 200, FEW_CONNECTIONS = 3, TEXT = 160, TIME_WIDTH = 13, STATE_WIDTH = 12, ARROW_WIDTH = 46 };

/* ---------------------------------------------------------------- summary */

static uint32_t total(const struct compare_connection *connection, enum compare_verdict verdict)
{
  return connection->verdicts[TCPSTATE_CLIENT][verdict] + connection->verdicts[TCPSTATE_SERVER][verdict];
}

bool is_odd(const struct compare_connection *connection)
{
  for (unsigned verdict = 0; verdict < COMPARE_VERDICT_COUNT; verdict++) {
    if (verdict != COMPARE_BOTH && verdict != COMPARE_SPLIT && verdict != COMPARE_MERGED &&
        verdict != COMPARE_OUTSIDE && total(connection, verdict) > 0) {
      return true;
    }
  }
  return connection->reordered > 0 || connection->changed > 0;
}

static void put_format(struct output *output, const char *format, double value)
{
  char text[TEXT];

  snprintf(text, sizeof text, format, value);
  put_text(output, text);
}

static void put_clock(const struct comparison *comparison, struct output *output)
{
  const struct compare_clock *clock = &comparison->summary.clock;

  if (!clock->known) {
    put_text(output, "clocks: nothing was seen at both with a time\n");
    return;
  }
  put_format(output, "clocks: B is %+.6f s", (double)clock->offset_ns / 1e9);
  if (clock->two_way) {
    put_format(output, " (within %.6f s)", (double)clock->error_ns / 1e9);
  } else {
    put_text(output, " or less (one direction only: delays are over the shortest)");
  }
  if (clock->drift != 0) {
    put_format(output, ", %+.1f ppm", clock->drift * 1e6);
  }
  put_text(output, " against A\n");
}

static void put_endpoints(struct output *output, const struct compare_connection *connection, enum compare_side side)
{
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    char text[ENDPOINT_SIZE];

    endpoint_text(text, connection->ip_version[side], connection->address[side][role], connection->port[side][role]);
    put_text(output, role == TCPSTATE_CLIENT ? "" : " > ");
    put_text(output, text);
  }
}

static void put_verdicts(struct output *output, const struct compare_connection *connection, unsigned role)
{
  const char *separator = "";

  put_text(output, role == TCPSTATE_CLIENT ? "  from the client: " : "  from the server: ");
  for (unsigned verdict = 0; verdict < COMPARE_VERDICT_COUNT; verdict++) {
    if (connection->verdicts[role][verdict] > 0) {
      put_text(output, separator);
      put_number(output, connection->verdicts[role][verdict]);
      put_char(output, ' ');
      put_text(output, compare_verdict_name(verdict));
      separator = ", ";
    }
  }
  if (connection->has_delay[role]) {
    put_format(output, "; %.3f", (double)connection->min_delay_ns[role] / 1e6);
    put_format(output, " to %.3f ms on the way", (double)connection->max_delay_ns[role] / 1e6);
  }
  if (connection->has_hops && connection->hops[role] != 0) {
    put_format(output, ", TTL %+.0f", (double)-connection->hops[role]);
  }
  put_char(output, '\n');
}

static void put_connection(struct output *output, uint32_t index, const struct compare_connection *connection,
                           bool colour)
{
  style_begin(output, colour, STYLE_BOLD);
  put_text(output, "connection ");
  put_number(output, index);
  style_end(output, colour);
  put_text(output, ": ");
  put_endpoints(output, connection, COMPARE_A);
  if (connection->translated) {
    put_text(output, ", at B ");
    put_endpoints(output, connection, COMPARE_B);
  }
  put_text(output,
           connection->client_tap == COMPARE_A ? " (A is nearer to the client)\n" : " (B is nearer to the client)\n");
  put_verdicts(output, connection, TCPSTATE_CLIENT);
  put_verdicts(output, connection, TCPSTATE_SERVER);
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    if (connection->shift[role] != 0) {
      put_text(output, "  sequence numbers of the ");
      put_text(output, tcpstate_role_name(role));
      put_format(output, " are larger by %.0f at B\n", (double)connection->shift[role]);
    }
  }
}

/* A name of a file may hold what a terminal obeys. */
static void put_name(struct output *output, const char *name)
{
  while (*name != '\0') {
    uint32_t character;
    size_t length = character_read(name, &character);

    for (size_t i = 0; i < length && character_is_harmless(character); i++) {
      put_char(output, name[i]);
    }
    if (!character_is_harmless(character)) {
      put_char(output, '?');
    }
    name += length;
  }
}

static void put_summary(const struct comparison *comparison, struct output *output)
{
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    put_text(output, side == COMPARE_A ? "A: " : "B: ");
    put_name(output, comparison->taps[side].name);
    put_text(output, ", ");
    put_number(output, comparison->taps[side].count);
    put_text(output, " segments, ");
    put_number(output, comparison->summary.only[side]);
    put_text(output, comparison->summary.only[side] == 1 ? " connection only here\n" : " connections only here\n");
  }
  put_number(output, comparison->summary.connections);
  put_text(output, comparison->summary.connections == 1 ? " connection is in both\n" : " connections are in both\n");
  put_clock(comparison, output);
}

/* ---------------------------------------------------------------- ladder */

static const char *arrow_ends(enum compare_verdict verdict, bool rightwards, const char **right)
{
  switch (verdict) {
  case COMPARE_LOST:
    *right = rightwards ? "X " : "|";
    return rightwards ? "|" : " X";
  case COMPARE_INJECTED:
    *right = rightwards ? "|" : "* ";
    return rightwards ? " *" : "|";
  default:
    *right = "|";
    return "|";
  }
}

/* "|---- F. 1:1 ----->|", of one width. */
static void put_arrow(struct output *output, const struct compare_row *row)
{
  const struct compare_sight *sight = &row->sight[row->sight[COMPARE_A].frame != 0 ? COMPARE_A : COMPARE_B];
  const bool rightwards = row->from_tap == COMPARE_A;
  char label[TEXT];
  char flags[FLAGS_SIZE];
  const char *right;
  const char *left = arrow_ends(row->verdict, rightwards, &right);
  size_t size;

  flags_text(flags, sight->flags);
  snprintf(label, sizeof label, " %s seq %u len %u ", flags, sight->seq, sight->length);
  size = strlen(label);
  put_text(output, left);
  put_text(output, rightwards ? "-" : "<");
  put_text(output, label);
  for (size_t i = size + strlen(left) + strlen(right); i < ARROW_WIDTH; i++) {
    put_char(output, '-');
  }
  put_text(output, rightwards ? ">" : "-");
  put_text(output, right);
}

static void put_padded(struct output *output, const char *text, size_t width)
{
  put_text(output, text);
  for (size_t i = strlen(text); i < width; i++) {
    put_char(output, ' ');
  }
}

/* State of the endpoint at this tap. */
static void put_state(struct output *output, const struct line *line, enum compare_side side)
{
  const unsigned role = line->connection.client_tap == side ? TCPSTATE_CLIENT : TCPSTATE_SERVER;

  const struct compare_end *end = &line->row.end[role];

  put_padded(output, end->frame != 0 ? tcpstate_state_name(end->state) : "", STATE_WIDTH + 1);
}

static enum style style_of(const struct compare_row *row)
{
  return row->verdict == COMPARE_LOST || row->verdict == COMPARE_INJECTED ? STYLE_RESET : STYLE_PLAIN;
}

static void put_step(struct output *output, const struct line *line, bool colour)
{
  const struct compare_row *row = &line->row;
  char text[TEXT] = "";

  if (row->has_time) {
    snprintf(text, sizeof text, "%11.6f  ", (double)(row->time_ns - line->connection.start_ns) / 1e9);
  }
  put_padded(output, text, TIME_WIDTH);
  put_state(output, line, COMPARE_A);
  style_begin(output, colour, style_of(row));
  put_arrow(output, row);
  style_end(output, colour);
  put_char(output, ' ');
  put_state(output, line, COMPARE_B);
  if (row->verdict != COMPARE_BOTH) {
    put_text(output, compare_verdict_name(row->verdict));
    put_char(output, ' ');
  }
  put_changes(output, row->changes & ~(unsigned)COMPARE_IP_ID);
  if (row->has_delay && row->verdict == COMPARE_BOTH) {
    put_format(output, row->changes != 0 ? " %.3f ms" : "%.3f ms", (double)row->delay_ns / 1e6);
  }
  put_char(output, '\n');
}

static void put_ladder(const struct comparison *comparison, struct output *output, uint32_t index, bool colour)
{
  struct compare_connection connection;
  struct walker walker = {.comparison = comparison};

  compare_connection_get(comparison->compare, index, &connection);
  walker.index = connection.first_row;
  walker.line.connection = connection;
  walker.line.row.connection = index;
  put_padded(output, "", TIME_WIDTH);
  put_padded(output, connection.client_tap == COMPARE_A ? "client" : "server", STATE_WIDTH + 1);
  put_padded(output, "A", ARROW_WIDTH + 1);
  put_text(output, connection.client_tap == COMPARE_A ? "B server\n" : "B client\n");
  for (uint32_t i = 0; i < connection.row_count && i < LADDER_ROWS && walker_next(&walker); i++) {
    put_step(output, &walker.line, colour);
    put_sentence(output, &walker.line, comparison->options->language);
  }
  if (connection.row_count > LADDER_ROWS) {
    put_text(output, "  ... ");
    put_number(output, connection.row_count - LADDER_ROWS);
    put_text(output, " more\n");
  }
}

void print_pages(const struct comparison *comparison, struct output *output, bool colour)
{
  const struct options *options = comparison->options;

  put_summary(comparison, output);
  for (uint32_t i = 0; i < comparison->summary.connections && !output_is_broken(output); i++) {
    struct compare_connection connection;

    if (!options_ask_for(options, i)) {
      continue;
    }
    compare_connection_get(comparison->compare, i, &connection);
    put_char(output, '\n');
    put_connection(output, i, &connection, colour);
    if (options->has_stream || comparison->summary.connections <= FEW_CONNECTIONS || is_odd(&connection)) {
      put_ladder(comparison, output, i, colour);
    }
  }
}
