/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <tcpstate/tcpstate.h>

/* The names of the contract, in the order of the enum. */
static const char *const names[TCPSTATE_FIELD_COUNT] = {
    "tcpstate.stream",
    "tcpstate.phase",
    "tcpstate.src.state",
    "tcpstate.dst.state",
    "tcpstate.client.state",
    "tcpstate.server.state",
    "tcpstate.state",
    "tcpstate.client.previous",
    "tcpstate.server.previous",
    "tcpstate.changed",
    "tcpstate.transition",
    "tcpstate.src.role",
    "tcpstate.roles",
    "tcpstate.handshake.role",
    "tcpstate.teardown.step",
    "tcpstate.teardown.role",
    "tcpstate.client.certainty",
    "tcpstate.server.certainty",
    "tcpstate.client.possible",
    "tcpstate.server.possible",
    "tcpstate.event",
    "tcpstate.conn.outcome",
    "tcpstate.conn.close",
    "tcpstate.conn.active_closer",
    "tcpstate.conn.state",
    "tcpstate.conn.history",
    "tcpstate.conn.vantage",
    "tcpstate.conn.control_segments",
};

/* The columns that the CSV of annotate takes from fields, in the contract's order. */
static const char *const columns[] = {
    "stream",          "phase",           "src_state",     "dst_state",     "client_state",     "server_state",
    "src_role",        "handshake_role",  "teardown_step", "teardown_role", "client_certainty", "server_certainty",
    "client_possible", "server_possible", "events",
};

/* The merged FIN+ACK of a three-segment close, sent by the server. */
static const tcpstate_annotation merged = {
    .events = 1u << TCPSTATE_EVENT_MID_STREAM | (uint64_t)1 << TCPSTATE_EVENT_REVISED,
    .stream = 4294967294u,
    .possible = {TCPSTATE_MASK(TCPSTATE_TIME_WAIT) | TCPSTATE_MASK(TCPSTATE_FIN_WAIT_1),
                 TCPSTATE_MASK(TCPSTATE_LAST_ACK)},
    .state = {TCPSTATE_TIME_WAIT, TCPSTATE_LAST_ACK},
    .previous = {TCPSTATE_FIN_WAIT_1, TCPSTATE_CLOSE_WAIT},
    .certainty = {TCPSTATE_ASSUMED, TCPSTATE_OBSERVED},
    .src_role = TCPSTATE_SERVER,
    .roles = TCPSTATE_ROLES_INFERRED,
    .phase = TCPSTATE_PHASE_CLOSE,
    .teardown_steps = TCPSTATE_TEARDOWN_ACK_1 | TCPSTATE_TEARDOWN_FIN_2,
    .teardown_role = TCPSTATE_TEARDOWN_PASSIVE,
};

/* What an endpoint says of itself before anything is known. */
static const tcpstate_annotation nothing = {.stream = UINT32_MAX};

static const tcpstate_connection connection = {
    .handshake_segments = 3,
    .teardown_segments = 4,
    .outcome = TCPSTATE_OUTCOME_CLOSED,
    .close = TCPSTATE_CLOSE_FOUR_SEGMENT,
    .active_closer = TCPSTATE_CLOSER_CLIENT,
    .conn_state = TCPSTATE_CONN_SF,
    .vantage = TCPSTATE_VANTAGE_MIDDLE,
    .history = "ShADadFf",
};

/* Every occurrence, joined with " & ". */
static const char *all_text(unsigned id, const tcpstate_annotation *annotation)
{
  static char joined[512];
  char text[256];
  unsigned count = tcpstate_field_occurrences(id, annotation, &connection);
  size_t used = 0;

  joined[0] = '\0';
  for (unsigned i = 0; i < count; i++) {
    size_t length = tcpstate_field_text(id, annotation, &connection, i, text, sizeof text);

    assert_int_equal(length, strlen(text));
    used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", i == 0 ? "" : " & ", text);
    assert_true(used < sizeof joined);
  }
  assert_int_equal(tcpstate_field_text(id, annotation, &connection, count, text, sizeof text), 0);
  assert_string_equal(text, "");
  return joined;
}

static void test_names_and_columns_are_those_of_the_contract(void **state)
{
  size_t column = 0;

  (void)state;
  for (unsigned id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    const tcpstate_field *field = tcpstate_field_get(id);

    assert_int_equal(field->id, id);
    assert_string_equal(field->name, names[id]);
    assert_true(strlen(field->title) > 0 && strlen(field->help) > 20);
    assert_int_equal(field->of_connection, strncmp(field->name, "tcpstate.conn.", 14) == 0);
    if (field->column[0] != '\0') {
      assert_true(column < sizeof columns / sizeof columns[0]);
      assert_string_equal(field->column, columns[column++]);
    }
  }
  assert_int_equal(column, sizeof columns / sizeof columns[0]);
  assert_null(tcpstate_field_get(TCPSTATE_FIELD_COUNT));
}

static void test_text_of_every_field(void **state)
{
  static const char *const expected[TCPSTATE_FIELD_COUNT] = {
      [TCPSTATE_FIELD_STREAM] = "4294967294",
      [TCPSTATE_FIELD_PHASE] = "close",
      [TCPSTATE_FIELD_SRC_STATE] = "LAST-ACK",
      [TCPSTATE_FIELD_DST_STATE] = "TIME-WAIT",
      [TCPSTATE_FIELD_CLIENT_STATE] = "TIME-WAIT",
      [TCPSTATE_FIELD_SERVER_STATE] = "LAST-ACK",
      [TCPSTATE_FIELD_STATE] = "TIME-WAIT & LAST-ACK",
      [TCPSTATE_FIELD_CLIENT_PREVIOUS] = "FIN-WAIT-1",
      [TCPSTATE_FIELD_SERVER_PREVIOUS] = "CLOSE-WAIT",
      [TCPSTATE_FIELD_CHANGED] = "1",
      [TCPSTATE_FIELD_TRANSITION] = "client FIN-WAIT-1 > TIME-WAIT & server CLOSE-WAIT > LAST-ACK",
      [TCPSTATE_FIELD_SRC_ROLE] = "server",
      [TCPSTATE_FIELD_ROLES] = "inferred",
      [TCPSTATE_FIELD_HANDSHAKE_ROLE] = "",
      [TCPSTATE_FIELD_TEARDOWN_STEP] = "ACK-1+FIN-2",
      [TCPSTATE_FIELD_TEARDOWN_ROLE] = "passive",
      [TCPSTATE_FIELD_CLIENT_CERTAINTY] = "assumed",
      [TCPSTATE_FIELD_SERVER_CERTAINTY] = "observed",
      [TCPSTATE_FIELD_CLIENT_POSSIBLE] = "TIME-WAIT|FIN-WAIT-1",
      [TCPSTATE_FIELD_SERVER_POSSIBLE] = "LAST-ACK",
      [TCPSTATE_FIELD_EVENT] = "mid-stream & revised",
      [TCPSTATE_FIELD_CONN_OUTCOME] = "closed",
      [TCPSTATE_FIELD_CONN_CLOSE] = "four-segment",
      [TCPSTATE_FIELD_CONN_ACTIVE_CLOSER] = "client",
      [TCPSTATE_FIELD_CONN_STATE] = "SF",
      [TCPSTATE_FIELD_CONN_HISTORY] = "ShADadFf",
      [TCPSTATE_FIELD_CONN_VANTAGE] = "middle",
      [TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS] = "7",
  };

  (void)state;
  for (unsigned id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    assert_string_equal(all_text(id, &merged), expected[id]);
  }
}

static void test_what_is_absent_does_not_occur(void **state)
{
  static const unsigned absent[] = {
      TCPSTATE_FIELD_STREAM,        TCPSTATE_FIELD_TRANSITION,    TCPSTATE_FIELD_HANDSHAKE_ROLE,
      TCPSTATE_FIELD_TEARDOWN_STEP, TCPSTATE_FIELD_TEARDOWN_ROLE, TCPSTATE_FIELD_EVENT,
      TCPSTATE_FIELD_COUNT,
  };
  tcpstate_connection open = {0};

  (void)state;
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
    assert_int_equal(tcpstate_field_occurrences(absent[i], &nothing, NULL), 0);
  }
  assert_string_equal(all_text(TCPSTATE_FIELD_CHANGED, &nothing), "0");
  assert_string_equal(all_text(TCPSTATE_FIELD_CLIENT_STATE, &nothing), "UNKNOWN");
  assert_int_equal(tcpstate_field_occurrences(TCPSTATE_FIELD_CONN_CLOSE, &nothing, &open), 0);
  assert_int_equal(tcpstate_field_occurrences(TCPSTATE_FIELD_CONN_ACTIVE_CLOSER, &nothing, &open), 0);
  assert_int_equal(tcpstate_field_occurrences(TCPSTATE_FIELD_CONN_HISTORY, &nothing, &open), 0);
  assert_int_equal(tcpstate_field_occurrences(TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS, &nothing, &open), 1);
}

static void test_without_annotation_or_connection(void **state)
{
  (void)state;
  for (unsigned id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    char text[8] = "x";

    assert_int_equal(tcpstate_field_occurrences(id, NULL, NULL), 0);
    assert_int_equal(tcpstate_field_text(id, NULL, NULL, 0, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(tcpstate_field_number(id, NULL, NULL), 0);
  }
}

static const char *possible(unsigned displayed, unsigned mask)
{
  static char text[256];
  tcpstate_annotation annotation = {0};

  annotation.state[TCPSTATE_SERVER] = (uint8_t)displayed;
  annotation.possible[TCPSTATE_SERVER] = (uint16_t)mask;
  tcpstate_field_text(TCPSTATE_FIELD_SERVER_POSSIBLE, &annotation, NULL, 0, text, sizeof text);
  return text;
}

static void test_possible_states(void **state)
{
  unsigned two = TCPSTATE_MASK(TCPSTATE_SYN_SENT) | TCPSTATE_MASK(TCPSTATE_ESTABLISHED);

  (void)state;
  assert_string_equal(possible(TCPSTATE_ESTABLISHED, two), "ESTABLISHED|SYN-SENT");
  assert_string_equal(possible(TCPSTATE_SYN_SENT, two), "SYN-SENT|ESTABLISHED");
  assert_string_equal(possible(TCPSTATE_UNKNOWN, two), "SYN-SENT|ESTABLISHED");
  assert_string_equal(possible(TCPSTATE_UNKNOWN, 0), "UNKNOWN");
  assert_string_equal(possible(TCPSTATE_ESTABLISHED, 0), "UNKNOWN");
  assert_string_equal(possible(TCPSTATE_TIME_WAIT, TCPSTATE_MASK_ALL),
                      "TIME-WAIT|CLOSED|LISTEN|SYN-SENT|SYN-RECEIVED|ESTABLISHED|FIN-WAIT-1|FIN-WAIT-2|CLOSE-WAIT|"
                      "CLOSING|LAST-ACK");
}

static void test_transition_of_one_endpoint(void **state)
{
  tcpstate_annotation annotation = merged;

  (void)state;
  annotation.previous[TCPSTATE_CLIENT] = annotation.state[TCPSTATE_CLIENT];
  assert_string_equal(all_text(TCPSTATE_FIELD_TRANSITION, &annotation), "server CLOSE-WAIT > LAST-ACK");
  assert_int_equal(tcpstate_annotation_changed(&annotation), 1);
  annotation.previous[TCPSTATE_SERVER] = annotation.state[TCPSTATE_SERVER];
  assert_string_equal(all_text(TCPSTATE_FIELD_TRANSITION, &annotation), "");
  assert_int_equal(tcpstate_annotation_changed(&annotation), 0);
}

static void test_numbers(void **state)
{
  (void)state;
  assert_int_equal(tcpstate_field_number(TCPSTATE_FIELD_STREAM, &merged, NULL), 4294967294u);
  assert_int_equal(tcpstate_field_number(TCPSTATE_FIELD_CHANGED, &merged, NULL), 1);
  assert_int_equal(tcpstate_field_number(TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS, &merged, &connection), 7);
  assert_int_equal(tcpstate_field_number(TCPSTATE_FIELD_PHASE, &merged, &connection), 0);
}

static void test_text_that_does_not_fit(void **state)
{
  const char whole[] = "client FIN-WAIT-1 > TIME-WAIT";

  (void)state;
  for (size_t size = 0; size <= sizeof whole + 1; size++) {
    char text[sizeof whole + 2];
    size_t kept = size == 0 ? 0 : size - 1 < strlen(whole) ? size - 1 : strlen(whole);

    memset(text, '#', sizeof text);
    assert_int_equal(tcpstate_field_text(TCPSTATE_FIELD_TRANSITION, &merged, NULL, 0, text, size), strlen(whole));
    assert_memory_equal(text, whole, kept);
    assert_true(size == 0 || text[kept] == '\0');
    assert_true(size == sizeof text || text[size] == '#');
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names_and_columns_are_those_of_the_contract),
      cmocka_unit_test(test_text_of_every_field),
      cmocka_unit_test(test_what_is_absent_does_not_occur),
      cmocka_unit_test(test_without_annotation_or_connection),
      cmocka_unit_test(test_possible_states),
      cmocka_unit_test(test_transition_of_one_endpoint),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_text_that_does_not_fit),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
