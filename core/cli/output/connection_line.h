/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A connection as a line of the table for people, written by hand into a buffer with room for it. The columns are as
 * wide as the widest of their cells, so every connection is measured before the first is written.
 */
#ifndef CLI_CONNECTION_LINE_H
#define CLI_CONNECTION_LINE_H

#include "octets.h"
#include "tcpstate/tcpstate.h"

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

/* Copied whole, so that its length need not be known when it is compiled. */
struct line_words {
  char text[47];
  uint8_t size;
};

struct line_form {
  int64_t start_ns; /* of the whole table */
  size_t width[LINE_COLUMNS];
  int64_t longest[2]; /* of the times measured, in LINE_START and LINE_SECONDS */
  struct octets octets;
  struct line_words states[TCPSTATE_STATE_COUNT];
  struct line_words outcomes[TCPSTATE_OUTCOME_COUNT][TCPSTATE_CLOSE_COUNT][TCPSTATE_CLOSER_COUNT];
  struct line_words conn_states[TCPSTATE_CONN_STATE_COUNT];
};

void line_form_prepare(struct line_form *form, int64_t start_ns);
void line_measure(struct line_form *form, const tcpstate_connection *connection);

/* At most LINE_MOST bytes, without the end of the line; the end of what was written. */
char *line_write(const struct line_form *form, const tcpstate_connection *connection, char *at);
char *line_write_titles(const struct line_form *form, char *at);

#endif
