/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "transitions.h"
#include <cmocka.h>
#include <string.h>

/* Every row of the table, not only those that a test thought of. */

#define M(state) (1u << TCPSTATE_##state)

/* What RFC 9293 allows an endpoint to become, whatever happens to it: figure 5, and what its text adds. Rows that take
 * an assumption back are not in here. */
struct allowed {
  const char *event;
  unsigned from[TCPSTATE_STATE_COUNT]; /* by the state that it leads to; UNKNOWN is any of them */
};

#define SYNCHRONIZED                                                                                                   \
  (M(ESTABLISHED) | M(FIN_WAIT_1) | M(FIN_WAIT_2) | M(CLOSE_WAIT) | M(CLOSING) | M(LAST_ACK) | M(TIME_WAIT))

static const struct allowed allowed[] = {
    /* 3.10.1; 3.6.1: TIME-WAIT may be reopened; 3.5: simultaneous open, seen late */
    {"sends SYN", {[TCPSTATE_SYN_SENT] = M(CLOSED) | M(LISTEN) | M(TIME_WAIT) | M(SYN_RECEIVED)}},
    {"sends SYN-ACK", {[TCPSTATE_SYN_RECEIVED] = M(CLOSED) | M(LISTEN) | M(TIME_WAIT) | M(SYN_SENT)}},
    {"gets SYN", {[TCPSTATE_SYN_RECEIVED] = M(CLOSED) | M(LISTEN) | M(SYN_SENT)}},
    {"gets SYN-ACK", {[TCPSTATE_ESTABLISHED] = M(SYN_SENT) | M(SYN_RECEIVED)}},
    {"gets ACK of its SYN", {[TCPSTATE_ESTABLISHED] = M(SYN_RECEIVED)}},
    {"sends FIN", {[TCPSTATE_FIN_WAIT_1] = M(ESTABLISHED) | M(SYN_RECEIVED), [TCPSTATE_LAST_ACK] = M(CLOSE_WAIT)}},
    {"gets FIN",
     {[TCPSTATE_CLOSE_WAIT] = M(ESTABLISHED) | M(SYN_RECEIVED),
      [TCPSTATE_CLOSING] = M(FIN_WAIT_1),
      [TCPSTATE_TIME_WAIT] = M(FIN_WAIT_2)}},
    {"gets ACK of its FIN",
     {[TCPSTATE_FIN_WAIT_2] = M(FIN_WAIT_1), [TCPSTATE_TIME_WAIT] = M(CLOSING), [TCPSTATE_CLOSED] = M(LAST_ACK)}},
    {"gets FIN with ACK of its FIN",
     {[TCPSTATE_TIME_WAIT] = M(FIN_WAIT_1) | M(FIN_WAIT_2) | M(CLOSING),
      [TCPSTATE_CLOSE_WAIT] = M(ESTABLISHED) | M(SYN_RECEIVED)}},
    {"times out", {[TCPSTATE_CLOSED] = M(TIME_WAIT)}},
    {"sends RST", {[TCPSTATE_CLOSED] = M(SYN_SENT) | M(SYN_RECEIVED) | SYNCHRONIZED}},
    {"gets RST", {[TCPSTATE_LISTEN] = M(SYN_RECEIVED), [TCPSTATE_CLOSED] = M(SYN_SENT) | SYNCHRONIZED}},
    {"gets RST to its active open", {[TCPSTATE_CLOSED] = M(SYN_RECEIVED)}},
    {"gets hard ICMP error", {[TCPSTATE_CLOSED] = M(SYN_SENT) | M(SYN_RECEIVED)}},
};

enum { ALLOWED_COUNT = sizeof allowed / sizeof allowed[0] };

static const struct allowed *allowed_of(const char *event)
{
  for (unsigned i = 0; i < ALLOWED_COUNT; i++) {
    if (strcmp(allowed[i].event, event) == 0) {
      return &allowed[i];
    }
  }
  return NULL;
}

/* No row does what the RFC does not, and together they do all of it. */
static void test_the_rows_are_those_of_the_rfc(void **state)
{
  unsigned got[ALLOWED_COUNT][TCPSTATE_STATE_COUNT] = {{0}};
  tcpstate_rule rule;

  (void)state;
  for (unsigned number = 1; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    const struct allowed *may = allowed_of(rule.event);

    if (may) {
      got[may - allowed][rule.to] |= rule.from & ~M(UNKNOWN);
    }
  }
  for (unsigned i = 0; i < ALLOWED_COUNT; i++) {
    for (unsigned to = 0; to < TCPSTATE_STATE_COUNT; to++) {
      assert_int_equal(got[i][to], allowed[i].from[to]);
    }
  }
}

/* How many states the rule leads back from; the move must lead from where the rule leads to. */
static unsigned count_undone(const tcpstate_rule *rule, const struct allowed *move)
{
  unsigned seen = 0;

  for (unsigned from = 1; from < TCPSTATE_STATE_COUNT; from++) {
    if (rule->from & (1u << from)) {
      assert_true(move->from[from] & (1u << rule->to));
      seen++;
    }
  }
  return seen;
}

/* An assumption that is taken back leads to where the endpoint was before it. */
static void test_what_is_taken_back_undoes_a_move(void **state)
{
  static const struct {
    const char *revision;
    const char *move;
  } pairs[] = {{"repeats FIN", "gets ACK of its FIN"}, {"acknowledges less than the FIN", "gets FIN"}};
  tcpstate_rule rule;
  unsigned seen = 0;

  (void)state;
  for (unsigned number = 1; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    for (unsigned i = 0; i < 2; i++) {
      if (strcmp(pairs[i].revision, rule.event) == 0) {
        seen += count_undone(&rule, allowed_of(pairs[i].move));
      }
    }
  }
  assert_int_equal(seen, 6); /* three states have had their FIN acknowledged, three have got one while open */
}

static enum happening happening_of(const tcpstate_rule *rule)
{
  struct transitions dense;

  transitions_compile(&dense);
  for (unsigned what = 0; what < HAPPENING_COUNT; what++) {
    for (unsigned from = 0; from < TCPSTATE_STATE_COUNT; from++) {
      if (dense.rule[what][from] == rule->number) {
        return (enum happening)what;
      }
    }
  }
  return HAPPENING_COUNT;
}

/* Nothing of a row is lost, none is hidden by another, and none is made up. */
static void test_the_dense_form_is_the_rows(void **state)
{
  struct transitions dense;
  tcpstate_rule rule;
  unsigned cells = 0;
  unsigned filled = 0;

  (void)state;
  transitions_compile(&dense);
  for (unsigned number = 1; number < transition_shown(TCPSTATE_CLOSED); number++) {
    assert_int_equal(tcpstate_rule_get(number, &rule), TCPSTATE_OK);
    enum happening what = happening_of(&rule);
    assert_int_not_equal(what, HAPPENING_COUNT);
    for (unsigned from = 0; from < TCPSTATE_STATE_COUNT; from++) {
      unsigned applies = (rule.from >> from) & 1u;

      cells += applies;
      assert_int_equal(dense.rule[what][from] == number, applies);
      assert_int_equal(transition_applies(number, from), applies);
    }
    assert_int_equal(transition_to(number), rule.to);
  }
  for (unsigned what = 0; what < HAPPENING_COUNT; what++) {
    for (unsigned from = 0; from < TCPSTATE_STATE_COUNT; from++) {
      filled += dense.rule[what][from] != TRANSITION_NONE;
    }
  }
  assert_int_equal(filled, cells);
}

/* Of a set becomes what its members become, each for itself. */
static void test_sets_are_mapped_member_by_member(void **state)
{
  struct transitions dense;

  (void)state;
  transitions_compile(&dense);
  for (unsigned what = 0; what < HAPPENING_COUNT; what++) {
    for (unsigned set = 0; set <= TCPSTATE_MASK_ALL; set += 2) {
      unsigned expected = 0;

      for (unsigned from = 1; from < TCPSTATE_STATE_COUNT; from++) {
        unsigned number = dense.rule[what][from];
        unsigned to = number ? transition_to(number) : from;

        expected |= (set >> from & 1u) << to;
      }
      assert_int_equal(transitions_map(&dense, (uint16_t)set, (enum happening)what), expected);
    }
  }
}

static void test_evidence_has_a_rule_for_each_state(void **state)
{
  tcpstate_rule rule;

  (void)state;
  for (unsigned shown = TCPSTATE_CLOSED; shown < TCPSTATE_STATE_COUNT; shown++) {
    assert_int_equal(tcpstate_rule_get(transition_shown(shown), &rule), TCPSTATE_OK);
    assert_int_equal(rule.to, shown);
    assert_non_null(strstr(rule.text, tcpstate_state_name(shown)));
    for (unsigned from = 0; from < TCPSTATE_STATE_COUNT; from++) {
      assert_true(transition_applies(transition_shown(shown), from));
    }
  }
  assert_int_equal(tcpstate_rule_get(transition_shown(TCPSTATE_STATE_COUNT), &rule), TCPSTATE_ERROR_NOT_FOUND);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_rows_are_those_of_the_rfc),
      cmocka_unit_test(test_what_is_taken_back_undoes_a_move),
      cmocka_unit_test(test_the_dense_form_is_the_rows),
      cmocka_unit_test(test_sets_are_mapped_member_by_member),
      cmocka_unit_test(test_evidence_has_a_rule_for_each_state),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
