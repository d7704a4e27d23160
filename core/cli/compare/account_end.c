/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The end of the account: who sent each reset and whether it came, what was lost, how long the way takes, and the
 * states that are left.
 */
#include "account.h"

enum { INDENT = 2, RESETS_MAX = 10 };

static enum account_word word_of_reset(const struct account *account, const struct compare_row *row)
{
  const bool proven =
      account->connection.is_next_to[TCPSTATE_CLIENT] && account->connection.is_next_to[TCPSTATE_SERVER];

  switch ((enum compare_verdict)row->verdict) {
  case COMPARE_BOTH:
    return proven ? ACCOUNT_RESET_SENT : ACCOUNT_RESET_SENT_NOT_PROVEN;
  case COMPARE_LOST:
    return ACCOUNT_RESET_LOST;
  case COMPARE_INJECTED:
    return ACCOUNT_RESET_BETWEEN;
  default:
    return ACCOUNT_RESET_UNCLEAR;
  }
}

static void tell_reset(struct account *account, const struct compare_row *row)
{
  const struct compare_sight *sight = first_sight(row);
  struct values values = {0};

  account_sides(account, &values, row);
  values_number(&values, "frame", sight->frame);
  values_text(&values, "tap", tap_name(sight == &row->sight[COMPARE_A] ? COMPARE_A : COMPARE_B));
  values_text(&values, "verdict", compare_verdict_name(row->verdict));
  account_line(account, INDENT, word_of_reset(account, row), &values);
}

static void tell_resets(struct account *account)
{
  uint32_t resets = 0;
  struct values values = {0};

  for (uint32_t i = 0; i < account->connection.row_count; i++) {
    struct compare_row row;

    compare_row_get(account->comparison->compare, account->connection.first_row + i, &row);
    if ((first_sight(&row)->flags & TCPSTATE_RST) != 0 && resets++ < RESETS_MAX) {
      tell_reset(account, &row);
    }
  }
  if (resets == 0) {
    account_line(account, INDENT, ACCOUNT_NO_RESET, &values);
  } else if (resets > RESETS_MAX) {
    values_number(&values, "count", resets - RESETS_MAX);
    account_line(account, INDENT, ACCOUNT_MORE_RESETS, &values);
  }
}

static void tell_way(struct account *account, unsigned role)
{
  const struct compare_connection *connection = &account->connection;
  char delays[2][MILLISECONDS_SIZE];
  uint32_t count = 0;
  struct values values = {0};

  for (unsigned verdict = 0; verdict < COMPARE_VERDICT_COUNT; verdict++) {
    count += connection->verdicts[role][verdict];
  }
  values_text(&values, "who", account_role(account, role));
  values_number(&values, "count", count);
  values_number(&values, "lost", connection->verdicts[role][COMPARE_LOST]);
  values_number(&values, "injected", connection->verdicts[role][COMPARE_INJECTED]);
  values_text(&values, "least", account_milliseconds(delays[0], connection->min_delay_ns[role]));
  values_text(&values, "most", account_milliseconds(delays[1], connection->max_delay_ns[role]));
  page_begin(&account->page, INDENT, INDENT + INDENT);
  page_fill(&account->page, account_word(ACCOUNT_WAY, account->language), &values);
  if (connection->has_delay[role]) {
    page_sentence(&account->page, account_word(ACCOUNT_DELAY, account->language), &values);
  }
  page_end(&account->page);
}

void account_summary(struct account *account)
{
  put_char(account->page.output, '\n');
  page_begin(&account->page, 0, 0);
  page_style(&account->page, STYLE_BOLD);
  page_text(&account->page, account->catalogue->messages[MESSAGE_SUMMARY]);
  page_plain(&account->page);
  page_end(&account->page);
  tell_resets(account);
  tell_way(account, TCPSTATE_CLIENT);
  tell_way(account, TCPSTATE_SERVER);
  account_line(account, INDENT, ACCOUNT_LAST, &(const struct values){0});
  account_ends(account, account->connection.end);
}
