/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a row of conns, in the order of the contract. CSV and JSON share them.
 */
#ifndef CLI_CONNECTION_COLUMNS_H
#define CLI_CONNECTION_COLUMNS_H

#include "connection_rows.h"

enum { CONNECTION_COLUMNS = 24, COLUMN_MOST = 64 };

enum column_kind { COLUMN_NUMBER, COLUMN_TIME, COLUMN_TEXT };

struct connection_column {
  const char *name;
  enum column_kind kind;
  /* The end of what was written: nothing where it is absent, else at most COLUMN_MOST bytes, with what is written
   * behind it. */
  char *(*write)(char *at, const struct connection_row *row);
};

extern const struct connection_column connection_columns[CONNECTION_COLUMNS];

#endif
