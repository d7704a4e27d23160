/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * IP fragments to datagrams, in bounded memory.
 */
#ifndef CLI_REASSEMBLER_H
#define CLI_REASSEMBLER_H

#include "packet_decoder.h"

struct reassembler;

struct reassembler *reassembler_new(void); /* NULL: no memory */
void reassembler_free(struct reassembler *reassembler);

/* Takes a DECODED_FRAGMENT, with its time. If it was the last one missing, decodes the datagram into `decoded` and
 * returns how many fragments made it; else 0, and `decoded` is as before. */
unsigned reassembler_take(struct reassembler *reassembler, struct decoded *decoded);

#endif
