/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where was the capture taken? Told from the three-way handshake: a TCP answers a SYN or a SYN-ACK at once, so an
 * answer that takes longer has been to the other end of a path and back. And from what its headers say of the way that
 * they have come: hosts begin with a TTL of 64, 128 or 255, routers count it down, and a checksum that a host leaves to
 * its network card is finished before it is on a wire. That large segments come before they are cut tells nothing: the
 * receiver's card puts them together again. */
#ifndef TS_VANTAGE_H
#define TS_VANTAGE_H

#include "look.h"

/* The SYN that begins a connection, and the first SYN-ACK: what their headers say together. */
void vantage_read_syn(struct flow *flow, const tcpstate_segment *syn);
void vantage_read_syn_ack(struct flow *flow, const tcpstate_segment *syn_ack, unsigned x);

/* What the headers of a segment say of its way: a small number. */
unsigned vantage_nearness(const tcpstate_segment *segment);

/* The verdict and its grounds, once there is one. */
enum tcpstate_vantage vantage_of(const struct flow *flow);
enum tcpstate_vantage_grounds vantage_grounds_of(const struct flow *flow);

/* The first SYN-ACK: was one SYN seen before it, so that it is known which one it answers? */
void vantage_note_syn_ack(struct look *look);

/* The client's TCP shows with this segment that it has got the SYN-ACK: judge by the handshake. */
void vantage_judge_handshake(struct look *look);

/* The same by the numbers of a handshake in which each segment was sent once, on its first acknowledgement: `taken_us`
 * from the SYN-ACK to it, `rtt` from the SYN to the SYN-ACK. */
enum tcpstate_vantage vantage_told_by_handshake(uint32_t taken_us, uint16_t rtt);

/* The sender shows that it has got the FIN: where the handshake left it open, judge by this answer of the client. */
void vantage_judge_fin(struct look *look);

/* The same by the numbers; `user_is_done`: it has sent a FIN itself. */
enum tcpstate_vantage vantage_told_by_fin(uint32_t taken_us, uint16_t rtt, bool user_is_done);

#endif
