/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "counting_allocator.h"
#include "history.h"
#include <cmocka.h>
#include <string.h>

enum { CLIENT = 0, SERVER = 1 };

struct bench {
  struct counting_allocator counts;
  struct tcpstate_tracker tracker;
  struct flow flow;
  tcpstate_segment segment;
  struct look look;
};

static void set_up(struct bench *bench)
{
  memset(bench, 0, sizeof *bench);
  bench->tracker.memory.allocator = counting_allocator_use(&bench->counts);
  slab_init(&bench->tracker.histories, &bench->tracker.memory, sizeof(struct long_history));
  bench->look.tracker = &bench->tracker;
  bench->look.flow = &bench->flow;
  bench->look.segment = &bench->segment;
}

static void tear_down(struct bench *bench)
{
  history_forget(&bench->flow, &bench->tracker.histories);
  slab_clear(&bench->tracker.histories);
  assert_int_equal(bench->counts.blocks, 0);
}

/* The sequence number stays where it is; `repeats` says what the engine has found out. */
static void take_again(struct bench *bench, unsigned sender, unsigned flags, uint32_t payload_length, bool repeats)
{
  bench->look.x = sender;
  bench->look.y = 1 - sender;
  bench->segment.flags = (uint8_t)flags;
  bench->segment.payload_length = payload_length;
  bench->look.end = bench->segment.seq + payload_length + ((flags & TCPSTATE_FIN) ? 1u : 0u);
  history_take(&bench->look, repeats);
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

  history_text(bench->flow.history, &bench->tracker.histories, text);
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
  tear_down(&bench);
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
  tear_down(&bench);
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
  tear_down(&bench);
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
  assert_history(&bench, "DWT");
  bench.segment.facts = TCPSTATE_NO_WINDOW;
  bench.look.x = SERVER;
  bench.look.gap = true;
  history_take(&bench.look, true);
  assert_history(&bench, "DWTdtg");
  bench.look.gap = false;
  bench.look.lacks = true;
  history_take(&bench.look, true);
  assert_history(&bench, "DWTdtgG");
  tear_down(&bench);
}

static void test_a_reset_has_no_window(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.segment.flags = TCPSTATE_RST;
  history_take(&bench.look, false);
  assert_history(&bench, "R");
  tear_down(&bench);
}

static void test_data_on_a_flag_is_no_d(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  take(&bench, CLIENT, TCPSTATE_SYN, 10);
  take(&bench, CLIENT, TCPSTATE_FIN | TCPSTATE_ACK, 10);
  take(&bench, SERVER, TCPSTATE_SYN | TCPSTATE_FIN, 10);
  assert_history(&bench, "SFq");
  tear_down(&bench);
}

/* s h f r: again if the number is not that of the last one. */
static void test_another_number_is_another_letter(void **state)
{
  static const unsigned kinds[] = {TCPSTATE_SYN, TCPSTATE_SYN | TCPSTATE_ACK, TCPSTATE_FIN | TCPSTATE_ACK,
                                   TCPSTATE_RST};
  static const char *const expected[] = {"sss", "hhh", "fff", "rrr"};
  static const uint32_t numbers[] = {700, 700, 900, 900, 700, 700};

  (void)state;
  for (unsigned kind = 0; kind < 4; kind++) {
    struct bench bench;
    set_up(&bench);
    for (unsigned i = 0; i < 6; i++) {
      bench.segment.seq = numbers[i];
      bench.segment.window = 1;
      take_again(&bench, SERVER, kinds[kind], 0, false);
    }
    assert_history(&bench, expected[kind]);
    tear_down(&bench);
  }
}

/* A letter that stood in the flow is not taken for new when the record is made. */
static void test_a_record_knows_what_came_before_it(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.segment.window = 1;
  bench.segment.seq = bench.flow.ep[CLIENT].isn = 700;
  take_again(&bench, CLIENT, TCPSTATE_SYN, 0, false);
  bench.segment.seq = 701;
  take_again(&bench, CLIENT, TCPSTATE_ACK, 10, true);
  assert_history(&bench, "SDT");
  bench.segment.seq = 700;
  take_again(&bench, CLIENT, TCPSTATE_SYN, 0, false);
  assert_history(&bench, "SDT");
  tear_down(&bench);
}

/* c g t w: the first, the tenth, the hundredth. */
static void test_counted_letters_grow_with_the_powers_of_ten(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.segment.window = 1;
  for (unsigned i = 1; i <= 1000; i++) {
    take_again(&bench, CLIENT, TCPSTATE_ACK, 10, true);
    if (i == 9) {
      assert_history(&bench, "DT");
    }
    if (i == 10 || i == 99) {
      assert_history(&bench, "DTT");
    }
    if (i == 999) {
      assert_history(&bench, "DTTT");
    }
  }
  assert_history(&bench, "DTTTT");
  bench.segment.facts = TCPSTATE_BAD_CHECKSUM;
  for (unsigned i = 0; i < 10; i++) {
    take_again(&bench, SERVER, TCPSTATE_ACK, 10, false);
  }
  assert_history(&bench, "DTTTTcc");
  tear_down(&bench);
}

static void test_windows_that_nobody_waits_for(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  take_again(&bench, CLIENT, TCPSTATE_FIN | TCPSTATE_ACK, 0, false); /* it may still receive */
  take_again(&bench, SERVER, TCPSTATE_ACK, 0, false);                /* its peer sends no more */
  assert_history(&bench, "FWa");
  tear_down(&bench);
}

static void test_without_memory_each_letter_stays_once(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.counts.refuse_at = 1;
  bench.counts.refusals = UINT64_MAX;
  bench.segment.window = 1;
  for (unsigned i = 0; i < 100; i++) {
    take_again(&bench, CLIENT, TCPSTATE_ACK, 10, true);
  }
  assert_history(&bench, "DT");
  tear_down(&bench);
}

static void test_a_full_history_keeps_what_came_first(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  for (uint32_t i = 0; i < 40; i++) {
    bench.segment.seq = i;
    take(&bench, CLIENT, TCPSTATE_SYN, 0);
  }
  take(&bench, SERVER, TCPSTATE_SYN, 0);
  assert_history(&bench, "SSSSSSSSSSSSSSSSSSSSSSS");
  assert_true(history_has(bench.flow.history, HISTORY_SYN | HISTORY_ORIGINATOR));
  assert_true(history_has(bench.flow.history, HISTORY_SYN));
  assert_false(history_has(bench.flow.history, HISTORY_DATA));
  tear_down(&bench);
}

static void test_roles_put_right_later(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  take(&bench, CLIENT, TCPSTATE_ACK, 5);
  bench.flow.conn ^= FLOW_CLIENT_1;
  history_flip(&bench.look);
  take(&bench, CLIENT, TCPSTATE_ACK, 5);
  assert_history(&bench, "D^d");
  tear_down(&bench);
}

static void test_a_flipped_connection_says_so_first(void **state)
{
  struct bench bench;

  (void)state;
  set_up(&bench);
  bench.flow.history = history_with(0, HISTORY_FLIPPED);
  take(&bench, SERVER, TCPSTATE_SYN | TCPSTATE_ACK, 0);
  assert_history(&bench, "^h");
  tear_down(&bench);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_connection_from_start_to_end),
      cmocka_unit_test(test_sides_are_told_by_role_not_by_endpoint),
      cmocka_unit_test(test_odd_segments),
      cmocka_unit_test(test_what_the_engine_found_out),
      cmocka_unit_test(test_a_reset_has_no_window),
      cmocka_unit_test(test_data_on_a_flag_is_no_d),
      cmocka_unit_test(test_another_number_is_another_letter),
      cmocka_unit_test(test_a_record_knows_what_came_before_it),
      cmocka_unit_test(test_counted_letters_grow_with_the_powers_of_ten),
      cmocka_unit_test(test_windows_that_nobody_waits_for),
      cmocka_unit_test(test_without_memory_each_letter_stays_once),
      cmocka_unit_test(test_a_full_history_keeps_what_came_first),
      cmocka_unit_test(test_roles_put_right_later),
      cmocka_unit_test(test_a_flipped_connection_says_so_first),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
