/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where was the capture taken? Told from the three-way handshake: a TCP answers a SYN or a SYN-ACK at once, so an
 * answer that takes longer has been to the other end of a path and back. */
#ifndef TS_VANTAGE_H
#define TS_VANTAGE_H

#include "look.h"

/* The first SYN-ACK: was one SYN seen before it, so that it is known which one it answers? */
void vantage_note_syn_ack(struct look *look);

/* The client's TCP shows with this segment that it has got the SYN-ACK: judge by the handshake. */
void vantage_judge_handshake(struct look *look);

/* The sender shows that it has got the FIN: where the handshake left it open, judge by this answer of the client. */
void vantage_judge_fin(struct look *look);

#endif
