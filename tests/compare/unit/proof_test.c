/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * States with proof: what the tap at an endpoint's own end has seen settles what one capture alone must leave open.
 * Taps are A at the client and B at the server, 1 ms apart.
 */
#include "compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SET(a, b) ((uint16_t)(TCPSTATE_MASK(a) | TCPSTATE_MASK(b)))

enum { MILLISECOND = 1000000 };

/* What a tracker is made to say of the receiver of a segment. */
struct word {
  uint16_t possible;
  uint8_t state;
  uint8_t certainty;
};

/* A segment of which both taps may tell. */
struct sent {
  struct word word;
  unsigned from; /* enum tcpstate_role */
  unsigned ttl;  /* at its sender's tap */
  bool lost;
};

static const struct word before = {TCPSTATE_MASK(TCPSTATE_ESTABLISHED), TCPSTATE_ESTABLISHED, TCPSTATE_OBSERVED};

static void add(struct compare *compare, enum compare_side side, uint32_t number, const struct sent *sent)
{
  const bool by_client = sent->from == TCPSTATE_CLIENT;
  const bool at_sender = by_client == (side == COMPARE_A);
  const tcpstate_segment segment = {
      .time_ns = (int64_t)number * 10 * MILLISECOND + (at_sender ? 0 : MILLISECOND),
      .src = {192, 0, 2, by_client ? 1 : 2},
      .dst = {192, 0, 2, by_client ? 2 : 1},
      .seq = (by_client ? 100 : 900) + number * 10,
      .ack = by_client ? 900 : 100,
      .payload_length = 10,
      .src_port = by_client ? 40000 : 80,
      .dst_port = by_client ? 80 : 40000,
      .window = 500,
      .ip_version = 4,
      .flags = TCPSTATE_ACK,
  };
  tcpstate_annotation annotation = {.src_role = (uint8_t)sent->from};
  const struct compare_segment added = {.segment = &segment,
                                        .annotation = &annotation,
                                        .frame = number + 1,
                                        .ttl = (uint8_t)(at_sender ? sent->ttl : sent->ttl - 1),
                                        .known = COMPARE_KNOWS_IP};

  annotation.state[sent->from] = TCPSTATE_FIN_WAIT_1;
  annotation.possible[sent->from] = TCPSTATE_MASK(TCPSTATE_FIN_WAIT_1);
  annotation.state[1 - sent->from] = sent->word.state;
  annotation.possible[1 - sent->from] = sent->word.possible;
  annotation.certainty[1 - sent->from] = sent->word.certainty;
  assert_int_equal(compare_add(compare, side, &added), TCPSTATE_OK);
}

/* The row of `sent` after two segments of the client with the same TTL, and before two more. */
static struct compare_row row_of(const struct sent *sent, unsigned client_ttl)
{
  const struct sent usual = {before, TCPSTATE_CLIENT, client_ttl, false};
  const struct compare_settings settings = {.hash_key = 3};
  struct compare *compare = compare_new(&settings);
  struct compare_row row;

  assert_non_null(compare);
  for (uint32_t i = 0; i < 5; i++) {
    add(compare, COMPARE_A, i, i == 2 ? sent : &usual);
    if (i != 2 || !sent->lost) {
      add(compare, COMPARE_B, i, i == 2 ? sent : &usual);
    }
  }
  assert_int_equal(compare_run(compare), TCPSTATE_OK);
  compare_row_get(compare, 2, &row);
  compare_free(compare);
  return row;
}

static struct compare_row row_with(struct word word, bool lost)
{
  return row_of(&(struct sent){word, TCPSTATE_CLIENT, 64, lost}, 64);
}

static struct compare_row row_to_client(struct word word, unsigned client_ttl)
{
  return row_of(&(struct sent){word, TCPSTATE_SERVER, 64, false}, client_ttl);
}

static void test_what_came_is_no_longer_assumed(void **state)
{
  const struct word fin = {SET(TCPSTATE_CLOSE_WAIT, TCPSTATE_ESTABLISHED), TCPSTATE_CLOSE_WAIT, TCPSTATE_ASSUMED};
  const struct compare_row row = row_with(fin, false);
  const struct compare_end *server = &row.end[TCPSTATE_SERVER];

  (void)state;
  assert_int_equal(server->possible, TCPSTATE_MASK(TCPSTATE_CLOSE_WAIT));
  assert_int_equal(server->certainty, TCPSTATE_OBSERVED);
  assert_int_equal(server->tap, COMPARE_B);
  assert_int_equal(server->frame, 3);
}

static void test_what_was_lost_moves_nobody(void **state)
{
  const struct word fin = {SET(TCPSTATE_CLOSE_WAIT, TCPSTATE_ESTABLISHED), TCPSTATE_CLOSE_WAIT, TCPSTATE_ASSUMED};
  const struct compare_row row = row_with(fin, true);
  const struct compare_end *server = &row.end[TCPSTATE_SERVER];

  (void)state;
  assert_int_equal(row.verdict, COMPARE_LOST);
  assert_int_equal(server->state, TCPSTATE_ESTABLISHED);
  assert_int_equal(server->frame, 2);
  assert_int_equal(row.end[TCPSTATE_CLIENT].state, TCPSTATE_FIN_WAIT_1);
  assert_int_equal(row.end[TCPSTATE_CLIENT].tap, COMPARE_A);
}

/* RFC 9293 3.10.7.4 does not make a host take a connection off a full queue. */
static void test_listener_may_refuse(void **state)
{
  const struct word ack = {SET(TCPSTATE_ESTABLISHED, TCPSTATE_SYN_RECEIVED), TCPSTATE_ESTABLISHED, TCPSTATE_ASSUMED};
  const struct compare_row row = row_with(ack, false);

  (void)state;
  assert_int_equal(row.end[TCPSTATE_SERVER].possible, ack.possible);
  assert_int_equal(row.end[TCPSTATE_SERVER].certainty, TCPSTATE_ASSUMED);
}

static void test_guess_stays_a_guess(void **state)
{
  const struct word guess = {SET(TCPSTATE_FIN_WAIT_1, TCPSTATE_LAST_ACK), TCPSTATE_FIN_WAIT_1, TCPSTATE_GUESSED};
  const struct compare_row row = row_with(guess, false);

  (void)state;
  assert_int_equal(row.end[TCPSTATE_SERVER].possible, guess.possible);
  assert_int_equal(row.end[TCPSTATE_SERVER].certainty, TCPSTATE_GUESSED);
}

/* From behind a router, A sees what the client has sent but not whether an answer comes to it: what the client's own
 * segment proves stays, the rest is no better than one capture alone. The client is the receiver here. */
static void test_tap_behind_a_router(void **state)
{
  const struct word fin = {SET(TCPSTATE_CLOSE_WAIT, TCPSTATE_ESTABLISHED), TCPSTATE_CLOSE_WAIT, TCPSTATE_ASSUMED};
  const struct compare_row near_host = row_to_client(fin, 64);
  const struct compare_row behind = row_to_client(fin, 63);

  (void)state;
  assert_int_equal(near_host.end[TCPSTATE_CLIENT].possible, TCPSTATE_MASK(TCPSTATE_CLOSE_WAIT));
  assert_int_equal(near_host.end[TCPSTATE_CLIENT].certainty, TCPSTATE_OBSERVED);
  assert_int_equal(behind.end[TCPSTATE_CLIENT].possible, fin.possible);
  assert_int_equal(behind.end[TCPSTATE_CLIENT].certainty, TCPSTATE_ASSUMED);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_came_is_no_longer_assumed),
      cmocka_unit_test(test_what_was_lost_moves_nobody),
      cmocka_unit_test(test_listener_may_refuse),
      cmocka_unit_test(test_guess_stays_a_guess),
      cmocka_unit_test(test_tap_behind_a_router),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
