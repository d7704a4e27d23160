/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PARSE_SEGMENT_H
#define PARSE_SEGMENT_H

#include "cursor.h"
#include "scenario.h"

/* "C > S  SF 100:110(10) ack 5 win 100 <mss 1460>" up to the end of the line or a "|"; the cursor is at the sender's
 * name. */
void parse_segment(struct cursor *cursor, const struct scenario *scenario, struct item *item);

#endif
