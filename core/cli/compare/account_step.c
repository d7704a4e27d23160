/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One segment of the account: where it was seen, what became of it and how that is known, and both ends after it.
 */
#include "account.h"
#include "sentences.h"

#include <stdio.h>

enum { HANGING = 4, LOOK_ROUND = 64, SET_SIZE = 160 };

/* ---------------------------------------------------------------- the head */

static void tell_head(struct account *account, const struct compare_row *row, uint32_t number)
{
  const struct compare_sight *sight = first_sight(row);
  const bool at_both = row->sight[COMPARE_A].frame != 0 && row->sight[COMPARE_B].frame != 0;
  struct page *page = &account->page;
  char flags[FLAGS_SIZE];
  struct values values = {0};

  flags_text(flags, sight->flags);
  account_sides(account, &values, row);
  values_text(&values, "flags", flags);
  values_number(&values, "length", sight->length);
  values_number(&values, "a", row->sight[COMPARE_A].frame);
  values_number(&values, "b", row->sight[COMPARE_B].frame);
  values_text(&values, "tap", tap_name(sight == &row->sight[COMPARE_A] ? COMPARE_A : COMPARE_B));
  values_number(&values, "frame", sight->frame);
  put_char(page->output, '\n');
  account_step_begin(account, row, number);
  page_style(page, STYLE_BOLD);
  page_fill(page, account_word(ACCOUNT_SYN_SENDER, account->language), &values);
  page_fill(page, "  {flags}", &values);
  page_plain(page);
  page_fill(page, "  len {length}  ", &values);
  page_fill(page, account_word(at_both ? ACCOUNT_AT_BOTH : ACCOUNT_AT_ONE, account->language), &values);
  page_end(page);
}

/* ---------------------------------------------------------------- what became of it */

static void tell_way(struct account *account, const struct compare_row *row)
{
  const char *verdict = sentence_of_verdict(row, account->language);
  struct values values = {0};
  char delay[MILLISECONDS_SIZE];

  account_sides(account, &values, row);
  values_text(&values, "delay", account_milliseconds(delay, row->delay_ns));
  if (row->verdict == COMPARE_BOTH) {
    page_sentence(&account->page,
                  account_word(row->has_delay ? ACCOUNT_CAME : ACCOUNT_CAME_WITHOUT_TIME, account->language), &values);
  }
  if (verdict != NULL) {
    page_sentence(&account->page, verdict, &values);
  }
  for (unsigned i = 0; i < COMPARE_CHANGE_COUNT; i++) {
    const char *change = (row->changes & 1u << i) != 0 ? sentence_of_change(i, account->language) : NULL;

    if (change != NULL) {
      page_sentence(&account->page, change, &values);
    }
  }
}

/* ---------------------------------------------------------------- grounds */

/* The frame of this tap nearest to the row in the connection, on one side of it; 0 if none is near. */
static uint32_t neighbour(const struct account *account, uint32_t index, enum compare_side tap, int step)
{
  const uint32_t first = account->connection.first_row;
  uint32_t at = index;

  for (unsigned i = 0; i < LOOK_ROUND; i++) {
    struct compare_row row;

    at = step > 0 ? at + 1 : at - 1; /* below zero it is beyond the last */
    if (at - first >= account->connection.row_count) {
      return 0;
    }
    compare_row_get(account->comparison->compare, at, &row);
    if (row.sight[tap].frame != 0) {
      return row.sight[tap].frame;
    }
  }
  return 0;
}

/* What the sender's segments usually have when they pass this tap, from its own tap and the routers between. */
static int usual_ttl(const struct account *account, const struct compare_row *row, enum compare_side tap)
{
  const struct compare_connection *connection = &account->connection;

  return tap == row->from_tap ? connection->ttl[row->from] : connection->ttl[row->from] - connection->hops[row->from];
}

static void tell_ttl(struct account *account, const struct compare_row *row)
{
  const struct compare_sight *sight = first_sight(row);
  const enum compare_side tap = sight == &row->sight[COMPARE_A] ? COMPARE_A : COMPARE_B;
  const int usual = usual_ttl(account, row, tap);
  struct values values = {0};

  if (sight->ttl == 0 || account->connection.ttl[row->from] == 0 || usual <= 0 || sight->ttl == usual) {
    return;
  }
  account_sides(account, &values, row);
  values_text(&values, "tap", tap_name(tap));
  values_number(&values, "ttl", sight->ttl);
  values_number(&values, "usual", (uint64_t)usual);
  page_sentence(&account->page, account_word(ACCOUNT_GROUNDS_TTL, account->language), &values);
}

static void tell_grounds_of_absence(struct account *account, const struct compare_row *row, uint32_t index)
{
  const enum compare_side tap = row->sight[COMPARE_A].frame == 0 ? COMPARE_A : COMPARE_B;
  const uint32_t before = neighbour(account, index, tap, -1);
  const uint32_t after = neighbour(account, index, tap, 1);
  struct values values = {0};

  values_text(&values, "tap", tap_name(tap));
  values_number(&values, "before", before);
  values_number(&values, "after", after);
  page_sentence(
      &account->page,
      account_word(before != 0 && after != 0 ? ACCOUNT_GROUNDS_BETWEEN : ACCOUNT_GROUNDS_LACKS, account->language),
      &values);
}

static void tell_grounds(struct account *account, const struct compare_row *row, uint32_t index)
{
  const bool is_reset = (first_sight(row)->flags & TCPSTATE_RST) != 0;
  struct values values = {0};

  if (row->verdict == COMPARE_LOST || row->verdict == COMPARE_INJECTED) {
    tell_grounds_of_absence(account, row, index);
  } else if (is_reset && row->verdict == COMPARE_BOTH) {
    account_sides(account, &values, row);
    values_number(&values, "mine", row->sight[row->from_tap].frame);
    values_number(&values, "theirs", row->sight[!row->from_tap].frame);
    page_sentence(&account->page, account_word(ACCOUNT_GROUNDS_SAME, account->language), &values);
  }
  if (is_reset || row->verdict == COMPARE_INJECTED) {
    tell_ttl(account, row);
  }
}

/* ---------------------------------------------------------------- did the other side get the reset? */

static void tell_reset(struct account *account, const struct compare_row *row)
{
  const unsigned receiver = !row->from;
  const struct compare_end *end = &row->end[receiver];
  struct values values = {0};

  if ((first_sight(row)->flags & TCPSTATE_RST) == 0 || row->sight[!row->from_tap].frame == 0) {
    return;
  }
  account_sides(account, &values, row);
  values_text(&values, "state", tcpstate_state_name(end->state));
  page_sentence(&account->page,
                account_word(!account->connection.is_next_to[receiver] ? ACCOUNT_RESET_NOT_PROVEN
                             : end->state == TCPSTATE_CLOSED           ? ACCOUNT_RESET_TAKEN
                                                                       : ACCOUNT_RESET_REFUSED,
                             account->language),
                &values);
}

/* ---------------------------------------------------------------- both ends */

/* "CLOSED|LAST-ACK", the given one first. */
static void states_text(char text[SET_SIZE], unsigned possible, unsigned first)
{
  size_t used = (size_t)snprintf(text, SET_SIZE, "%s", tcpstate_state_name(first));

  for (unsigned state = TCPSTATE_CLOSED; state < TCPSTATE_STATE_COUNT && used < SET_SIZE; state++) {
    if (state != first && (possible & TCPSTATE_MASK(state)) != 0) {
      used += (size_t)snprintf(text + used, SET_SIZE - used, "|%s", tcpstate_state_name(state));
    }
  }
}

static void tell_end(struct account *account, const struct compare_end *end, unsigned role)
{
  static const enum account_word by_certainty[TCPSTATE_CERTAINTY_COUNT] = {
      [TCPSTATE_OBSERVED] = ACCOUNT_OBSERVED,
      [TCPSTATE_ASSUMED] = ACCOUNT_ASSUMED,
      [TCPSTATE_GUESSED] = ACCOUNT_GUESSED,
  };
  struct values values = {0};
  char states[SET_SIZE];

  if (end->frame == 0) {
    return;
  }
  states_text(states, end->possible, end->state);
  values_text(&values, "role", account_role(account, role));
  values_text(&values, "state", tcpstate_state_name(end->state));
  values_text(&values, "states", states);
  values_text(&values, "tap", tap_name(end->tap));
  values_number(&values, "frame", end->frame);
  account_line(account, HANGING, by_certainty[end->certainty], &values);
}

void account_ends(struct account *account, const struct compare_end ends[TCPSTATE_ROLE_COUNT])
{
  tell_end(account, &ends[TCPSTATE_CLIENT], TCPSTATE_CLIENT);
  tell_end(account, &ends[TCPSTATE_SERVER], TCPSTATE_SERVER);
}

void account_step(struct account *account, const struct compare_row *row, uint32_t index, uint32_t number)
{
  tell_head(account, row, number);
  page_begin(&account->page, HANGING, HANGING);
  tell_way(account, row);
  tell_grounds(account, row, index);
  tell_reset(account, row);
  page_end(&account->page);
  account_ends(account, row->end);
}
