/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The set of states that each endpoint can be in, given what passed the capture point. */
#ifndef TS_POSSIBLE_H
#define TS_POSSIBLE_H

#include "look.h"

/* Endpoint e has done, or has certainly met, `what`: every member goes along. */
void possible_map(struct look *look, unsigned e, enum happening what);

/* Only these members are consistent with what e has shown; if that leaves none, the set stays as it was. */
void possible_keep(struct look *look, unsigned e, unsigned set);

/* A segment passes on to e: it may arrive now, later or never. */
void possible_pass(struct look *look, unsigned e, unsigned pending);

/* May e be in SYN-SENT by another SYN than the one the connection is known for? */
bool possible_other_syn(const struct look *look, unsigned e);

/* Nothing of this is on its way to e any more. */
void possible_settle(struct look *look, unsigned e, unsigned pending);

/* The start was not captured: what x, which goes on, can neither have sent nor still be waiting for. */
void possible_of_before(struct look *look);

/* What the sender of an ordinary segment can have been in when it left. */
void possible_ordinary(struct look *look, bool covers_fin, bool fin_again);

/* Lets everything pending arrive, and makes sure that the displayed states are members. */
void possible_close(struct look *look);

#endif
