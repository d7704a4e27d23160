/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a row of conns, in the order of the contract. CSV and JSON share them.
 */
#ifndef CLI_CONNECTION_COLUMNS_H
#define CLI_CONNECTION_COLUMNS_H

#include "connection_rows.h"

enum column_kind { COLUMN_NUMBER, COLUMN_TIME, COLUMN_TEXT };

struct connection_column {
  const char *name;
  enum column_kind kind;
  void (*put)(struct output *output, const struct connection_row *row); /* nothing where it is absent */
};

/* Ends with a column without name. */
extern const struct connection_column connection_columns[];

#endif
