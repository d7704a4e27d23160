/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The short way for most segments of most captures: the next data in line, or a plain acknowledgement, between two
 * endpoints in ESTABLISHED about whom nothing is in doubt. It decides nothing of its own: it knows what the judges
 * would find and does that at once. tests/usual compares the two ways segment by segment; a change of the rules that
 * concerns such segments has to be made here too. */
#ifndef TS_USUAL_H
#define TS_USUAL_H

#include "look.h"

/* Judges and annotates the segment if it is a usual one; else changes nothing and returns false. */
bool usual_take(struct flow *flow, const tcpstate_segment *segment, unsigned x, uint32_t place,
                tcpstate_annotation *annotation);

#endif
