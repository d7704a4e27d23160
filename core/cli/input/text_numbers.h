/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The sequence numbers that tcpdump leaves out or prints relative to the start of a connection.
 */
#ifndef CLI_TEXT_NUMBERS_H
#define CLI_TEXT_NUMBERS_H

#include "tcpstate/tcpstate.h"

#include <stdbool.h>

struct text_numbers;

struct text_numbers *text_numbers_new(void); /* NULL: no memory */
void text_numbers_free(struct text_numbers *numbers);

/* Makes seq and ack of the segment, as printed, absolute. Every segment once, in order. False if its sequence number is
 * not printed and cannot be told. */
bool text_numbers_resolve(struct text_numbers *numbers, tcpstate_segment *segment, bool has_seq);

#endif
