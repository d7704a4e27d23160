/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules of a connection: see the table in transitions.c. */
#ifndef TS_TRANSITIONS_H
#define TS_TRANSITIONS_H

#include <stdint.h>
#include <tcpstate/tcpstate.h>

/* What happens to one endpoint. */
enum happening {
  SENDS_SYN,
  SENDS_SYN_ACK,
  SENDS_FIN,
  SENDS_RST,
  GETS_SYN,
  GETS_SYN_ACK,
  GETS_ACK_OF_SYN,
  GETS_FIN,
  GETS_ACK_OF_FIN,
  GETS_FIN_AND_ACK,
  GETS_RST,
  GETS_RST_AS_OPENER,
  GETS_ICMP_ERROR,
  TIMES_OUT,
  REPEATS_SYN,
  REPEATS_SYN_ACK,
  REPEATS_FIN,
  DENIES_FIN,
  TAKES_FIN_BACK,
  RESTARTS,
  HAPPENING_COUNT
};

enum { TRANSITION_NONE = 0 };

/* Dense form of the table: number of the rule for [happening][state], TRANSITION_NONE where the state stays. */
struct transitions {
  uint8_t rule[HAPPENING_COUNT][TCPSTATE_STATE_COUNT];
  uint16_t from[HAPPENING_COUNT]; /* set of the states that have one */
};

void transitions_compile(struct transitions *transitions);

/* State that rule `number` leads to. */
unsigned transition_to(unsigned number);

/* Number of the rule "evidence shows that the endpoint is in `state`". */
unsigned transition_shown(unsigned state);

/* Does rule `number` lead from `from`? */
int transition_applies(unsigned number, unsigned from);

/* Set of states that the members of `set` become by `what`; members that it does not concern stay. */
uint16_t transitions_map(const struct transitions *transitions, uint16_t set, enum happening what);

#endif
