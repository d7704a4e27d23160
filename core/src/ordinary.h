/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The steps of judging a segment without SYN and RST, each in a file of its own; judge_ordinary.c has their order. */
#ifndef TS_ORDINARY_H
#define TS_ORDINARY_H

#include "look.h"

enum { SMALLEST_MSS = 536 }; /* RFC 9293 3.7.1 */

/* acceptance.c: the receiver drops it before it looks at the ACK field. */
bool is_refused(struct look *look);

/* The segment does not count; if it is a FIN, its sender may have sent it all the same. */
void may_have_closed(struct look *look);

/* challenge.c: it meets a SYN-SENT that it does not fit. */
bool is_challenge(const struct look *look);
void judge_challenge(struct look *look);

/* closing.c: FINs as evidence. */
bool covers_fin(const struct look *look);
void sender_got_fin(struct look *look);
void take_fin_back(struct look *look);
void repeated_fin(struct look *look);

/* sender.c: what it proves about its sender. */
void judge_sender(struct look *look);
void weigh_queue(struct look *look);

/* receiver.c: a segment sent before the acknowledgement of its FIN, which has passed, see knows_fin_acked() in
 * possible.c; then what it does if the segment arrives. peer_nxt: the sender's SND.NXT before this segment. */
void note_earlier(struct look *look);
void receiver_opening(struct look *look);
void pass_data(struct look *look, uint32_t nxt_before);
void receiver_closing(struct look *look, uint32_t peer_nxt);

/* remarks.c: events that move nobody. */
void name_probe(struct look *look);
void name_fin(struct look *look);

#endif
