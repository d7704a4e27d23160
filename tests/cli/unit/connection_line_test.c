/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/connection_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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

static void expect_line(const struct line_form *form, const tcpstate_connection *connection, const char *expected)
{
  char text[LINE_MOST];

  *line_write(form, connection, text) = '\0';
  assert_string_equal(text, expected);
}

static void titles_are_the_least_width(void **state)
{
  struct line_form form;
  char text[LINE_MOST];

  (void)state;
  line_form_prepare(&form, 0);
  *line_write_titles(&form, text) = '\0';
  assert_string_equal(text, "#  start  seconds  client  server  client state  server state  outcome  zeek  bytes > <");
  line_measure(&form, &plain);
  *line_write_titles(&form, text) = '\0';
  assert_string_equal(text, " #     start   seconds          client  server            client state  server state  "
                            "outcome    zeek  bytes > <");
  expect_line(&form, &plain,
              "#7  0.000000  0.000000  192.0.2.1:4000  198.51.100.22:80  SYN-SENT      UNKNOWN       "
              "no-answer  S0 S  0 0");
}

/* RFC 5952 addresses in brackets, and the longest of all words; a narrow line in the wide table. */
static void the_widest_cell_makes_the_column(void **state)
{
  struct line_form form;
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
  line_form_prepare(&form, 0);
  line_measure(&form, &plain);
  line_measure(&form, &wide);
  expect_line(&form, &wide,
              "#4294967295  0.000000  0.000000  [fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd]:65535  "
              "[fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd]:65535  SYN-RECEIVED  SYN-RECEIVED  "
              "half-closed reset-by-server by server  RSTOS0 ^ShAaDdTtCcGgWwRrIiQqFf  "
              "18446744073709551615 18446744073709551615");
  expect_line(&form, &plain,
              "         #7  0.000000  0.000000                                   192.0.2.1:4000  "
              "198.51.100.22:80                                 SYN-SENT      UNKNOWN       "
              "no-answer                              S0 S                            0 0");
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
  struct line_form all;

  (void)state;
  line_form_prepare(&all, 0);
  for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
    struct line_form alone;
    tcpstate_connection connection = plain;
    char text[LINE_MOST];
    char expected[64];
    int width;

    connection.first_time_ns = connection.last_time_ns = times[i];
    line_form_prepare(&alone, 0);
    line_measure(&alone, &connection);
    line_measure(&all, &connection);
    width = snprintf(expected, sizeof expected, "%.6f", (double)times[i] / 1e9);
    assert_int_equal(alone.width[LINE_START], width);
    assert_true(all.width[LINE_START] >= (size_t)width);
    snprintf(expected, sizeof expected, "#7  %*.6f  0.000000  ", (int)all.width[LINE_START], (double)times[i] / 1e9);
    *line_write(&all, &connection, text) = '\0';
    text[strlen(expected)] = '\0';
    assert_string_equal(text, expected);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(titles_are_the_least_width),
      cmocka_unit_test(the_widest_cell_makes_the_column),
      cmocka_unit_test(seconds_are_those_of_printf),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
