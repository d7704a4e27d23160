/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One line of what `tcpdump -nn` prints. A pure function over text.
 */
#ifndef CLI_TEXT_LINE_H
#define CLI_TEXT_LINE_H

#include "tcpstate/tcpstate.h"

#include <stdbool.h>

enum clock {
  CLOCK_NONE,  /* -t, or the second line of -v */
  CLOCK_DAY,   /* since midnight of a day that is not known */
  CLOCK_EPOCH, /* -tt, -tttt (taken for UTC: the zone is not printed) */
};

struct text_time {
  enum clock clock;
  int64_t ns;
};

struct text_line {
  struct text_time time;    /* valid whether or not the line is a segment */
  bool is_segment;          /* else the rest means nothing */
  bool has_seq;             /* tcpdump prints none on a pure ACK */
  tcpstate_segment segment; /* seq and ack as printed: absolute or relative; no time */
};

void text_line_parse(struct text_line *parsed, const char *line);

#endif
