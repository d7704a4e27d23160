/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/connection_line.h"

#include "output/endpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const tcpstate_connection plain = {
    .stream = 7,
    .address = {{192, 0, 2, 1}, {198, 51, 100, 22}},
    .port = {4000, 80},
    .ip_version = 4,
    .state = {TCPSTATE_SYN_SENT, TCPSTATE_UNKNOWN},
    .outcome = TCPSTATE_OUTCOME_NO_ANSWER,
    .conn_state = TCPSTATE_CONN_S0,
    .history = "S",
};

static struct line_form *new_form(void)
{
  struct line_form *form = calloc(1, sizeof *form);

  assert_non_null(form);
  line_form_prepare(form, 0);
  return form;
}

/* What a glance tells; as much of it as the form wants. */
static tcpstate_connection glance(const struct line_form *form, const tcpstate_connection *connection)
{
  tcpstate_connection seen = *connection;

  if (line_is_known(form, connection)) {
    seen.state[0] = seen.state[1] = UINT8_MAX;
    seen.outcome = seen.close = seen.active_closer = seen.conn_state = UINT8_MAX;
    memset(seen.history, 'x', sizeof seen.history);
  }
  return seen;
}

static void measure(struct line_form *form, const tcpstate_connection *connection)
{
  const tcpstate_connection seen = glance(form, connection);

  line_measure(form, &seen);
}

static void expect_line(struct line_form *form, const tcpstate_connection *connection, const char *expected)
{
  const tcpstate_connection seen = glance(form, connection);
  char text[LINE_MOST];

  *line_write(form, &seen, text) = '\0';
  assert_string_equal(text, expected);
  assert_int_equal(connection_tail_outcome(&form->tails, &seen), connection->outcome);
}

static void expect_begin(struct line_form *form, const tcpstate_connection *connection, const char *expected)
{
  char text[LINE_MOST];

  *line_write(form, connection, text) = '\0';
  text[strlen(expected)] = '\0';
  assert_string_equal(text, expected);
}

static void titles_are_the_least_width(void **state)
{
  struct line_form *form = new_form();
  char text[LINE_MOST];

  (void)state;
  line_form_measured(form);
  *line_write_titles(form, text) = '\0';
  assert_string_equal(text, "#  start  seconds  client  server  client state  server state  outcome  zeek  bytes > <");
  line_measure(form, &plain);
  line_form_measured(form);
  *line_write_titles(form, text) = '\0';
  assert_string_equal(text, " #     start   seconds          client  server            client state  server state  "
                            "outcome    zeek  bytes > <");
  expect_line(form, &plain,
              "#7  0.000000  0.000000  192.0.2.1:4000  198.51.100.22:80  SYN-SENT      UNKNOWN       "
              "no-answer  S0 S  0 0");
  free(form);
}

/* RFC 5952 addresses in brackets, and the longest of all words; a narrow line in the wide table. */
static void the_widest_cell_makes_the_column(void **state)
{
  struct line_form *form = new_form();
  tcpstate_connection wide = plain;

  (void)state;
  memset(wide.address, 0xfd, sizeof wide.address);
  wide.stream = UINT32_MAX;
  wide.port[0] = wide.port[1] = UINT16_MAX;
  wide.ip_version = 6;
  wide.state[0] = wide.state[1] = TCPSTATE_SYN_RECEIVED;
  wide.outcome = TCPSTATE_OUTCOME_HALF_CLOSED;
  wide.close = TCPSTATE_CLOSE_RESET_BY_SERVER;
  wide.active_closer = TCPSTATE_CLOSER_SERVER;
  wide.conn_state = TCPSTATE_CONN_RSTOS0;
  memcpy(wide.history, "^ShAaDdTtCcGgWwRrIiQqFf", TCPSTATE_HISTORY_SIZE);
  wide.bytes[0] = wide.bytes[1] = UINT64_MAX;
  line_measure(form, &plain);
  line_measure(form, &wide);
  line_form_measured(form);
  expect_line(form, &wide,
              "#4294967295  0.000000  0.000000  [fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd]:65535  "
              "[fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd]:65535  SYN-RECEIVED  SYN-RECEIVED  "
              "half-closed reset-by-server by server  RSTOS0 ^ShAaDdTtCcGgWwRrIiQqFf  "
              "18446744073709551615 18446744073709551615");
  expect_line(form, &plain,
              "         #7  0.000000  0.000000                                   192.0.2.1:4000  "
              "198.51.100.22:80                                 SYN-SENT      UNKNOWN       "
              "no-answer                              S0 S                            0 0");
  free(form);
}

/* The start in the table is what printf makes of the seconds, for every time alone and in a column with all others. */
static void seconds_are_those_of_printf(void **state)
{
  static const int64_t times[] = {0,
                                  499,
                                  500,
                                  501,
                                  1499,
                                  1500,
                                  2500,
                                  999999499,
                                  999999500,
                                  999999501,
                                  999999999,
                                  9999999499,
                                  9999999500,
                                  9999999501,
                                  -1,
                                  -500,
                                  -501,
                                  -9999999500,
                                  86400000000,
                                  99999999500,
                                  INT64_MAX,
                                  -INT64_MAX,
                                  INT64_MIN,
                                  INT64_C(999999999999500),
                                  INT64_C(1000000000000000),
                                  INT64_C(1000000000000001),
                                  INT64_C(9999999999999500),
                                  INT64_C(8999999999123456789),
                                  INT64_C(8999999999999999499),
                                  INT64_C(9007199254741000499)};
  struct line_form *all = new_form();
  tcpstate_connection connection = plain;

  (void)state;
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
    connection.first_time_ns = connection.last_time_ns = times[i];
    line_measure(all, &connection);
  }
  line_form_measured(all);
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
    struct line_form *alone = new_form();
    char expected[64];
    int width;

    connection.first_time_ns = connection.last_time_ns = times[i];
    line_measure(alone, &connection);
    line_form_measured(alone);
    width = snprintf(expected, sizeof expected, "#7  %.6f  0.000000  ", (double)times[i] / 1e9);
    assert_int_equal(alone->width[LINE_START], width - (int)sizeof "#7    0.000000  " + 1);
    expect_begin(alone, &connection, expected);
    snprintf(expected, sizeof expected, "#7  %*.6f  0.000000  ", (int)all->width[LINE_START], (double)times[i] / 1e9);
    expect_begin(all, &connection, expected);
    free(alone);
  }
  free(all);
}

/* ---------------------------------------------------------------- against cells that printf writes */

enum { MANY = 3000 /* more tails than have room */, CELL = 64 };

struct cells {
  char text[LINE_COLUMNS][CELL];
};

static uint32_t seed = 1;

static uint32_t below(uint32_t end)
{
  seed = seed * 1664525 + 1013904223;
  return (uint32_t)((uint64_t)seed * end >> 32);
}

/* Of all sizes alike. */
static uint64_t number_of_bits(unsigned most)
{
  uint64_t number = (uint64_t)below(UINT32_MAX) << 32 | below(UINT32_MAX);

  return number >> (63 - below(most));
}

/* The first ones are of one digit, or just not; of the last ones rounding is in doubt, or they are damaged. */
static int64_t time_of_kind(unsigned kind)
{
  switch (kind) {
  case 0:
    return 0;
  case 1:
    return 7 * INT64_C(1000000000) + below(1000000000);
  case 2:
    return INT64_C(10000000000) - below(1500);
  case 3:
    return (int64_t)(number_of_bits(30) * 1000 + 500);
  case 4:
    return (int64_t)number_of_bits(50);
  default:
    return (int64_t)number_of_bits(64);
  }
}

/* Runs of zeros, and the forms with an IPv4 address inside. */
static void set_address(tcpstate_connection *connection, unsigned role)
{
  uint8_t *address = connection->address[role];
  unsigned kind = below(4);

  for (unsigned i = 0; i < (connection->ip_version == 4 ? 4 : 16); i++) {
    address[i] = (uint8_t)(kind == 3 || below(2) == 0 ? 0 : number_of_bits(8));
  }
  if (kind == 0 && connection->ip_version == 6) {
    memset(address, 0, 10);
    memset(address + 10, 0xff, 2);
  }
}

static tcpstate_connection any_connection(uint32_t stream, unsigned kinds_of_times)
{
  static const char letters[] = "^ShAaDdTtCcGgWwRrIiQqFf";
  tcpstate_connection connection = {.stream = stream, .ip_version = below(3) == 0 ? 6 : 4};
  unsigned count = below(4) == 0 ? below(TCPSTATE_HISTORY_SIZE) : below(3);

  connection.first_time_ns = time_of_kind(below(kinds_of_times));
  connection.last_time_ns =
      (int64_t)((uint64_t)connection.first_time_ns + (uint64_t)time_of_kind(below(kinds_of_times)));
  for (unsigned role = 0; role < 2; role++) {
    set_address(&connection, role);
    connection.port[role] = (uint16_t)number_of_bits(16);
    connection.bytes[role] = below(2) == 0 ? 0 : number_of_bits(64);
    connection.state[role] = (uint8_t)below(TCPSTATE_STATE_COUNT);
  }
  connection.roles = (uint8_t)below(2);
  connection.vantage = (uint8_t)below(TCPSTATE_VANTAGE_COUNT);
  connection.outcome = (uint8_t)below(TCPSTATE_OUTCOME_COUNT);
  connection.close = (uint8_t)below(TCPSTATE_CLOSE_COUNT);
  connection.active_closer = (uint8_t)below(TCPSTATE_CLOSER_COUNT);
  connection.conn_state = (uint8_t)below(TCPSTATE_CONN_STATE_COUNT);
  for (unsigned i = 0; i < count; i++) {
    connection.history[i] = letters[below(sizeof letters - 1)];
  }
  return connection;
}

/* But for one thing the same. */
static tcpstate_connection similar(const tcpstate_connection *connection, uint32_t stream)
{
  tcpstate_connection changed = *connection;
  tcpstate_connection other = any_connection(stream, 3);
  size_t last = strlen(changed.history);

  changed.stream = stream;
  switch (below(6)) {
  case 0:
    changed.state[below(2)] = other.state[0];
    break;
  case 1:
    changed.conn_state = other.conn_state;
    break;
  case 2:
    changed.port[below(2)] = other.port[0];
    break;
  case 3:
    changed.last_time_ns = other.last_time_ns;
    break;
  case 4:
    changed.active_closer = other.active_closer;
    break;
  default:
    changed.history[last == 0 ? 0 : last - 1] = 'x';
    break;
  }
  return changed;
}

static double seconds_between(int64_t from, int64_t to)
{
  return (double)(int64_t)((uint64_t)to - (uint64_t)from) / 1e9;
}

static struct cells cells_of(const tcpstate_connection *connection)
{
  const char *close = tcpstate_close_name(connection->close);
  const char *closer = tcpstate_closer_name(connection->active_closer);
  struct cells cells;

  snprintf(cells.text[LINE_STREAM], CELL, "#%u", (unsigned)connection->stream);
  snprintf(cells.text[LINE_START], CELL, "%.6f", seconds_between(0, connection->first_time_ns));
  snprintf(cells.text[LINE_SECONDS], CELL, "%.6f",
           seconds_between(connection->first_time_ns, connection->last_time_ns));
  for (unsigned role = 0; role < 2; role++) {
    endpoint_text(cells.text[LINE_CLIENT + role], connection->ip_version, connection->address[role],
                  connection->port[role]);
    snprintf(cells.text[LINE_CLIENT_STATE + role], CELL, "%s", tcpstate_state_name(connection->state[role]));
  }
  snprintf(cells.text[LINE_OUTCOME], CELL, "%s%s%s%s%s", tcpstate_outcome_name(connection->outcome),
           *close != '\0' ? " " : "", close, *closer != '\0' ? " by " : "", closer);
  snprintf(cells.text[LINE_ZEEK], CELL, "%s %s", tcpstate_conn_state_name(connection->conn_state), connection->history);
  snprintf(cells.text[LINE_BYTES], CELL, "%llu %llu", (unsigned long long)connection->bytes[TCPSTATE_CLIENT],
           (unsigned long long)connection->bytes[TCPSTATE_SERVER]);
  return cells;
}

static void expect_cells(struct line_form *form, const tcpstate_connection *connection)
{
  const struct cells cells = cells_of(connection);
  char expected[LINE_MOST];
  size_t length = 0;

  for (unsigned column = 0; column < LINE_BYTES; column++) {
    int width = (int)form->width[column];

    length += (size_t)snprintf(expected + length, sizeof expected - length, "%*s  ",
                               column <= LINE_CLIENT ? width : -width, cells.text[column]);
  }
  snprintf(expected + length, sizeof expected - length, "%s", cells.text[LINE_BYTES]);
  expect_line(form, connection, expected);
}

/* How wide the widest cell is, and the title. */
static void expect_widths(const struct line_form *form, const tcpstate_connection *connections, size_t count)
{
  struct line_form *empty = new_form();

  line_form_measured(empty);
  for (unsigned column = 0; column < LINE_BYTES; column++) {
    size_t width = empty->width[column];

    for (size_t i = 0; i < count; i++) {
      const struct cells cells = cells_of(&connections[i]);
      size_t length = strlen(cells.text[column]);

      width = length > width ? length : width;
    }
    assert_int_equal(form->width[column], width);
  }
  free(empty);
}

static bool have_same_tail(const tcpstate_connection *a, const tcpstate_connection *b)
{
  return a->state[0] == b->state[0] && a->state[1] == b->state[1] && a->outcome == b->outcome && a->close == b->close &&
         a->active_closer == b->active_closer && a->conn_state == b->conn_state && strcmp(a->history, b->history) == 0;
}

/* Some are of none. Some that have the same tail are of different kinds. */
static uint16_t any_kind(const tcpstate_connection *connections, size_t count)
{
  const tcpstate_connection *last = &connections[count - 1];

  for (size_t i = 0; i + 1 < count; i++) {
    if (connections[i].kind != 0 && have_same_tail(&connections[i], last) && below(8) != 0) {
      return connections[i].kind;
    }
  }
  return below(8) == 0 ? 0 : (uint16_t)(TCPSTATE_KINDS - count);
}

static void expect_outcomes(const struct line_form *form, const tcpstate_connection *connections, size_t count)
{
  uint64_t outcomes[TCPSTATE_OUTCOME_COUNT] = {0};

  for (size_t i = 0; i < count; i++) {
    outcomes[connections[i].outcome]++;
  }
  assert_memory_equal(form->tails.outcomes, outcomes, sizeof outcomes);
}

static void try_table(size_t count, unsigned kinds_of_times)
{
  static tcpstate_connection connections[MANY];
  struct line_form *form = new_form();
  uint32_t stream = below(2) == 0 ? 0 : below(UINT32_MAX) / 2;

  for (size_t i = 0; i < count; i++) {
    connections[i] =
        i > 0 && below(2) == 0 ? similar(&connections[i - 1], stream) : any_connection(stream, kinds_of_times);
    connections[i].kind = any_kind(connections, i + 1);
    measure(form, &connections[i]);
    stream += 1 + (below(8) == 0 ? below(20) : 0);
  }
  line_form_measured(form);
  expect_widths(form, connections, count);
  expect_outcomes(form, connections, count);
  for (size_t i = 0; i < 2 * count; i++) {
    expect_cells(form, &connections[i < count ? i : below((uint32_t)count)]);
  }
  free(form);
}

/* Small tables, whose widths hang on one line. Large ones, with more tails than are kept. */
static void lines_are_their_cells(void **state)
{
  (void)state;
  for (unsigned table = 0; table < 400; table++) {
    try_table(1 + below(6), table % 2 == 0 ? 3 : 6);
  }
  try_table(MANY, 5);
  try_table(MANY, 6);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(titles_are_the_least_width),
      cmocka_unit_test(the_widest_cell_makes_the_column),
      cmocka_unit_test(seconds_are_those_of_printf),
      cmocka_unit_test(lines_are_their_cells),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
