/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two endpoints talk past a tracker: one line for each segment. 10 ms pass before each. */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "segment_builder.h"

struct conversation {
  tcpstate_tracker *tracker;
  struct support_endpoint client;
  struct support_endpoint server;
  int64_t now_ns;
  uint32_t client_domain; /* of what the client sends */
  uint32_t server_domain;
  uint8_t ttl[TCPSTATE_ROLE_COUNT]; /* by sender; 0: not known */
  uint8_t unfinished_checksum[TCPSTATE_ROLE_COUNT];
  tcpstate_annotation said; /* of the last segment */
};

/* 10.0.0.1:40000 and 10.0.0.2:443 in domain 0. */
struct conversation conversation_with(tcpstate_tracker *tracker);

/* What tcpstate_feed returns; `said` has the annotation. */
int client_sends(struct conversation *conversation, unsigned flags, uint32_t seq, uint32_t ack, uint32_t length);
int server_sends(struct conversation *conversation, unsigned flags, uint32_t seq, uint32_t ack, uint32_t length);

/* SYN 100, SYN-ACK 300, ACK: the next are 101 and 301. Returns the first error. */
int shake_hands(struct conversation *conversation);

/* The client closes, the server answers with its own FIN, the client acknowledges it. */
int close_in_three(struct conversation *conversation);

#endif
