/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The short way for most segments of most captures: the next data in line, or a plain acknowledgement, between two
 * endpoints in ESTABLISHED about whom nothing is in doubt; a handshake and a release by the book. It decides nothing of
 * its own: it knows what the judges would find and does that at once. tests/usual compares the two ways segment by
 * segment; a change of the rules that concerns such segments has to be made here too. */
#ifndef TS_USUAL_H
#define TS_USUAL_H

#include "look.h"

/* Judges and annotates the segment if it is a usual one; else changes nothing and returns false. */
bool usual_take(struct flow *flow, const tcpstate_segment *segment, unsigned x, uint32_t place,
                tcpstate_annotation *annotation);

/* The same for the segments of handshake and teardown that come in their order, with a look in which flow, numbers,
 * time and previous states stand already: what is left is to annotate. usual_begin() takes the first SYN of a tuple,
 * with a flow that holds nothing but its key. */
bool usual_begin(struct look *look);
bool usual_opening(struct look *look);
bool usual_closing(struct look *look);

#endif
