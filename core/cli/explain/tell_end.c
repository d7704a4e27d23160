/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The summary: how the connection was opened and closed, by whom, with how many control segments, and what is left.
 */
#include "tell.h"

enum { INDENT = 2, HANGING = 4, POSSIBLE_MAX = 3 };

#define EVENT(name) (UINT64_C(1) << TCPSTATE_EVENT_##name)

static void tell_line(struct teller *teller, const char *sentence, const struct values *values)
{
  page_begin(teller->page, INDENT, HANGING);
  page_fill(teller->page, sentence, values);
  page_end(teller->page);
}

/* ---------------------------------------------------------------- how it began */

static enum message opening(const struct teller *teller)
{
  uint64_t events = teller->story->events;

  if (events & EVENT(MID_STREAM)) {
    return MESSAGE_OPENED_UNSEEN;
  }
  if (events & EVENT(SIMULTANEOUS_OPEN)) {
    return MESSAGE_OPENED_SIMULTANEOUSLY;
  }
  if (!(events & EVENT(HANDSHAKE_COMPLETE))) {
    return MESSAGE_OPENED_NOT;
  }
  return teller->connection->handshake_segments == 3 ? MESSAGE_OPENED_THREE_WAY : MESSAGE_OPENED_OTHERWISE;
}

static void tell_opening(struct teller *teller)
{
  struct values values = {0};

  values_number(&values, "count", teller->connection->handshake_segments);
  tell_line(teller, message(teller, opening(teller)), &values);
}

/* ---------------------------------------------------------------- how it ended */

static enum message ending(const tcpstate_connection *connection)
{
  switch (connection->outcome) {
  case TCPSTATE_OUTCOME_OPEN:
    return MESSAGE_STILL_OPEN;
  case TCPSTATE_OUTCOME_REFUSED:
    return MESSAGE_REFUSED;
  case TCPSTATE_OUTCOME_NO_ANSWER:
    return MESSAGE_NO_ANSWER;
  case TCPSTATE_OUTCOME_HALF_OPEN:
    return MESSAGE_HALF_OPEN;
  case TCPSTATE_OUTCOME_HALF_CLOSED:
    return connection->active_closer == TCPSTATE_CLOSER_BOTH ? MESSAGE_STILL_CLOSING_BOTH : MESSAGE_STILL_CLOSING;
  case TCPSTATE_OUTCOME_MID_STREAM:
    return MESSAGE_MID_STREAM;
  case TCPSTATE_OUTCOME_RESET:
    return MESSAGE_CLOSED_BY_RESET;
  default:
    return connection->close == TCPSTATE_CLOSE_SIMULTANEOUS    ? MESSAGE_CLOSED_SIMULTANEOUSLY
           : connection->close == TCPSTATE_CLOSE_THREE_SEGMENT ? MESSAGE_CLOSED_IN_THREE
                                                               : MESSAGE_CLOSED_IN_FOUR;
  }
}

static void tell_ending(struct teller *teller)
{
  const tcpstate_connection *connection = teller->connection;
  unsigned closer = connection->active_closer == TCPSTATE_CLOSER_SERVER;
  unsigned resetter = connection->close == TCPSTATE_CLOSE_RESET_BY_SERVER;
  struct values values = {0};

  values_text(&values, "closer", role_word(teller, closer));
  values_text(&values, "other", role_word(teller, !closer));
  values_text(&values, "resetter", role_word(teller, resetter));
  values_number(&values, "port", connection->port[TCPSTATE_SERVER]);
  page_begin(teller->page, INDENT, HANGING);
  page_fill(teller->page, message(teller, ending(connection)), &values);
  if (connection->outcome == TCPSTATE_OUTCOME_RESET && connection->teardown_segments > 0 &&
      connection->active_closer != TCPSTATE_CLOSER_BOTH) {
    page_sentence(teller->page, message(teller, MESSAGE_FIN_BESIDES_RESET), &values);
  }
  page_end(teller->page);
}

/* ---------------------------------------------------------------- figures */

static void tell_control(struct teller *teller)
{
  const tcpstate_connection *connection = teller->connection;
  struct values values = {0};

  values_number(&values, "opening", connection->handshake_segments);
  values_number(&values, "closing", connection->teardown_segments);
  values_number(&values, "count", (uint64_t)connection->handshake_segments + connection->teardown_segments);
  page_begin(teller->page, INDENT, HANGING);
  page_fill(teller->page, message(teller, MESSAGE_CONTROL), &values);
  if (connection->outcome == TCPSTATE_OUTCOME_CLOSED && connection->handshake_segments == 3) {
    if (connection->close == TCPSTATE_CLOSE_THREE_SEGMENT) {
      page_sentence(teller->page, message(teller, MESSAGE_SIX), &values);
    } else if (connection->close == TCPSTATE_CLOSE_FOUR_SEGMENT) {
      page_sentence(teller->page, message(teller, MESSAGE_SEVEN), &values);
    }
  }
  page_end(teller->page);
}

static void tell_bytes(struct teller *teller)
{
  struct values values = {0};

  values_number(&values, "sent", teller->connection->bytes[TCPSTATE_CLIENT]);
  values_number(&values, "answered", teller->connection->bytes[TCPSTATE_SERVER]);
  tell_line(teller, message(teller, MESSAGE_BYTES), &values);
}

/* ---------------------------------------------------------------- what is left */

/* What else the endpoint may be in, unless that is anybody's guess. */
static void tell_possible(struct teller *teller, const tcpstate_annotation *annotation, unsigned role)
{
  unsigned others = annotation->possible[role] & ~(unsigned)TCPSTATE_MASK(annotation->state[role]);
  unsigned left = 0;
  const enum message after[] = {MESSAGE_STOP, MESSAGE_OR, MESSAGE_LIST};
  struct values values = {0};

  for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
    left += others >> state & 1;
  }
  if (left == 0 || left > POSSIBLE_MAX) {
    return;
  }
  values_text(&values, "role", role_word(teller, role));
  page_sentence(teller->page, message(teller, MESSAGE_POSSIBLE), &values);
  for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
    if (others >> state & 1) {
      page_text(teller->page, tcpstate_state_name(state));
      left--;
      page_text(teller->page, message(teller, after[left]));
    }
  }
}

static void tell_moved_by_icmp(struct teller *teller, const tcpstate_annotation *annotation, unsigned role)
{
  struct values values = {0};

  if (annotation->state[role] != teller->connection->state[role]) {
    values_text(&values, "role", role_word(teller, role));
    values_text(&values, "from", tcpstate_state_name(annotation->state[role]));
    values_text(&values, "to", tcpstate_state_name(teller->connection->state[role]));
    tell_line(teller, message(teller, MESSAGE_MOVED_BY_ICMP), &values);
  }
}

static void tell_left(struct teller *teller, unsigned role)
{
  const char *sentence = teller->catalogue->ends[teller->connection->state[role]];
  struct values values = {0};

  if (sentence != NULL) {
    values_text(&values, "role", role_word(teller, role));
    values_text(&values, "peer", role_word(teller, !role));
    tell_line(teller, sentence, &values);
  }
}

static void tell_last_states(struct teller *teller, const tcpstate_annotation *annotation)
{
  struct values values = {0};

  values_text(&values, "client", tcpstate_state_name(teller->connection->state[TCPSTATE_CLIENT]));
  values_text(&values, "server", tcpstate_state_name(teller->connection->state[TCPSTATE_SERVER]));
  page_begin(teller->page, INDENT, HANGING);
  page_fill(teller->page, message(teller, MESSAGE_LAST_STATES), &values);
  for (unsigned role = 0; annotation != NULL && role < TCPSTATE_ROLE_COUNT; role++) {
    if (annotation->state[role] == teller->connection->state[role]) {
      tell_possible(teller, annotation, role);
    }
  }
  page_end(teller->page);
}

static void tell_vantage(struct teller *teller)
{
  static const enum message by_vantage[2][TCPSTATE_VANTAGE_COUNT] = {
      {[TCPSTATE_VANTAGE_CLIENT] = MESSAGE_TAKEN_AT_CLIENT,
       [TCPSTATE_VANTAGE_SERVER] = MESSAGE_TAKEN_AT_SERVER,
       [TCPSTATE_VANTAGE_MIDDLE] = MESSAGE_TAKEN_BETWEEN},
      {[TCPSTATE_VANTAGE_CLIENT] = MESSAGE_NEAR_CLIENT,
       [TCPSTATE_VANTAGE_SERVER] = MESSAGE_NEAR_SERVER,
       [TCPSTATE_VANTAGE_MIDDLE] = MESSAGE_BETWEEN_ROUTERS},
  };
  const bool by_headers = teller->connection->vantage_grounds == TCPSTATE_GROUNDS_HEADERS;
  const struct values none = {0};

  if (teller->connection->vantage != TCPSTATE_VANTAGE_UNKNOWN) {
    tell_line(teller, message(teller, by_vantage[by_headers][teller->connection->vantage]), &none);
  }
}

void tell_end(struct teller *teller)
{
  size_t kept = story_kept(teller->story);
  const tcpstate_annotation *last = NULL;

  if (kept > 0 && teller->story->lost_packets == 0) {
    last = &story_step(teller->story, kept - 1)->annotation;
  }
  page_begin(teller->page, 0, 0);
  page_style(teller->page, STYLE_BOLD);
  page_text(teller->page, message(teller, MESSAGE_SUMMARY));
  page_plain(teller->page);
  page_end(teller->page);
  tell_opening(teller);
  tell_ending(teller);
  tell_control(teller);
  tell_bytes(teller);
  for (unsigned role = 0; last != NULL && role < TCPSTATE_ROLE_COUNT; role++) {
    tell_moved_by_icmp(teller, last, role);
  }
  tell_last_states(teller, last);
  tell_left(teller, TCPSTATE_CLIENT);
  tell_left(teller, TCPSTATE_SERVER);
  tell_vantage(teller);
}
