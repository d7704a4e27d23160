/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A connection as a line of the table for people, written by hand into a buffer with room for it. The columns are as
 * wide as the widest of their cells, so every connection is measured before the first is written.
 */
#ifndef CLI_CONNECTION_LINE_H
#define CLI_CONNECTION_LINE_H

#include "apart.h"
#include "connection_tail.h"
#include "known_addresses.h"
#include "octets.h"
#include "seconds_cell.h"
#include "tcpstate/tcpstate.h"

#include <stdbool.h>
#include <stddef.h>

enum line_column {
  LINE_STREAM,
  LINE_START,
  LINE_SECONDS,
  LINE_CLIENT,
  LINE_SERVER,
  LINE_CLIENT_STATE,
  LINE_SERVER_STATE,
  LINE_OUTCOME,
  LINE_ZEEK,
  LINE_BYTES,
  LINE_COLUMNS
};

enum { LINE_MOST = 512 };

struct line_form {
  int64_t start_ns; /* of the whole table */
  size_t width[LINE_COLUMNS];
  uint32_t last_stream; /* the highest */
  bool has_lines;
  uint32_t tens;      /* of the stream, whose text this is: */
  char tens_text[16]; /* up to the last digit, and the blanks behind that */
  struct seconds_cell start;
  struct seconds_cell seconds;
  struct octets octets;
  struct thousands thousands;
  struct connection_tails tails;
  struct known_address known[KNOWN_ADDRESSES];
};

/* The form was zeroed before. */
void line_form_prepare(struct line_form *form, int64_t start_ns);

/* The line of a connection of which no more is known than tcpstate_connection_peek() tells. Else it has to be whole. */
static inline bool line_is_known(const struct line_form *form, const tcpstate_connection *connection)
{
  return connection_tail_is_known(&form->tails, connection);
}

/* All lines are measured, then the widths are made out, then the lines are written. */
void line_measure(struct line_form *form, const tcpstate_connection *connection);
void line_form_measured(struct line_form *form);

/* At most LINE_MOST bytes, without the end of the line; the end of what was written. */
APART char *line_write(struct line_form *form, const tcpstate_connection *connection, char *at);
char *line_write_titles(const struct line_form *form, char *at);

#endif
