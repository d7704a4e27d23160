/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_line.h"

#include <string.h>

enum {
  BLANKS = 48, /* no endpoint is longer */
  GAP = 2,
  STREAM_SIZE = 16,
  PORT_MOST = 5
};

static const struct {
  const char *title;
  bool right; /* numbers */
} columns[LINE_COLUMNS] = {
    [LINE_STREAM] = {"#", true},
    [LINE_START] = {"start", true},
    [LINE_SECONDS] = {"seconds", true},
    [LINE_CLIENT] = {"client", true},
    [LINE_SERVER] = {"server", false},
    [LINE_CLIENT_STATE] = {"client state", false},
    [LINE_SERVER_STATE] = {"server state", false},
    [LINE_OUTCOME] = {"outcome", false},
    [LINE_ZEEK] = {"zeek", false},
    [LINE_BYTES] = {"bytes > <", false},
};

void line_form_prepare(struct line_form *form, int64_t start_ns)
{
  form->start_ns = start_ns;
  for (unsigned column = 0; column < LINE_COLUMNS; column++) {
    form->width[column] = strlen(columns[column].title);
  }
  octets_prepare(&form->octets);
  thousands_prepare(&form->thousands);
  seconds_cell_begin(&form->start, form->width[LINE_START]);
  seconds_cell_begin(&form->seconds, form->width[LINE_SECONDS]);
  memcpy(form->tails.width, &form->width[LINE_CLIENT_STATE], sizeof form->tails.width);
}

static int64_t elapsed(int64_t from, int64_t to)
{
  return (int64_t)((uint64_t)to - (uint64_t)from);
}

/* ---------------------------------------------------------------- widths */

static size_t ipv6_length(const struct line_form *form, const struct known_address *known, unsigned port)
{
  return sizeof "[]:" - 1 + known->size + thousands_length(&form->thousands, port);
}

static void widen(size_t *width, size_t length)
{
  *width = length > *width ? length : *width;
}

static void measure_ipv6(struct line_form *form, const tcpstate_connection *connection)
{
  for (unsigned role = 0; role < 2; role++) {
    const struct known_address *known = known_address(form->known, connection->address[role]);

    widen(&form->width[LINE_CLIENT + role], ipv6_length(form, known, connection->port[role]));
  }
}

static inline void measure_ipv4(struct line_form *form, const tcpstate_connection *connection, unsigned role)
{
  size_t length = octets_length(&form->octets, connection->address[role]) + 1;
  size_t *width = &form->width[LINE_CLIENT + role];

  if (length + PORT_MOST > *width) {
    widen(width, length + thousands_length(&form->thousands, connection->port[role]));
  }
}

_Static_assert(LINE_CLIENT + (int)TCPSTATE_SERVER == LINE_SERVER, "columns in the order of the roles");

/* As line_write() will find them; the last column is as wide as it is. */
void line_measure(struct line_form *form, const tcpstate_connection *connection)
{
  form->has_lines = true;
  form->last_stream = connection->stream > form->last_stream ? connection->stream : form->last_stream;
  seconds_cell_measure(&form->start, elapsed(form->start_ns, connection->first_time_ns));
  seconds_cell_measure(&form->seconds, elapsed(connection->first_time_ns, connection->last_time_ns));
  if (connection->ip_version == 4) {
    measure_ipv4(form, connection, TCPSTATE_CLIENT);
    measure_ipv4(form, connection, TCPSTATE_SERVER);
  } else {
    measure_ipv6(form, connection);
  }
  connection_tail_measure(&form->tails, connection);
}

APART static void keep_tens(struct line_form *form, uint32_t tens)
{
  char digits[DIGITS_MOST];
  size_t count = tens == 0 ? 0 : (size_t)(digits_write(digits, tens) - digits);
  size_t end = form->width[LINE_STREAM] - 1;

  form->tens = tens;
  memset(form->tens_text, ' ', sizeof form->tens_text);
  memcpy(form->tens_text + end - count, digits, count);
  form->tens_text[end - count - 1] = '#';
}

void line_form_measured(struct line_form *form)
{
  seconds_cell_end(&form->start);
  seconds_cell_end(&form->seconds);
  connection_tails_end(&form->tails);
  form->width[LINE_START] = form->start.width;
  form->width[LINE_SECONDS] = form->seconds.width;
  memcpy(&form->width[LINE_CLIENT_STATE], form->tails.width, sizeof form->tails.width);
  if (form->has_lines) {
    widen(&form->width[LINE_STREAM], 1 + digits_count(form->last_stream));
    keep_tens(form, 0);
  }
}

/* ---------------------------------------------------------------- cells */

static char *write_blanks(char *at, size_t count)
{
  memset(at, ' ', BLANKS);
  return at + count;
}

/* Most streams have the tens of the one before. */
static char *write_stream(struct line_form *form, char *at, uint32_t stream)
{
  size_t width = form->width[LINE_STREAM];
  uint32_t tens = stream / 10;

  if (tens != form->tens) {
    keep_tens(form, tens);
  }
  memcpy(at, form->tens_text, sizeof form->tens_text);
  at[width - 1] = (char)('0' + (stream - tens * 10));
  return at + width + GAP;
}

static char *write_ipv6(const struct line_form *form, char *at, const struct known_address *known, unsigned port)
{
  *at = '[';
  memcpy(at + 1, known->text, sizeof known->text);
  at += 1 + known->size;
  *at = ']';
  *++at = ':';
  return thousands_write(&form->thousands, at + 1, port);
}

/* Up to its end, where the column ends. */
static char *write_client(struct line_form *form, char *at, const tcpstate_connection *connection)
{
  const uint8_t *address = connection->address[TCPSTATE_CLIENT];
  unsigned port = connection->port[TCPSTATE_CLIENT];
  char *end = write_blanks(at, form->width[LINE_CLIENT]);

  if (connection->ip_version == 4) {
    char *colon = end - thousands_length(&form->thousands, port) - 1;

    octets_write_before(&form->octets, colon, address);
    *colon = ':';
    thousands_write(&form->thousands, colon + 1, port);
  } else {
    const struct known_address *known = known_address(form->known, address);

    write_ipv6(form, end - ipv6_length(form, known, port), known, port);
  }
  memset(end, ' ', GAP);
  return end + GAP;
}

static char *write_server(struct line_form *form, char *at, const tcpstate_connection *connection)
{
  const uint8_t *address = connection->address[TCPSTATE_SERVER];
  unsigned port = connection->port[TCPSTATE_SERVER];
  char *end;

  if (connection->ip_version == 4) {
    end = octets_write(&form->octets, at, address);
    *end = ':';
    end = thousands_write(&form->thousands, end + 1, port);
  } else {
    end = write_ipv6(form, at, known_address(form->known, address), port);
  }
  write_blanks(end, 0);
  return at + form->width[LINE_SERVER] + GAP;
}

static char *write_bytes(const struct line_form *form, char *at, const uint64_t bytes[2])
{
  if ((bytes[0] | bytes[1]) == 0) { /* of most that are one segment long */
    memcpy(at, "0 0", sizeof "0 0");
    return at + sizeof "0 0" - 1;
  }
  at = thousands_write(&form->thousands, at, bytes[TCPSTATE_CLIENT]);
  *at = ' ';
  return thousands_write(&form->thousands, at + 1, bytes[TCPSTATE_SERVER]);
}

char *line_write(struct line_form *form, const tcpstate_connection *connection, char *at)
{
  int64_t start_ns = elapsed(form->start_ns, connection->first_time_ns);
  int64_t elapsed_ns = elapsed(connection->first_time_ns, connection->last_time_ns);

  at = write_stream(form, at, connection->stream);
  at = seconds_cell_write(&form->start, &form->thousands, at, start_ns);
  at = seconds_cell_write(&form->seconds, &form->thousands, at, elapsed_ns);
  at = write_client(form, at, connection);
  at = write_server(form, at, connection);
  at = connection_tail_write(&form->tails, at, connection);
  return write_bytes(form, at, connection->bytes);
}

char *line_write_titles(const struct line_form *form, char *at)
{
  for (unsigned column = 0; column < LINE_COLUMNS; column++) {
    size_t length = strlen(columns[column].title);
    size_t blanks = column + 1 < LINE_COLUMNS ? form->width[column] - length : 0;

    at = write_blanks(at, (column > 0 ? GAP : 0) + (columns[column].right ? blanks : 0));
    memcpy(at, columns[column].title, length);
    at = write_blanks(at + length, columns[column].right ? 0 : blanks);
  }
  return at;
}
