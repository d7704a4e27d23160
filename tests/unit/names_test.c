/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <tcpstate/tcpstate.h>

/* Every list of words that is public interface, as the contract prints it: in the order of its enum, one blank between;
 * "-" stands for a NONE value. */
struct word_list {
  const char *(*name)(unsigned);
  unsigned count;
  const char *words;
};

static const struct word_list lists[] = {
    {tcpstate_state_name, TCPSTATE_STATE_COUNT,
     "UNKNOWN CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK "
     "TIME-WAIT"},
    {tcpstate_role_name, TCPSTATE_ROLE_COUNT, "client server"},
    {tcpstate_roles_name, TCPSTATE_ROLES_COUNT, "observed inferred"},
    {tcpstate_certainty_name, TCPSTATE_CERTAINTY_COUNT, "observed assumed guessed"},
    {tcpstate_phase_name, TCPSTATE_PHASE_COUNT, "handshake data close reset closed"},
    {tcpstate_handshake_role_name, TCPSTATE_HANDSHAKE_ROLE_COUNT, "- SYN SYN-ACK ACK"},
    {tcpstate_teardown_step_name, TCPSTATE_TEARDOWN_ACK_2 + 1, "- FIN-1 ACK-1 - FIN-2 - - - ACK-2"},
    {tcpstate_teardown_role_name, TCPSTATE_TEARDOWN_ROLE_COUNT, "- active passive simultaneous"},
    {tcpstate_event_name, TCPSTATE_EVENT_COUNT,
     "syn-retransmitted syn-ack-retransmitted fin-retransmitted handshake-complete fast-open simultaneous-open "
     "simultaneous-close half-close data-after-fin fin-ahead-of-hole refused aborted reset-out-of-window challenge-ack "
     "syn-in-connection keep-alive keep-alive-answered peer-silent half-open tuple-reused time-wait-reused stray "
     "capture-gap mid-stream illegal-flags no-answer bad-checksum split-handshake revised paws unacceptable"},
    {tcpstate_outcome_name, TCPSTATE_OUTCOME_COUNT,
     "open closed reset refused no-answer half-open half-closed mid-stream"},
    {tcpstate_close_name, TCPSTATE_CLOSE_COUNT,
     "- four-segment three-segment simultaneous reset-by-client reset-by-server"},
    {tcpstate_closer_name, TCPSTATE_CLOSER_COUNT, "- client server both"},
    {tcpstate_conn_state_name, TCPSTATE_CONN_STATE_COUNT, "S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH"},
    {tcpstate_vantage_name, TCPSTATE_VANTAGE_COUNT, "unknown client server middle"},
};

static void join_words(const struct word_list *list, char *joined, size_t size)
{
  size_t length = 0;

  for (unsigned i = 0; i < list->count; i++) {
    const char *name = list->name(i);

    length += (size_t)snprintf(joined + length, size - length, "%s%s", i == 0 ? "" : " ", name[0] == '\0' ? "-" : name);
    assert_true(length < size);
  }
}

static void test_words_are_those_of_the_contract(void **state)
{
  char joined[1024];

  (void)state;
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    join_words(&lists[i], joined, sizeof joined);
    assert_string_equal(joined, lists[i].words);
  }
}

static void test_numbers_out_of_range_have_no_word(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    assert_string_equal(lists[i].name(lists[i].count), "");
    assert_string_equal(lists[i].name(UINT_MAX), "");
  }
  assert_string_equal(tcpstate_event_sentence(TCPSTATE_EVENT_COUNT), "");
}

static void test_every_event_has_one_sentence(void **state)
{
  (void)state;
  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    const char *sentence = tcpstate_event_sentence(event);
    size_t length = strlen(sentence);

    assert_true(length > 10);
    assert_true(sentence[0] >= 'A' && sentence[0] <= 'Z');
    assert_true(sentence[length - 1] == '.' || sentence[length - 1] == ')');
    for (unsigned other = 0; other < event; other++) {
      assert_string_not_equal(sentence, tcpstate_event_sentence(other));
    }
  }
}

static void test_every_event_has_a_kind(void **state)
{
  (void)state;
  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    assert_true(tcpstate_event_kind(event) < TCPSTATE_KIND_COUNT);
  }
  assert_int_equal(tcpstate_event_kind(TCPSTATE_EVENT_KEEP_ALIVE), TCPSTATE_KIND_COURSE);
  assert_int_equal(tcpstate_event_kind(TCPSTATE_EVENT_PAWS), TCPSTATE_KIND_IRREGULAR);
  assert_int_equal(tcpstate_event_kind(TCPSTATE_EVENT_NO_ANSWER), TCPSTATE_KIND_FAILURE);
  assert_int_equal(tcpstate_event_kind(TCPSTATE_EVENT_ILLEGAL_FLAGS), TCPSTATE_KIND_DAMAGE);
  assert_int_equal(tcpstate_event_kind(TCPSTATE_EVENT_COUNT), TCPSTATE_KIND_COURSE);
}

static void test_every_error_has_its_own_text(void **state)
{
  const int unused = TCPSTATE_ERROR_MALFORMED - 1;

  (void)state;
  for (int error = TCPSTATE_OK; error >= unused; error--) {
    assert_true(strlen(tcpstate_strerror(error)) > 0);
    for (int other = TCPSTATE_OK; other > error; other--) {
      assert_string_not_equal(tcpstate_strerror(error), tcpstate_strerror(other));
    }
  }
  assert_string_equal(tcpstate_strerror(unused), tcpstate_strerror(12345));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_words_are_those_of_the_contract), cmocka_unit_test(test_numbers_out_of_range_have_no_word),
      cmocka_unit_test(test_every_event_has_one_sentence),    cmocka_unit_test(test_every_event_has_a_kind),
      cmocka_unit_test(test_every_error_has_its_own_text),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
