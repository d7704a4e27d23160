/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checker.h"
#include <string.h>

static const uint32_t NO_STREAM = UINT32_MAX;

bool checker_init(struct checker *checker)
{
  memset(checker, 0, sizeof *checker);
  for (unsigned i = 0; i < STREAMS_MAX; i++) {
    checker->said[i].stream = NO_STREAM;
  }
  return tcpstate_new(&checker->tracker, NULL) == TCPSTATE_OK;
}

void checker_free(struct checker *checker)
{
  tcpstate_free(checker->tracker);
  checker->tracker = NULL;
}

void checker_describe(tcpstate_segment *out, const struct segment *segment, int64_t now_ms)
{
  static const uint16_t ports[SIDES] = {40000, 80};
  unsigned from = segment->sender;
  memset(out, 0, sizeof *out);
  out->time_ns = now_ms * 1000000;
  out->ip_version = 4;
  out->src[0] = 10;
  out->src[3] = (uint8_t)(1 + from);
  out->dst[0] = 10;
  out->dst[3] = (uint8_t)(2 - from);
  out->src_port = ports[from];
  out->dst_port = ports[1 - from];
  out->seq = segment->seq;
  out->ack = segment->ack;
  out->payload_length = segment->length;
  out->window = segment->window;
  out->flags = segment->flags;
  if (segment->has_ts) {
    out->facts |= TCPSTATE_HAS_TIMESTAMP;
    out->ts_value = segment->ts_value;
    out->ts_echo = segment->ts_echo;
  }
  if (segment->has_scale) {
    out->facts |= TCPSTATE_HAS_WINDOW_SCALE;
    out->window_scale = segment->scale;
  }
  if (segment->mss) {
    out->facts |= TCPSTATE_HAS_MSS;
    out->mss = segment->mss;
  }
}

static void report(struct checker *checker, unsigned kind, unsigned side, const char *format, const char *a,
                   const char *b, const char *c)
{
  if (checker->violation.kind != VIOLATION_NONE) {
    return; /* the first one is the one to look at */
  }
  checker->violation.kind = kind;
  checker->violation.side = side;
  snprintf(checker->violation.text, sizeof checker->violation.text, format, a, b, c);
}

static void check_range(struct checker *checker, unsigned side, unsigned role)
{
  const tcpstate_annotation *last = &checker->last;
  bool good = last->state[role] < TCPSTATE_STATE_COUNT && last->previous[role] < TCPSTATE_STATE_COUNT &&
              last->certainty[role] < TCPSTATE_CERTAINTY_COUNT && last->src_role < TCPSTATE_ROLE_COUNT &&
              last->roles < TCPSTATE_ROLES_COUNT && last->phase < TCPSTATE_PHASE_COUNT &&
              last->handshake_role < TCPSTATE_HANDSHAKE_ROLE_COUNT && last->teardown_steps < 16 &&
              last->teardown_role < TCPSTATE_TEARDOWN_ROLE_COUNT && !(last->possible[role] & ~TCPSTATE_MASK_ALL) &&
              last->events >> TCPSTATE_EVENT_COUNT == 0;
  if (!good) {
    report(checker, VIOLATION_RANGE, side, "a value out of range%s%s%s", "", "", "");
  }
}

static void check_displayed(struct checker *checker, unsigned side, unsigned role)
{
  const tcpstate_annotation *last = &checker->last;
  unsigned state = last->state[role];
  char set[128];
  set_text(last->possible[role], set, sizeof set);
  if (state != TCPSTATE_UNKNOWN && !(last->possible[role] & TCPSTATE_MASK(state))) {
    report(checker, VIOLATION_DISPLAYED, side, "displayed %s is not in {%s}%s", tcpstate_state_name(state), set, "");
  }
}

static void check_rule(struct checker *checker, unsigned side, unsigned role)
{
  const tcpstate_annotation *last = &checker->last;
  unsigned before = last->previous[role];
  unsigned after = last->state[role];
  tcpstate_rule rule;
  bool good;
  if (before == after) {
    good = last->rule[role] == 0;
  } else {
    good = tcpstate_rule_get(last->rule[role], &rule) == TCPSTATE_OK && (rule.from & TCPSTATE_MASK(before)) &&
           rule.to == after;
  }
  if (!good) {
    char number[8];
    snprintf(number, sizeof number, "%u", last->rule[role]);
    report(checker, VIOLATION_RULE, side, "%s > %s by rule %s", tcpstate_state_name(before), tcpstate_state_name(after),
           number);
  }
}

/* What was said of a stream goes on from where it was; its connection is known to the tracker and counts right. */
static void check_stream(struct checker *checker)
{
  const tcpstate_annotation *last = &checker->last;
  unsigned place = last->stream % STREAMS_MAX;
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    unsigned before = checker->said[place].state[role];
    if (checker->said[place].stream == last->stream && before != last->previous[role]) {
      report(checker, VIOLATION_PREVIOUS, role, "previous is %s, was %s%s", tcpstate_state_name(last->previous[role]),
             tcpstate_state_name(before), "");
    }
  }
  if (checker->said[place].stream != last->stream) {
    checker->said[place].stream = last->stream;
    checker->said[place].segments = 0;
  }
  checker->said[place].segments++;
  memcpy(checker->said[place].state, last->state, sizeof last->state);
}

/* A role may turn round when the evidence says so; what was said of the stream turns with it. */
static void follow_roles(struct checker *checker, unsigned sender)
{
  unsigned place = checker->last.stream % STREAMS_MAX;
  if (checker->any && checker->said[place].stream == checker->last.stream &&
      checker->role[sender] != checker->last.src_role) {
    uint8_t client = checker->said[place].state[TCPSTATE_CLIENT];
    checker->said[place].state[TCPSTATE_CLIENT] = checker->said[place].state[TCPSTATE_SERVER];
    checker->said[place].state[TCPSTATE_SERVER] = client;
  }
  checker->role[sender] = checker->last.src_role;
  checker->role[1 - sender] = (uint8_t)(1 - checker->last.src_role);
}

static void settle_observed(struct checker *checker, const struct sim *sim)
{
  for (unsigned side = 0; side < SIDES; side++) {
    unsigned state = checker->last.state[checker->role[side]];
    if (checker->observed_due[side] && (endpoint_fair(&sim->end[side]) & TCPSTATE_MASK(state))) {
      checker->observed_due[side] = false;
    }
  }
}

static void demand_observed(struct checker *checker)
{
  for (unsigned side = 0; side < SIDES; side++) {
    if (checker->observed_due[side]) {
      report(checker, VIOLATION_OBSERVED, side, "observed %s, but it was not%s%s",
             tcpstate_state_name(checker->last.state[checker->role[side]]), "", "");
    }
    checker->observed_due[side] = false;
  }
}

/* `observed` must be met: by the sender at departure or since, by the receiver before the next segment passes. */
static void expect_observed(struct checker *checker, const struct segment *segment)
{
  const tcpstate_annotation *last = &checker->last;
  for (unsigned side = 0; side < SIDES; side++) {
    unsigned role = checker->role[side];
    bool departed =
        side == segment->sender && (last->state[role] == segment->state || last->state[role] == segment->bare);
    bool observed = last->certainty[role] == TCPSTATE_OBSERVED && last->state[role] != TCPSTATE_UNKNOWN;
    checker->observed += observed;
    checker->observed_due[side] = observed && !departed;
  }
}

static unsigned set_size(unsigned set)
{
  unsigned size = 0;
  for (; set; set &= set - 1) {
    size++;
  }
  return size;
}

void checker_segment(struct checker *checker, const struct sim *sim, const struct segment *segment)
{
  tcpstate_segment observed;
  demand_observed(checker);
  checker_describe(&observed, segment, sim->now_ms);
  if (tcpstate_feed(checker->tracker, &observed, &checker->last) != TCPSTATE_OK) {
    report(checker, VIOLATION_ERROR, segment->sender, "feed failed%s%s%s", "", "", "");
    return;
  }
  checker->fed++;
  check_range(checker, segment->sender, TCPSTATE_CLIENT);
  check_range(checker, segment->sender, TCPSTATE_SERVER);
  if (checker->violation.kind == VIOLATION_RANGE) {
    return;
  }
  follow_roles(checker, segment->sender);
  checker->any = true;
  check_stream(checker);
  for (unsigned side = 0; side < SIDES; side++) {
    check_displayed(checker, side, checker->role[side]);
    check_rule(checker, side, checker->role[side]);
    checker->set_size += set_size(checker->last.possible[side]);
    checker->sets++;
  }
  expect_observed(checker, segment);
}

void checker_point(struct checker *checker, const struct sim *sim)
{
  if (!checker->any || checker->violation.kind != VIOLATION_NONE) {
    return;
  }
  settle_observed(checker, sim);
  for (unsigned side = 0; side < SIDES; side++) {
    const struct endpoint *end = &sim->end[side];
    unsigned set = checker->last.possible[checker->role[side]];
    if (set && !(endpoint_fair(end) & set)) {
      char said[128];
      set_text(set, said, sizeof said);
      report(checker, VIOLATION_UNSOUND, side, "is %s, shown %s, said {%s}", tcpstate_state_name(endpoint_true(end)),
             tcpstate_state_name(endpoint_shown(end)), said);
    }
  }
}

void checker_end(struct checker *checker)
{
  tcpstate_statistics statistics;
  tcpstate_connection connection;
  uint32_t counted;
  if (!checker->any || checker->violation.kind != VIOLATION_NONE) {
    return;
  }
  demand_observed(checker);
  tcpstate_statistics_get(checker->tracker, &statistics);
  counted = checker->said[checker->last.stream % STREAMS_MAX].segments;
  if (statistics.segments != checker->fed || statistics.connections < checker->last.stream + 1) {
    report(checker, VIOLATION_COUNTS, 0, "statistics do not add up%s%s%s", "", "", "");
  }
  if (tcpstate_connection_get(checker->tracker, checker->last.stream, checker->last.slot, &connection) != TCPSTATE_OK ||
      connection.segments[0] + connection.segments[1] != counted ||
      memcmp(connection.state, checker->last.state, sizeof connection.state) != 0) {
    report(checker, VIOLATION_COUNTS, 0, "the connection is not what was said of it%s%s%s", "", "", "");
  }
}
