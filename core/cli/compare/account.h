/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * compare --explain: what became of each connection between the two taps, step by step, with the grounds for it. What
 * is said comes from the library's rows; nothing is decided here.
 */
#ifndef CLI_COMPARE_ACCOUNT_H
#define CLI_COMPARE_ACCOUNT_H

#include "../explain/catalogue.h"
#include "../explain/page.h"
#include "account_words.h"
#include "sheet.h"

struct account {
  const struct comparison *comparison;
  const struct catalogue *catalogue;
  struct page page;
  enum language language;
  struct compare_connection connection;
  uint32_t number;                              /* of the connection */
  struct compare_end told[TCPSTATE_ROLE_COUNT]; /* the ends as last told */
};

void print_account(const struct comparison *comparison, struct output *output, bool colour);

/* The parts of it. */
void account_step(struct account *account, const struct compare_row *row, uint32_t index, uint32_t number);
void account_ends(struct account *account, const struct compare_end ends[TCPSTATE_ROLE_COUNT]);
void account_summary(struct account *account);

/* {who}, {other}, {from} and {to} of a row. */
void account_sides(const struct account *account, struct values *values, const struct compare_row *row);

const char *account_role(const struct account *account, unsigned role);

/* Begins a step's first line with its number and its time, if it has one. */
void account_step_begin(struct account *account, const struct compare_row *row, uint32_t number);

/* One sentence as a paragraph. */
void account_line(struct account *account, size_t indent, enum account_word word, const struct values *values);

/* A number of milliseconds with three decimals. */
enum { MILLISECONDS_SIZE = 32 };
const char *account_milliseconds(char text[MILLISECONDS_SIZE], int64_t nanoseconds);

static inline const char *tap_name(unsigned side)
{
  return side == COMPARE_A ? "A" : "B";
}

/* The row as its sender's tap shows it, or else the other. */
static inline const struct compare_sight *first_sight(const struct compare_row *row)
{
  const unsigned side = row->sight[row->from_tap].frame != 0 ? row->from_tap : 1u - row->from_tap;

  return &row->sight[side];
}

#endif
