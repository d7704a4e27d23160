/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "transitions.h"

#define M(state) (1u << TCPSTATE_##state)

/* Arrows of RFC 9293, figure 5, and of the text of 3.10.7.4 that the figure leaves out (RST, FIN with its ACK). */
static void test_figure_5(void **state)
{
  static const struct {
    enum happening what;
    unsigned from;
    unsigned to;
  } arrows[] = {
      {SENDS_SYN, TCPSTATE_CLOSED, TCPSTATE_SYN_SENT},
      {SENDS_SYN, TCPSTATE_LISTEN, TCPSTATE_SYN_SENT},
      {GETS_SYN, TCPSTATE_LISTEN, TCPSTATE_SYN_RECEIVED},
      {GETS_SYN, TCPSTATE_SYN_SENT, TCPSTATE_SYN_RECEIVED},
      {GETS_SYN_ACK, TCPSTATE_SYN_SENT, TCPSTATE_ESTABLISHED},
      {GETS_ACK_OF_SYN, TCPSTATE_SYN_RECEIVED, TCPSTATE_ESTABLISHED},
      {SENDS_FIN, TCPSTATE_SYN_RECEIVED, TCPSTATE_FIN_WAIT_1},
      {SENDS_FIN, TCPSTATE_ESTABLISHED, TCPSTATE_FIN_WAIT_1},
      {GETS_FIN, TCPSTATE_ESTABLISHED, TCPSTATE_CLOSE_WAIT},
      {SENDS_FIN, TCPSTATE_CLOSE_WAIT, TCPSTATE_LAST_ACK},
      {GETS_ACK_OF_FIN, TCPSTATE_LAST_ACK, TCPSTATE_CLOSED},
      {GETS_ACK_OF_FIN, TCPSTATE_FIN_WAIT_1, TCPSTATE_FIN_WAIT_2},
      {GETS_FIN, TCPSTATE_FIN_WAIT_1, TCPSTATE_CLOSING},
      {GETS_FIN, TCPSTATE_FIN_WAIT_2, TCPSTATE_TIME_WAIT},
      {GETS_ACK_OF_FIN, TCPSTATE_CLOSING, TCPSTATE_TIME_WAIT},
      {GETS_FIN_AND_ACK, TCPSTATE_FIN_WAIT_1, TCPSTATE_TIME_WAIT},
      {TIMES_OUT, TCPSTATE_TIME_WAIT, TCPSTATE_CLOSED},
      {GETS_RST, TCPSTATE_SYN_RECEIVED, TCPSTATE_LISTEN},
      {GETS_RST, TCPSTATE_ESTABLISHED, TCPSTATE_CLOSED},
      {GETS_RST, TCPSTATE_TIME_WAIT, TCPSTATE_CLOSED},
  };
  struct transitions compiled;
  (void)state;
  transitions_compile(&compiled);
  for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
    unsigned number = compiled.rule[arrows[i].what][arrows[i].from];
    assert_int_not_equal(number, TRANSITION_NONE);
    assert_int_equal(transition_to(number), arrows[i].to);
    assert_true(transition_applies(number, arrows[i].from));
  }
}

static void test_what_does_not_concern_a_state_leaves_it(void **state)
{
  struct transitions compiled;
  (void)state;
  transitions_compile(&compiled);
  assert_int_equal(compiled.rule[GETS_FIN][TCPSTATE_TIME_WAIT], TRANSITION_NONE);
  assert_int_equal(compiled.rule[GETS_SYN][TCPSTATE_ESTABLISHED], TRANSITION_NONE);
  assert_int_equal(compiled.rule[GETS_RST][TCPSTATE_LISTEN], TRANSITION_NONE);
  assert_int_equal(transitions_map(&compiled, M(ESTABLISHED) | M(LISTEN), GETS_FIN), M(CLOSE_WAIT) | M(LISTEN));
}

static void test_every_rule_names_its_section(void **state)
{
  tcpstate_rule rule;
  unsigned number = 1;
  (void)state;
  for (; tcpstate_rule_get(number, &rule) == TCPSTATE_OK; number++) {
    assert_int_equal(rule.number, number);
    assert_true(rule.from != 0 && rule.to < TCPSTATE_STATE_COUNT);
    assert_true(strlen(rule.section) >= 3 && rule.section[0] == '3');
    assert_int_equal(rule.text[strlen(rule.text) - 1], '.');
  }
  assert_true(number > 30);
  assert_int_equal(tcpstate_rule_get(0, &rule), TCPSTATE_ERROR_NOT_FOUND);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_figure_5),
                                     cmocka_unit_test(test_what_does_not_concern_a_state_leaves_it),
                                     cmocka_unit_test(test_every_rule_names_its_section)};
  return cmocka_run_group_tests_name("transitions", tests, NULL, NULL);
}
