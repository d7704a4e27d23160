/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "account.h"

#include "../output/endpoint.h"
#include "../terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH_MIN = 40, WIDTH_DEFAULT = 80, WIDTH_MAX = 100, INDENT = 2, HANGING = 4, STEPS_MAX = 200 };

/* ---------------------------------------------------------------- shared by the parts */

const char *account_role(const struct account *account, unsigned role)
{
  return account->catalogue->messages[role == TCPSTATE_SERVER ? MESSAGE_SERVER : MESSAGE_CLIENT];
}

void account_sides(const struct account *account, struct values *values, const struct compare_row *row)
{
  values_text(values, "who", account_role(account, row->from));
  values_text(values, "other", account_role(account, !row->from));
  values_text(values, "from", tap_name(row->from_tap));
  values_text(values, "to", tap_name(!row->from_tap));
}

void account_step_begin(struct account *account, const struct compare_row *row, uint32_t number)
{
  struct values values = {0};

  values_number(&values, "number", number);
  values_seconds(&values, "seconds", row->time_ns - account->connection.start_ns);
  page_begin(&account->page, 0, HANGING);
  page_fill(&account->page, row->has_time ? "{number}  {seconds} s  " : "{number}  ", &values);
}

void account_line(struct account *account, size_t indent, enum account_word word, const struct values *values)
{
  page_begin(&account->page, indent, indent + INDENT);
  page_fill(&account->page, account_word(word, account->language), values);
  page_end(&account->page);
}

const char *account_milliseconds(char text[MILLISECONDS_SIZE], int64_t nanoseconds)
{
  snprintf(text, MILLISECONDS_SIZE, "%.3f", (double)nanoseconds / 1e6);
  return text;
}

/* ---------------------------------------------------------------- the head */

static void tell_endpoints(struct account *account, enum account_word word, enum compare_side side)
{
  const struct compare_connection *connection = &account->connection;
  char endpoints[TCPSTATE_ROLE_COUNT][ENDPOINT_SIZE];
  struct values values = {0};

  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    endpoint_text(endpoints[role], connection->ip_version[side], connection->address[side][role],
                  connection->port[side][role]);
  }
  values_number(&values, "number", account->number);
  values_text(&values, "client", endpoints[TCPSTATE_CLIENT]);
  values_text(&values, "server", endpoints[TCPSTATE_SERVER]);
  page_begin(&account->page, word == ACCOUNT_TITLE ? 0 : INDENT, HANGING);
  page_style(&account->page, word == ACCOUNT_TITLE ? STYLE_BOLD : STYLE_PLAIN);
  page_fill(&account->page, account_word(word, account->language), &values);
  page_plain(&account->page);
  page_end(&account->page);
}

static void tell_taps(struct account *account)
{
  struct values values = {0};

  values_text(&values, "a", account_role(account, account->connection.client_tap == COMPARE_A ? 0 : 1));
  values_text(&values, "b", account_role(account, account->connection.client_tap == COMPARE_A ? 1 : 0));
  account_line(account, INDENT, ACCOUNT_TAPS, &values);
}

static void tell_path(struct account *account, unsigned role)
{
  const struct compare_connection *connection = &account->connection;
  struct values values = {0};

  values_text(&values, "role", account_role(account, role));
  values_text(&values, "tap", tap_name(role == TCPSTATE_CLIENT ? connection->client_tap : !connection->client_tap));
  values_number(&values, "ttl", connection->ttl[role]);
  values_number(&values, "shift", connection->shift[role]);
  if (!connection->is_next_to[role]) {
    account_line(account, INDENT, ACCOUNT_ROUTERS, &values);
  }
  if (connection->shift[role] != 0) {
    account_line(account, INDENT, ACCOUNT_SHIFTED, &values);
  }
}

static void tell_clocks(struct account *account)
{
  const struct compare_clock *clock = &account->comparison->summary.clock;
  char offset[MILLISECONDS_SIZE];
  struct values values = {0};

  snprintf(offset, sizeof offset, "%+.6f", (double)clock->offset_ns / 1e9);
  values_text(&values, "offset", offset);
  values_seconds(&values, "error", clock->error_ns);
  account_line(account, INDENT,
               !clock->known    ? ACCOUNT_CLOCKS_UNKNOWN
               : clock->two_way ? ACCOUNT_CLOCKS
                                : ACCOUNT_CLOCKS_ONE_WAY,
               &values);
}

/* ---------------------------------------------------------------- steps */

/* Rows that are alike and of no interest, told as one. */
struct run {
  struct compare_row first;
  struct compare_row last;
  uint64_t bytes[TCPSTATE_ROLE_COUNT];
  uint32_t count;
  int64_t least_ns;
  int64_t most_ns;
  bool has_delay;
};

static bool same_state(const struct compare_end *left, const struct compare_end *right)
{
  return left->state == right->state && left->certainty == right->certainty && left->possible == right->possible;
}

static bool is_of_interest(const struct account *account, const struct compare_row *row)
{
  return (first_sight(row)->flags & (TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST)) != 0 ||
         (row->verdict != COMPARE_BOTH && row->verdict != COMPARE_SPLIT && row->verdict != COMPARE_MERGED) ||
         (row->changes & ~(unsigned)COMPARE_IP_ID) != 0 || !same_state(&row->end[0], &account->told[0]) ||
         !same_state(&row->end[1], &account->told[1]);
}

static void run_add(struct run *run, const struct compare_row *row)
{
  if (run->count++ == 0) {
    run->first = *row;
  }
  run->last = *row;
  run->bytes[row->from] += first_sight(row)->length;
  if (row->has_delay) {
    run->least_ns = !run->has_delay || row->delay_ns < run->least_ns ? row->delay_ns : run->least_ns;
    run->most_ns = !run->has_delay || row->delay_ns > run->most_ns ? row->delay_ns : run->most_ns;
    run->has_delay = true;
  }
}

static void span_text(char text[NUMBER_SIZE], uint32_t first, uint32_t last)
{
  if (first == last) {
    snprintf(text, NUMBER_SIZE, "%u", first);
  } else {
    snprintf(text, NUMBER_SIZE, "%u-%u", first, last);
  }
}

static void tell_run(struct account *account, const struct run *run, uint32_t number)
{
  struct page *page = &account->page;
  char spans[COMPARE_SIDES][NUMBER_SIZE];
  char delays[2][MILLISECONDS_SIZE];
  struct values values = {0};

  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    span_text(spans[side], run->first.sight[side].frame, run->last.sight[side].frame);
  }
  values_text(&values, "a", spans[COMPARE_A]);
  values_text(&values, "b", spans[COMPARE_B]);
  values_number(&values, "count", run->count);
  values_number(&values, "sent", run->bytes[TCPSTATE_CLIENT]);
  values_number(&values, "answered", run->bytes[TCPSTATE_SERVER]);
  values_text(&values, "least", account_milliseconds(delays[0], run->least_ns));
  values_text(&values, "most", account_milliseconds(delays[1], run->most_ns));
  put_char(page->output, '\n');
  account_step_begin(account, &run->first, number);
  page_fill(page, account_word(ACCOUNT_AT_BOTH, account->language), &values);
  page_end(page);
  page_begin(page, HANGING, HANGING);
  page_fill(page, account_word(ACCOUNT_RUN, account->language), &values);
  if (run->has_delay) {
    page_sentence(page, account_word(ACCOUNT_RUN_DELAY, account->language), &values);
  }
  page_end(page);
}

static uint32_t flush_run(struct account *account, struct run *run, uint32_t steps)
{
  if (run->count > 0) {
    steps++;
    if (steps <= STEPS_MAX) {
      tell_run(account, run, steps);
    }
  }
  *run = (struct run){.count = 0};
  return steps;
}

static void tell_steps(struct account *account)
{
  const struct compare_connection *connection = &account->connection;
  struct run run = {.count = 0};
  struct compare_row row;
  uint32_t steps = 0;

  for (uint32_t i = 0; i < connection->row_count; i++) {
    compare_row_get(account->comparison->compare, connection->first_row + i, &row);
    if (!is_of_interest(account, &row)) {
      run_add(&run, &row);
      continue;
    }
    steps = flush_run(account, &run, steps);
    if (++steps <= STEPS_MAX) {
      account_step(account, &row, connection->first_row + i, steps);
    }
    memcpy(account->told, row.end, sizeof account->told);
  }
  steps = flush_run(account, &run, steps);
  if (steps > STEPS_MAX) {
    struct values values = {0};

    values_number(&values, "count", steps - STEPS_MAX);
    account_line(account, 0, ACCOUNT_LEFT_OUT, &values);
  }
}

/* ---------------------------------------------------------------- all */

static void tell_connection(struct account *account, uint32_t number)
{
  account->number = number;
  compare_connection_get(account->comparison->compare, number, &account->connection);
  memset(account->told, 0, sizeof account->told);
  if (number > 0 && !account->comparison->options->has_stream) {
    put_char(account->page.output, '\n');
  }
  tell_endpoints(account, ACCOUNT_TITLE, COMPARE_A);
  if (account->connection.translated) {
    tell_endpoints(account, ACCOUNT_TRANSLATED, COMPARE_B);
  }
  tell_taps(account);
  tell_path(account, TCPSTATE_CLIENT);
  tell_path(account, TCPSTATE_SERVER);
  tell_clocks(account);
  tell_steps(account);
  account_summary(account);
}

void print_account(const struct comparison *comparison, struct output *output, bool colour)
{
  const struct options *options = comparison->options;
  struct account account = {.comparison = comparison,
                            .catalogue = catalogue_of(options->language),
                            .language = options->language,
                            .page = {.output = output, .colour = colour}};

  account.page.width = terminal_width(STDOUT_FILENO, WIDTH_MIN, WIDTH_DEFAULT, WIDTH_MAX);
  account.page.space = account.catalogue->messages[MESSAGE_SPACE];
  if (comparison->summary.connections == 0) {
    account_line(&account, 0, ACCOUNT_NOTHING, &(const struct values){0});
  }
  for (uint32_t i = 0; i < comparison->summary.connections && !output_is_broken(output); i++) {
    if (options_ask_for(options, i)) {
      tell_connection(&account, i);
    }
  }
}
