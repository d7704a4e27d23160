/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The checker by itself: an engine that lies is caught at each of its lies. The lying engine stands in for the real one
 * here: its tracker knows nothing, and every annotation is what the test has put down. */
#include "checker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static tcpstate_annotation said;
static uint64_t fed;
static uint32_t connection_segments;

int tcpstate_new(tcpstate_tracker **tracker, const tcpstate_settings *settings)
{
  (void)settings;
  *tracker = NULL;
  fed = 0;
  return TCPSTATE_OK;
}

void tcpstate_free(tcpstate_tracker *tracker)
{
  (void)tracker;
}

int tcpstate_feed(tcpstate_tracker *tracker, const tcpstate_segment *segment, tcpstate_annotation *annotation)
{
  (void)tracker;
  (void)segment;
  *annotation = said;
  fed++;
  return TCPSTATE_OK;
}

void tcpstate_statistics_get(const tcpstate_tracker *tracker, tcpstate_statistics *statistics)
{
  (void)tracker;
  memset(statistics, 0, sizeof *statistics);
  statistics->segments = fed;
  statistics->connections = 1;
}

int tcpstate_connection_get(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot,
                            tcpstate_connection *connection)
{
  (void)tracker;
  (void)stream;
  (void)slot;
  memset(connection, 0, sizeof *connection);
  connection->segments[0] = connection_segments;
  memcpy(connection->state, said.state, sizeof connection->state);
  return TCPSTATE_OK;
}

/* A rule of the real table that moves `from` to `to`. */
static uint8_t rule_for(unsigned from, unsigned to)
{
  tcpstate_rule rule;
  for (unsigned number = 1; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    if ((rule.from & TCPSTATE_MASK(from)) && rule.to == to) {
      return (uint8_t)number;
    }
  }
  fail_msg("no rule from %s to %s", tcpstate_state_name(from), tcpstate_state_name(to));
  return 0;
}

/* The truth of a SYN that has just passed. */
static void tell_the_truth(void)
{
  memset(&said, 0, sizeof said);
  said.previous[TCPSTATE_CLIENT] = TCPSTATE_CLOSED;
  said.state[TCPSTATE_CLIENT] = TCPSTATE_SYN_SENT;
  said.possible[TCPSTATE_CLIENT] = TCPSTATE_MASK(TCPSTATE_SYN_SENT);
  said.certainty[TCPSTATE_CLIENT] = TCPSTATE_OBSERVED;
  said.rule[TCPSTATE_CLIENT] = rule_for(TCPSTATE_CLOSED, TCPSTATE_SYN_SENT);
  said.previous[TCPSTATE_SERVER] = TCPSTATE_LISTEN;
  said.state[TCPSTATE_SERVER] = TCPSTATE_SYN_RECEIVED;
  said.possible[TCPSTATE_SERVER] = TCPSTATE_MASK(TCPSTATE_SYN_RECEIVED) | TCPSTATE_MASK(TCPSTATE_LISTEN);
  said.certainty[TCPSTATE_SERVER] = TCPSTATE_ASSUMED;
  said.rule[TCPSTATE_SERVER] = rule_for(TCPSTATE_LISTEN, TCPSTATE_SYN_RECEIVED);
  connection_segments = 1;
}

static void take(struct sim *sim, struct checker *checker, const char *line)
{
  struct step step;
  struct segment passed;
  struct outcome outcome;
  assert_true(step_parse(line, &step));
  outcome = sim_step(sim, NULL, &step, &passed);
  assert_true(outcome.done);
  if (outcome.captured) {
    checker_segment(checker, sim, outcome.segment);
  }
  checker_point(checker, sim);
}

/* s listens, c's SYN passes, and with `arrives` it arrives. Returns the kind of violation found. */
static unsigned judge(bool arrives)
{
  struct sim sim;
  struct checker checker;
  sim_init(&sim);
  assert_true(checker_init(&checker));
  take(&sim, &checker, "s listen");
  take(&sim, &checker, "c open");
  take(&sim, &checker, "c pass 0");
  if (arrives) {
    take(&sim, &checker, "c deliver 0");
  }
  checker_end(&checker);
  return checker.violation.kind;
}

static void the_truth_passes(void **state)
{
  (void)state;
  tell_the_truth();
  assert_int_equal(judge(false), VIOLATION_NONE);
  assert_int_equal(judge(true), VIOLATION_NONE);
}

static void a_state_left_out_of_the_set(void **state)
{
  (void)state;
  tell_the_truth();
  said.possible[TCPSTATE_SERVER] = TCPSTATE_MASK(TCPSTATE_SYN_RECEIVED);
  assert_int_equal(judge(true), VIOLATION_UNSOUND); /* LISTEN until the SYN arrives */
}

static void a_set_without_what_comes_next(void **state)
{
  (void)state;
  tell_the_truth();
  said.state[TCPSTATE_SERVER] = TCPSTATE_LISTEN;
  said.rule[TCPSTATE_SERVER] = 0;
  said.possible[TCPSTATE_SERVER] = TCPSTATE_MASK(TCPSTATE_LISTEN);
  assert_int_equal(judge(false), VIOLATION_NONE);
  assert_int_equal(judge(true), VIOLATION_UNSOUND); /* SYN-RECEIVED once it has arrived */
}

static void observed_and_wrong(void **state)
{
  (void)state;
  tell_the_truth();
  said.certainty[TCPSTATE_SERVER] = TCPSTATE_OBSERVED;
  assert_int_equal(judge(true), VIOLATION_NONE);
  assert_int_equal(judge(false), VIOLATION_OBSERVED);
}

static void a_move_without_a_rule(void **state)
{
  (void)state;
  tell_the_truth();
  said.rule[TCPSTATE_SERVER] = 0;
  assert_int_equal(judge(true), VIOLATION_RULE);
  said.rule[TCPSTATE_SERVER] = 255;
  assert_int_equal(judge(true), VIOLATION_RULE);
  said.rule[TCPSTATE_SERVER] = said.rule[TCPSTATE_CLIENT];
  assert_int_equal(judge(true), VIOLATION_RULE);
}

static void displayed_but_not_possible(void **state)
{
  (void)state;
  tell_the_truth();
  said.possible[TCPSTATE_SERVER] = TCPSTATE_MASK(TCPSTATE_LISTEN);
  assert_int_equal(judge(false), VIOLATION_DISPLAYED);
  said.possible[TCPSTATE_SERVER] = 0;
  assert_int_equal(judge(false), VIOLATION_DISPLAYED);
}

static void out_of_range(void **state)
{
  (void)state;
  tell_the_truth();
  said.state[TCPSTATE_SERVER] = TCPSTATE_STATE_COUNT;
  assert_int_equal(judge(false), VIOLATION_RANGE);
  tell_the_truth();
  said.possible[TCPSTATE_SERVER] |= 1;
  assert_int_equal(judge(false), VIOLATION_RANGE);
}

static void a_previous_that_nobody_said(void **state)
{
  struct sim sim;
  struct checker checker;
  (void)state;
  tell_the_truth();
  sim_init(&sim);
  assert_true(checker_init(&checker));
  take(&sim, &checker, "s listen");
  take(&sim, &checker, "c open");
  take(&sim, &checker, "c pass 0");
  take(&sim, &checker, "c retransmit");
  take(&sim, &checker, "c pass 0"); /* says CLOSED > SYN-SENT once more */
  assert_int_equal(checker.violation.kind, VIOLATION_PREVIOUS);
}

static void counts_that_do_not_add_up(void **state)
{
  (void)state;
  tell_the_truth();
  connection_segments = 2;
  assert_int_equal(judge(true), VIOLATION_COUNTS);
}

static void every_field_counts_in_a_comparison(void **state)
{
  tcpstate_annotation other;
  (void)state;
  tell_the_truth();
  other = said;
  assert_true(annotations_agree(&said, &other));
  other.possible[TCPSTATE_SERVER] ^= TCPSTATE_MASK(TCPSTATE_CLOSED);
  assert_false(annotations_agree(&said, &other));
  other = said;
  other.events = 1;
  assert_false(annotations_agree(&said, &other));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_truth_passes),
      cmocka_unit_test(a_state_left_out_of_the_set),
      cmocka_unit_test(a_set_without_what_comes_next),
      cmocka_unit_test(observed_and_wrong),
      cmocka_unit_test(a_move_without_a_rule),
      cmocka_unit_test(displayed_but_not_possible),
      cmocka_unit_test(out_of_range),
      cmocka_unit_test(a_previous_that_nobody_said),
      cmocka_unit_test(counts_that_do_not_add_up),
      cmocka_unit_test(every_field_counts_in_a_comparison),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
