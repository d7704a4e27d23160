/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rows of a comparison with their states, one after the other, and their columns for CSV and JSON.
 */
#ifndef CLI_COMPARE_SHEET_H
#define CLI_COMPARE_SHEET_H

#include "../output/endpoint.h"
#include "../output/output.h"
#include "tap.h"

struct comparison {
  const struct options *options;
  const struct compare *compare;
  const struct tap *taps; /* two */
  struct compare_summary summary;
};

struct line {
  struct compare_row row;
  struct compare_connection connection;
  char endpoint[COMPARE_SIDES][TCPSTATE_ROLE_COUNT][ENDPOINT_SIZE]; /* made once for a connection */
};

/* Walks the rows in order. Start with `index` 0 in a zeroed line; false after the last. */
struct walker {
  const struct comparison *comparison;
  uint32_t index;
  struct line line;
};
bool walker_next(struct walker *walker);

void print_csv(const struct comparison *comparison, struct output *output);

void print_json(const struct comparison *comparison, struct output *output);

/* "reordered|mss" */
void put_changes(struct output *output, unsigned changes);

/* "A: SYN-SENT": the states of a set, the given one first. */
void put_states(struct output *output, unsigned possible, unsigned first);

#endif
