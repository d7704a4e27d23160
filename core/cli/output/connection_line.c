/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_line.h"

#include "endpoint.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { BLANKS = 16, GAP = 2, SECONDS_SIZE = 48, FRACTION = 7 /* a point and six digits */ };

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

static struct line_words words_of(const char *outcome, const char *close, const char *closer)
{
  struct line_words words;

  snprintf(words.text, sizeof words.text, "%s%s%s%s%s", outcome, close[0] != '\0' ? " " : "", close,
           closer[0] != '\0' ? " by " : "", closer);
  words.size = (uint8_t)strlen(words.text);
  return words;
}

void line_form_prepare(struct line_form *form, int64_t start_ns)
{
  *form = (struct line_form){.start_ns = start_ns, .longest = {-1, -1}};
  octets_prepare(&form->octets);
  for (unsigned column = 0; column < LINE_COLUMNS; column++) {
    form->width[column] = strlen(columns[column].title);
  }
  for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
    form->states[state] = words_of(tcpstate_state_name(state), "", "");
  }
  for (unsigned state = 0; state < TCPSTATE_CONN_STATE_COUNT; state++) {
    form->conn_states[state] = words_of(tcpstate_conn_state_name(state), "", "");
  }
  for (unsigned outcome = 0; outcome < TCPSTATE_OUTCOME_COUNT; outcome++) {
    for (unsigned close = 0; close < TCPSTATE_CLOSE_COUNT; close++) {
      for (unsigned closer = 0; closer < TCPSTATE_CLOSER_COUNT; closer++) {
        form->outcomes[outcome][close][closer] =
            words_of(tcpstate_outcome_name(outcome), tcpstate_close_name(close), tcpstate_closer_name(closer));
      }
    }
  }
}

static const struct line_words *outcome_words(const struct line_form *form, const tcpstate_connection *connection)
{
  return &form->outcomes[connection->outcome][connection->close][connection->active_closer];
}

static int64_t elapsed(int64_t from, int64_t to)
{
  return (int64_t)((uint64_t)to - (uint64_t)from);
}

/* ---------------------------------------------------------------- seconds, with six decimals */

/* Microseconds as printf would round them; false where that is not certain. */
static bool round_to_micros(int64_t elapsed_ns, uint64_t *micros)
{
  const int64_t precise = INT64_C(1000000000000000); /* up to here a double tells nanoseconds */

  *micros = ((uint64_t)elapsed_ns + 500) / 1000;
  return elapsed_ns >= 0 && elapsed_ns <= precise && elapsed_ns % 1000 != 500;
}

static size_t seconds_length(int64_t elapsed_ns)
{
  uint64_t micros;

  return round_to_micros(elapsed_ns, &micros) ? digits_count(micros / 1000000) + FRACTION
                                              : (size_t)snprintf(NULL, 0, "%.6f", (double)elapsed_ns / 1e9);
}

static char *write_blanks(char *at, size_t count)
{
  for (size_t i = 0; i < count; i += BLANKS) {
    memset(at + i, ' ', BLANKS);
  }
  return at + count;
}

static char *write_seconds(char *at, size_t width, int64_t elapsed_ns)
{
  uint64_t micros;
  uint64_t seconds;
  char eight[8];

  if (elapsed_ns == 0) { /* of most that are one segment long */
    at = write_blanks(at, width - sizeof "0.000000" + 1);
    memcpy(at, "0.000000", sizeof "0.000000" - 1);
    return at + sizeof "0.000000" - 1;
  }
  if (!round_to_micros(elapsed_ns, &micros)) {
    return at + snprintf(at, SECONDS_SIZE, "%*.6f", (int)width, (double)elapsed_ns / 1e9);
  }
  seconds = micros / 1000000;
  at = digits_write(write_blanks(at, width - digits_count(seconds) - FRACTION), seconds);
  eight_digits_write(eight, (uint32_t)(micros - seconds * 1000000));
  *at = '.';
  memcpy(at + 1, eight + 2, 6);
  return at + FRACTION;
}

/* ---------------------------------------------------------------- widths */

static size_t endpoint_length(const struct line_form *form, const tcpstate_connection *connection, unsigned role)
{
  const uint8_t *address = connection->address[role];
  char text[ENDPOINT_SIZE];

  return connection->ip_version == 4 ? octets_length(&form->octets, address) + 1 + digits_count(connection->port[role])
                                     : endpoint_text(text, connection->ip_version, address, connection->port[role]);
}

static void widen(struct line_form *form, enum line_column column, size_t length)
{
  form->width[column] = length > form->width[column] ? length : form->width[column];
}

/* No shorter time has more digits. */
static void measure_time(struct line_form *form, enum line_column column, int64_t elapsed_ns)
{
  int64_t *longest = &form->longest[column - LINE_START];

  if (elapsed_ns < 0 || elapsed_ns > *longest) {
    *longest = elapsed_ns > *longest ? elapsed_ns : *longest;
    widen(form, column, seconds_length(elapsed_ns));
  }
}

/* As line_write() will find them; the last column is as wide as it is. */
void line_measure(struct line_form *form, const tcpstate_connection *connection)
{
  widen(form, LINE_STREAM, 1 + digits_count(connection->stream));
  measure_time(form, LINE_START, elapsed(form->start_ns, connection->first_time_ns));
  measure_time(form, LINE_SECONDS, elapsed(connection->first_time_ns, connection->last_time_ns));
  widen(form, LINE_CLIENT, endpoint_length(form, connection, TCPSTATE_CLIENT));
  widen(form, LINE_SERVER, endpoint_length(form, connection, TCPSTATE_SERVER));
  widen(form, LINE_CLIENT_STATE, form->states[connection->state[TCPSTATE_CLIENT]].size);
  widen(form, LINE_SERVER_STATE, form->states[connection->state[TCPSTATE_SERVER]].size);
  widen(form, LINE_OUTCOME, outcome_words(form, connection)->size);
  widen(form, LINE_ZEEK, form->conn_states[connection->conn_state].size + 1u + strlen(connection->history));
}

/* ---------------------------------------------------------------- cells */

static char *write_stream(const struct line_form *form, char *at, uint32_t stream)
{
  at = write_blanks(at, form->width[LINE_STREAM] - digits_count(stream) - 1);
  *at = '#';
  return digits_write(at + 1, stream);
}

static char *write_endpoint(const struct line_form *form, char *at, const tcpstate_connection *connection,
                            unsigned role)
{
  const uint8_t *address = connection->address[role];

  if (connection->ip_version != 4) {
    return at + endpoint_text(at, connection->ip_version, address, connection->port[role]);
  }
  at = octets_write(&form->octets, at, address);
  *at = ':';
  return digits_write(at + 1, connection->port[role]);
}

static char *write_client(const struct line_form *form, char *at, const tcpstate_connection *connection)
{
  char client[ENDPOINT_SIZE];
  size_t length = (size_t)(write_endpoint(form, client, connection, TCPSTATE_CLIENT) - client);

  at = write_blanks(at, form->width[LINE_CLIENT] - length);
  memcpy(at, client, sizeof client);
  return at + length;
}

/* The cell that begins here, as wide as its column, and the gap behind it. */
static char *fill_up(char *begin, const char *end, size_t width)
{
  size_t length = (size_t)(end - begin);

  return write_blanks(begin + length, width + GAP - length);
}

static char *write_words(char *at, const struct line_words *words)
{
  memcpy(at, words->text, sizeof words->text);
  return at + words->size;
}

static char *write_zeek(const struct line_form *form, char *at, const tcpstate_connection *connection)
{
  at = write_words(at, &form->conn_states[connection->conn_state]);
  *at = ' ';
  memcpy(at + 1, connection->history, sizeof connection->history);
  return at + 1 + strlen(connection->history);
}

char *line_write(const struct line_form *form, const tcpstate_connection *connection, char *at)
{
  const size_t *width = form->width;

  at = write_blanks(write_stream(form, at, connection->stream), GAP);
  at = write_seconds(at, width[LINE_START], elapsed(form->start_ns, connection->first_time_ns));
  at = write_blanks(at, GAP);
  at = write_seconds(at, width[LINE_SECONDS], elapsed(connection->first_time_ns, connection->last_time_ns));
  at = write_client(form, write_blanks(at, GAP), connection);
  at = write_blanks(at, GAP);
  at = fill_up(at, write_endpoint(form, at, connection, TCPSTATE_SERVER), width[LINE_SERVER]);
  at = fill_up(at, write_words(at, &form->states[connection->state[TCPSTATE_CLIENT]]), width[LINE_CLIENT_STATE]);
  at = fill_up(at, write_words(at, &form->states[connection->state[TCPSTATE_SERVER]]), width[LINE_SERVER_STATE]);
  at = fill_up(at, write_words(at, outcome_words(form, connection)), width[LINE_OUTCOME]);
  at = fill_up(at, write_zeek(form, at, connection), width[LINE_ZEEK]);
  at = digits_write(at, connection->bytes[TCPSTATE_CLIENT]);
  *at = ' ';
  return digits_write(at + 1, connection->bytes[TCPSTATE_SERVER]);
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
