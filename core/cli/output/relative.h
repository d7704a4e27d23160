/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sequence numbers as people read them: from 0 at the SYN, or from 1 where the start was not captured, as Wireshark
 * counts.
 */
#ifndef CLI_RELATIVE_H
#define CLI_RELATIVE_H

#include "writer.h"

struct relative;

struct relative_numbers {
  uint32_t seq;
  uint32_t ack;
};

struct relative *relative_new(void); /* NULL: no memory */
void relative_free(struct relative *relative);

/* Some numbers are absolute, for memory did not suffice. */
bool relative_is_incomplete(const struct relative *relative);

/* Each packet of a connection once, in order. Absolute numbers where there is no memory to remember the start. */
void relative_numbers(struct relative *relative, const struct packet *packet, struct relative_numbers *numbers);

#endif
