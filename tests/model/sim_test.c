/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The simulator by itself: the figures of RFC 9293, and what must hold of any run whatever. The engine has no part in
 * this. */
#include "random.h"
#include "seq.h"
#include "sim.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS = 3000, STEPS = 150 };

/* Plays lines of a script; an expectation stands behind it: "c deliver 0 = SYN-SENT SYN-RECEIVED". */
static void play(struct sim *sim, struct history *history, const char *const *lines)
{
  for (; *lines; lines++) {
    const char *expected = strchr(*lines, '=');
    struct step step;
    struct segment passed;
    char states[64];
    if (!step_parse(*lines, &step) || !sim_step(sim, history, &step, &passed).done) {
      fail_msg("not possible: %s", *lines);
    }
    snprintf(states, sizeof states, "= %s %s", tcpstate_state_name(endpoint_true(&sim->end[0])),
             tcpstate_state_name(endpoint_true(&sim->end[1])));
    if (expected && strcmp(expected, states) != 0) {
      fail_msg("%s, but is %s", *lines, states);
    }
  }
}

static void run_lines(const char *const *lines)
{
  struct sim sim;
  struct history history = {.count = 0};
  sim_init(&sim);
  play(&sim, &history, lines);
}

static void figure_6_basic_handshake(void **state)
{
  static const char *const lines[] = {"s listen = CLOSED LISTEN",
                                      "c open = SYN-SENT LISTEN",
                                      "c pass 0",
                                      "c deliver 0 = SYN-SENT SYN-RECEIVED",
                                      "s pass 0",
                                      "s deliver 0 = ESTABLISHED SYN-RECEIVED",
                                      "c pass 0",
                                      "c deliver 0 = ESTABLISHED ESTABLISHED",
                                      "c send 10",
                                      "c pass 0",
                                      "c deliver 0",
                                      "s pass 0",
                                      "s deliver 0 = ESTABLISHED ESTABLISHED",
                                      NULL};
  (void)state;
  run_lines(lines);
}

static void figure_7_simultaneous_open(void **state)
{
  static const char *const lines[] = {"c open = SYN-SENT CLOSED",
                                      "s open = SYN-SENT SYN-SENT",
                                      "c pass 0",
                                      "s pass 0",
                                      "s deliver 0 = SYN-RECEIVED SYN-SENT",
                                      "c deliver 0 = SYN-RECEIVED SYN-RECEIVED",
                                      "s pass 0",
                                      "c pass 0",
                                      "s deliver 0 = ESTABLISHED SYN-RECEIVED",
                                      "c deliver 0 = ESTABLISHED ESTABLISHED",
                                      NULL};
  (void)state;
  run_lines(lines);
}

static void figure_7_as_the_text_has_it(void **state)
{
  static const char *const lines[] = {"c variants 4",
                                      "s variants 4",
                                      "c open",
                                      "s open",
                                      "c pass 0",
                                      "s pass 0",
                                      "s deliver 0 = SYN-RECEIVED SYN-SENT",
                                      "c deliver 0 = SYN-RECEIVED SYN-RECEIVED",
                                      "s pass 0",
                                      "s deliver 0 = SYN-RECEIVED SYN-RECEIVED", /* the SYN-ACK is out of the window */
                                      "c pass 0",
                                      "c pass 0",
                                      "c deliver 1 = SYN-RECEIVED ESTABLISHED", /* the ACK that answers it */
                                      NULL};
  (void)state;
  run_lines(lines);
}

static void figure_8_old_duplicate_syn(void **state)
{
  static const char *const lines[] = {"s listen",
                                      "c open",
                                      "c pass 0",
                                      "c give-up",
                                      "c open = SYN-SENT LISTEN",
                                      "c pass 0",
                                      "c deliver 0 = SYN-SENT SYN-RECEIVED", /* the old one first */
                                      "s pass 0",
                                      "s deliver 0 = SYN-SENT SYN-RECEIVED",
                                      "c pass 0",
                                      "c deliver 1 = SYN-SENT LISTEN", /* the RST */
                                      "c deliver 0 = SYN-SENT SYN-RECEIVED",
                                      "s pass 0",
                                      "s deliver 0 = ESTABLISHED SYN-RECEIVED",
                                      "c pass 0",
                                      "c deliver 0 = ESTABLISHED ESTABLISHED",
                                      NULL};
  (void)state;
  run_lines(lines);
}

static const char *const established[] = {
    "s listen", "c open",      "c pass 0", "c deliver 0",
    "s pass 0", "s deliver 0", "c pass 0", "c deliver 0 = ESTABLISHED ESTABLISHED",
    NULL};

static void from_established(const char *const *lines)
{
  struct sim sim;
  struct history history = {.count = 0};
  sim_init(&sim);
  play(&sim, &history, established);
  play(&sim, &history, lines);
}

static void figure_9_half_open_discovery(void **state)
{
  static const char *const lines[] = {"c crash = CLOSED ESTABLISHED",
                                      "c open = SYN-SENT ESTABLISHED",
                                      "c pass 0",
                                      "c deliver 0 = SYN-SENT ESTABLISHED",
                                      "s pass 0",
                                      "s deliver 0 = SYN-SENT ESTABLISHED", /* the challenge ACK */
                                      "c pass 0",
                                      "c deliver 0 = SYN-SENT CLOSED",
                                      NULL};
  (void)state;
  from_established(lines);
}

static void figure_10_active_side_discovers(void **state)
{
  static const char *const lines[] = {
      "c crash = CLOSED ESTABLISHED", "s send 100", "s pass 0", "s deliver 0 = CLOSED ESTABLISHED", "c pass 0",
      "c deliver 0 = CLOSED CLOSED",  NULL};
  (void)state;
  from_established(lines);
}

static void figure_11_two_passive_sockets(void **state)
{
  static const char *const lines[] = {"c open",   "c give-up",
                                      "c listen", "s listen = LISTEN LISTEN",
                                      "c pass 0", "c deliver 0 = LISTEN SYN-RECEIVED",
                                      "s pass 0", "s deliver 0 = LISTEN SYN-RECEIVED",
                                      "c pass 0", "c deliver 0 = LISTEN LISTEN",
                                      NULL};
  (void)state;
  run_lines(lines);
}

static void figure_12_normal_close(void **state)
{
  static const char *const lines[] = {"c shutdown = FIN-WAIT-1 ESTABLISHED",
                                      "c pass 0",
                                      "c deliver 0 = FIN-WAIT-1 CLOSE-WAIT",
                                      "s pass 0",
                                      "s deliver 0 = FIN-WAIT-2 CLOSE-WAIT",
                                      "s shutdown = FIN-WAIT-2 LAST-ACK",
                                      "s pass 0",
                                      "s deliver 0 = TIME-WAIT LAST-ACK",
                                      "c pass 0",
                                      "c deliver 0 = TIME-WAIT CLOSED",
                                      "wait 59000 = TIME-WAIT CLOSED",
                                      "wait 1001 = CLOSED CLOSED",
                                      NULL};
  (void)state;
  from_established(lines);
}

static void figure_13_simultaneous_close(void **state)
{
  static const char *const lines[] = {
      "c shutdown = FIN-WAIT-1 ESTABLISHED", "s shutdown = FIN-WAIT-1 FIN-WAIT-1", "c pass 0", "s pass 0",
      "c deliver 0 = FIN-WAIT-1 CLOSING",    "s deliver 0 = CLOSING CLOSING",      "c pass 0", "s pass 0",
      "c deliver 0 = CLOSING TIME-WAIT",     "s deliver 0 = TIME-WAIT TIME-WAIT",  NULL};
  (void)state;
  from_established(lines);
}

static void time_wait_starts_anew_with_a_repeated_fin(void **state)
{
  static const char *const lines[] = {"c shutdown",
                                      "c pass 0",
                                      "c deliver 0",
                                      "s pass 0",
                                      "s deliver 0",
                                      "s shutdown",
                                      "s pass 0",
                                      "s deliver 0 = TIME-WAIT LAST-ACK",
                                      "wait 50000",
                                      "s retransmit",
                                      "s pass 0",
                                      "s deliver 0",
                                      "wait 50000 = TIME-WAIT LAST-ACK",
                                      NULL};
  (void)state;
  from_established(lines);
}

static void data_for_a_reader_that_is_gone(void **state)
{
  static const char *const lines[] = {"c close = FIN-WAIT-1 ESTABLISHED", "s send 5", "s pass 0",
                                      "s deliver 0 = CLOSED ESTABLISHED", NULL};
  (void)state;
  from_established(lines);
}

static void reset_ahead_of_a_hole_is_challenged(void **state)
{
  static const char *const lines[] = {
      "c send 10", "c abort = CLOSED ESTABLISHED",     "c pass 0",
      "c pass 0",  "c deliver 1 = CLOSED ESTABLISHED", "c deliver 0 = CLOSED ESTABLISHED",
      NULL};
  (void)state;
  from_established(lines);
}

static void fin_ahead_of_a_hole_waits(void **state)
{
  static const char *const lines[] = {"c send 10",
                                      "c shutdown",
                                      "c pass 0",
                                      "c pass 0",
                                      "c deliver 1 = FIN-WAIT-1 ESTABLISHED",
                                      "c deliver 0 = FIN-WAIT-1 CLOSE-WAIT",
                                      NULL};
  (void)state;
  from_established(lines);
}

static void closed_window_refuses_data_and_is_probed(void **state)
{
  static const char *const fill[] = {"s buffer 10", "s listen",    "c open",   "c pass 0",    "c deliver 0",
                                     "s pass 0",    "s deliver 0", "c pass 0", "c deliver 0", "c send 25",
                                     "c pass 0",    "c deliver 0", "s pass 0", "s deliver 0", NULL};
  static const char *const probe[] = {"c probe", "c pass 0", "c deliver 0", "s pass 0", "s deliver 0", NULL};
  static const char *const open[] = {"s receive 10", "s pass 0", "s deliver 0", "c lose 0",
                                     "c retransmit", "c pass 0", "c deliver 0", NULL};
  struct sim sim;
  (void)state;
  sim_init(&sim);
  play(&sim, NULL, fill);
  assert_int_equal(sim.end[1].now.unread, 10);
  assert_int_equal(sim.end[0].now.queued, 15);
  play(&sim, NULL, probe);
  assert_int_equal(sim.end[1].now.unread, 10); /* the window was closed */
  play(&sim, NULL, open);
  assert_int_equal(sim.end[1].now.unread, 10); /* the probe's byte, and nine in the window that opened */
}

/* What no segment has shown is not shown. */
static void unseen_doings_are_told_apart(void **state)
{
  static const char *const close_lines[] = {"c shutdown = FIN-WAIT-1 ESTABLISHED", NULL};
  static const char *const pass_lines[] = {"c pass 0", NULL};
  static const char *const abort_lines[] = {"s abort = FIN-WAIT-1 CLOSED", NULL};
  static const char *const show_lines[] = {"s pass 0", NULL};
  struct sim sim;
  (void)state;
  sim_init(&sim);
  play(&sim, NULL, established);
  play(&sim, NULL, close_lines);
  assert_int_equal(endpoint_shown(&sim.end[0]), TCPSTATE_ESTABLISHED);
  play(&sim, NULL, pass_lines);
  assert_int_equal(endpoint_shown(&sim.end[0]), TCPSTATE_FIN_WAIT_1);
  play(&sim, NULL, abort_lines);
  assert_int_equal(endpoint_shown(&sim.end[1]), TCPSTATE_ESTABLISHED);
  play(&sim, NULL, show_lines);
  assert_int_equal(endpoint_shown(&sim.end[1]), TCPSTATE_CLOSED);
}

/* Figure 5 and its note 3, what RST, ABORT and timeouts do, and two arrows passed in one step. */
static const uint16_t legal_next[TCPSTATE_STATE_COUNT] = {
    [TCPSTATE_CLOSED] = 1u << TCPSTATE_LISTEN | 1u << TCPSTATE_SYN_SENT | 1u << TCPSTATE_SYN_RECEIVED,
    [TCPSTATE_LISTEN] = 1u << TCPSTATE_SYN_RECEIVED | 1u << TCPSTATE_SYN_SENT,
    [TCPSTATE_SYN_SENT] = 1u << TCPSTATE_SYN_RECEIVED | 1u << TCPSTATE_ESTABLISHED,
    [TCPSTATE_SYN_RECEIVED] = 1u << TCPSTATE_ESTABLISHED | 1u << TCPSTATE_FIN_WAIT_1 | 1u << TCPSTATE_LISTEN |
                              1u << TCPSTATE_CLOSE_WAIT | 1u << TCPSTATE_CLOSING | 1u << TCPSTATE_LAST_ACK,
    [TCPSTATE_ESTABLISHED] = 1u << TCPSTATE_FIN_WAIT_1 | 1u << TCPSTATE_CLOSE_WAIT,
    [TCPSTATE_FIN_WAIT_1] = 1u << TCPSTATE_FIN_WAIT_2 | 1u << TCPSTATE_CLOSING | 1u << TCPSTATE_TIME_WAIT,
    [TCPSTATE_FIN_WAIT_2] = 1u << TCPSTATE_TIME_WAIT,
    [TCPSTATE_CLOSE_WAIT] = 1u << TCPSTATE_LAST_ACK,
    [TCPSTATE_CLOSING] = 1u << TCPSTATE_TIME_WAIT,
    [TCPSTATE_LAST_ACK] = 0,
    [TCPSTATE_TIME_WAIT] = 1u << TCPSTATE_SYN_RECEIVED,
};

static void check_transition(unsigned before, unsigned after, const struct step *step)
{
  bool legal = before == after || after == TCPSTATE_CLOSED || (legal_next[before] & (1u << after));
  if (!legal) {
    fail_msg("%s > %s at op %u", tcpstate_state_name(before), tcpstate_state_name(after), step->op);
  }
}

static void check_variables(const struct tcb *tcb)
{
  assert_true(seq_le(tcb->snd_una, tcb->snd_nxt));
  assert_true(!tcb->fin_sent || tcb->fin_queued);
  assert_true(!tcb->fin_sent || tcb->fin_seq + 1 == tcb->snd_nxt);
  assert_true(tcb->state != TCPSTATE_FIN_WAIT_2 || tcb->snd_una == tcb->snd_nxt);
}

/* Half of the runs are spared what ends connections out of turn, so that the others go all the way. */
static struct step random_step(uint64_t *random, bool gentle)
{
  static const uint32_t arguments[] = {0, 0, 0, 1, 2, 700, 2500, 61000};
  static const uint8_t gentle_ops[] = {OP_OPEN,       OP_LISTEN, OP_SEND,       OP_SHUTDOWN,
                                       OP_RETRANSMIT, OP_LOSE,   OP_DOUBLE_LATE};
  struct step step = {0};
  if (random_below(random, 100) < 75) {
    step.op = random_below(random, 2) ? OP_PASS : OP_DELIVER;
  } else {
    step.op = gentle ? gentle_ops[random_below(random, 7)] : (uint8_t)random_below(random, OP_COUNT);
  }
  step.side = (uint8_t)random_below(random, SIDES);
  step.argument = arguments[random_below(random, 8)];
  return step;
}

static uint32_t in_flight(const struct sim *sim)
{
  uint32_t count = 0;
  for (unsigned side = 0; side < SIDES; side++) {
    count += sim->leg[side][0].count + sim->leg[side][1].count;
  }
  return count;
}

/* Whatever the steps: only arrows of figure 5, sane variables, and no segment comes from or goes to nowhere. */
static void any_run_keeps_the_laws(void **state)
{
  static struct sim sim;
  static struct history history;
  unsigned visited = 0;
  (void)state;
  for (uint64_t run = 1; run <= RUNS; run++) {
    uint64_t random = run;
    uint32_t copies = 0;
    sim_init(&sim);
    history.count = 0;
    for (unsigned i = 0; i < STEPS; i++) {
      struct step step = random_step(&random, run % 2);
      unsigned before[SIDES] = {endpoint_true(&sim.end[0]), endpoint_true(&sim.end[1])};
      struct segment passed;
      bool done = sim_step(&sim, &history, &step, &passed).done;
      copies += done && (step.op == OP_DOUBLE || step.op == OP_DOUBLE_LATE || step.op == OP_REPLAY);
      for (unsigned side = 0; side < SIDES; side++) {
        check_transition(before[side], endpoint_true(&sim.end[side]), &step);
        check_variables(&sim.end[side].now);
        visited |= 1u << endpoint_true(&sim.end[side]);
      }
      assert_int_equal(sim.sent + copies, in_flight(&sim) + sim.arrived + sim.lost);
    }
  }
  assert_int_equal(visited, TCPSTATE_MASK_ALL); /* and all states are reached */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(figure_6_basic_handshake),       cmocka_unit_test(figure_7_simultaneous_open),
      cmocka_unit_test(figure_7_as_the_text_has_it),    cmocka_unit_test(figure_8_old_duplicate_syn),
      cmocka_unit_test(figure_9_half_open_discovery),   cmocka_unit_test(figure_10_active_side_discovers),
      cmocka_unit_test(figure_11_two_passive_sockets),  cmocka_unit_test(figure_12_normal_close),
      cmocka_unit_test(figure_13_simultaneous_close),   cmocka_unit_test(time_wait_starts_anew_with_a_repeated_fin),
      cmocka_unit_test(data_for_a_reader_that_is_gone), cmocka_unit_test(reset_ahead_of_a_hole_is_challenged),
      cmocka_unit_test(fin_ahead_of_a_hole_waits),      cmocka_unit_test(closed_window_refuses_data_and_is_probed),
      cmocka_unit_test(unseen_doings_are_told_apart),   cmocka_unit_test(any_run_keeps_the_laws),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
