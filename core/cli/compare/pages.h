/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The comparison for people: a summary by connection, then the two-sided ladder of each that has something to tell.
 */
#ifndef CLI_COMPARE_PAGES_H
#define CLI_COMPARE_PAGES_H

#include "sheet.h"

void print_pages(const struct comparison *comparison, struct output *output, bool colour);

/* Something happened to it on the way. */
bool is_odd(const struct compare_connection *connection);

#endif
