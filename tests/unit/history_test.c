/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "history.h"
#include <cmocka.h>
#include <string.h>

enum { CLIENT = 0, SERVER = 1 };

struct bench {
  struct flow flow;
  tcpstate_segment segment;
  struct look look;
};

static void set_up(struct bench *bench)
{
  memset(bench, 0, sizeof *bench);
  bench->look.flow = &bench->flow;
  bench->look.segment = &bench->segment;
}

static void take(struct bench *bench, unsigned sender, unsigned flags, uint32_t payload_length)
{
  bench->look.x = sender;
  bench->look.y = 1 - sender;
  bench->segment.flags = (uint8_t)flags;
  bench->segment.payload_length = payload_length;
  bench->segment.window = 1000;
  history_take(&bench->look, false);
}

static void assert_history(const struct bench *bench, const char *letters)
{
  char text[TCPSTATE_HISTORY_SIZE];

  history_text(bench->flow.history, text);
  assert_string_equal(text, letters);
}

/* The letters are those of Zeek's documentation of Conn::Info, history: upper case for the originator. */
static void test_a_connection_from_start_to_end(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  assert_history(&bench, "");
  take(&bench, CLIENT, TCPSTATE_SYN, 0);
  take(&bench, SERVER, TCPSTATE_SYN | TCPSTATE_ACK, 0);
  take(&bench, CLIENT, TCPSTATE_ACK, 0);
  take(&bench, CLIENT, TCPSTATE_PSH | TCPSTATE_ACK, 10);
  take(&bench, SERVER, TCPSTATE_ACK, 0);
  take(&bench, SERVER, TCPSTATE_ACK, 20);
  take(&bench, CLIENT, TCPSTATE_ACK, 0); /* each letter once for each side */
  take(&bench, CLIENT, TCPSTATE_FIN | TCPSTATE_ACK, 0);
  take(&bench, SERVER, TCPSTATE_FIN | TCPSTATE_ACK, 0);
  take(&bench, SERVER, TCPSTATE_RST, 0);
  assert_history(&bench, "ShADadFfr");
}

static void test_sides_are_told_by_role_not_by_endpoint(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.flow.conn = FLOW_CLIENT_1;
  take(&bench, 1, TCPSTATE_SYN, 0);
  take(&bench, 0, TCPSTATE_SYN | TCPSTATE_ACK, 0);
  assert_history(&bench, "Sh");
}

static void test_odd_segments(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  take(&bench, CLIENT, TCPSTATE_SYN | TCPSTATE_FIN, 0);
  take(&bench, CLIENT, TCPSTATE_SYN | TCPSTATE_RST, 0);
  take(&bench, SERVER, TCPSTATE_FIN | TCPSTATE_RST, 0);
  bench.segment.facts = TCPSTATE_BAD_CHECKSUM;
  take(&bench, SERVER, TCPSTATE_SYN, 5); /* damaged: nothing else of it counts */
  assert_history(&bench, "Qic");
}

static void test_what_the_engine_found_out(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.segment.payload_length = 5;
  bench.segment.flags = TCPSTATE_ACK;
  bench.segment.window = 0;
  history_take(&bench.look, true);
  assert_history(&bench, "TW");
  bench.segment.facts = TCPSTATE_NO_WINDOW;
  bench.look.x = SERVER;
  bench.look.gap = true;
  history_take(&bench.look, true);
  assert_history(&bench, "TWtg");
  bench.look.gap = false;
  bench.look.lacks = true;
  history_take(&bench.look, true);
  assert_history(&bench, "TWtgG");
}

static void test_a_reset_has_no_window(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.segment.flags = TCPSTATE_RST;
  history_take(&bench.look, false);
  assert_history(&bench, "R");
}

static void test_a_full_history_keeps_what_came_first(void **state)
{
  static const unsigned kinds[] = {TCPSTATE_SYN,
                                   TCPSTATE_SYN | TCPSTATE_ACK,
                                   TCPSTATE_ACK,
                                   TCPSTATE_FIN,
                                   TCPSTATE_RST,
                                   TCPSTATE_FIN | TCPSTATE_RST,
                                   TCPSTATE_SYN | TCPSTATE_FIN};
  struct bench bench;

  (void)state;
  set_up(&bench);
  for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    take(&bench, CLIENT, kinds[i], 0);
    take(&bench, SERVER, kinds[i], 0);
  }
  assert_history(&bench, "SsHhAaFfRrIi");
  assert_true(history_has(bench.flow.history, HISTORY_SYN | HISTORY_ORIGINATOR));
  assert_true(history_has(bench.flow.history, HISTORY_INCONSISTENT));
  assert_false(history_has(bench.flow.history, HISTORY_MULTI_FLAG));
  assert_false(history_has(bench.flow.history, HISTORY_DATA));
}

static void test_a_flipped_connection_says_so_first(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.flow.history = HISTORY_FLIPPED;
  take(&bench, SERVER, TCPSTATE_SYN | TCPSTATE_ACK, 0);
  assert_history(&bench, "^h");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_connection_from_start_to_end),
      cmocka_unit_test(test_sides_are_told_by_role_not_by_endpoint),
      cmocka_unit_test(test_odd_segments),
      cmocka_unit_test(test_what_the_engine_found_out),
      cmocka_unit_test(test_a_reset_has_no_window),
      cmocka_unit_test(test_a_full_history_keeps_what_came_first),
      cmocka_unit_test(test_a_flipped_connection_says_so_first),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
