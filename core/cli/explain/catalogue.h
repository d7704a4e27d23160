/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every sentence of explain, one catalogue a language. Sentences have named places, such as {sender}, so that each
 * language can order its words as it likes; {count|packet|packets} puts the number and the word that goes with it.
 * States, flags and steps keep the letters of RFC 9293 in every language.
 */
#ifndef CLI_CATALOGUE_H
#define CLI_CATALOGUE_H

#include "../options.h"
#include "tcpstate/tcpstate.h"

enum message {
  /* words */
  MESSAGE_CLIENT,
  MESSAGE_SERVER,
  MESSAGE_SPACE, /* between two sentences */
  MESSAGE_STOP,  /* after a sentence */
  MESSAGE_COMMA, /* between the parts of one */
  MESSAGE_LIST,  /* between states */
  MESSAGE_OR,    /* before the last of them */
  /* the head of a story */
  MESSAGE_LEGEND,
  MESSAGE_CONNECTION,
  MESSAGE_SPAN,
  MESSAGE_SPAN_WITHOUT_TIME,
  MESSAGE_ROLES_INFERRED,
  /* the head of a step */
  MESSAGE_DIRECTION,
  MESSAGE_TIMES,
  MESSAGE_ROLES_SWAPPED,
  /* what a segment is for, and its numbers */
  MESSAGE_SYN,
  MESSAGE_SYN_ACK,
  MESSAGE_SYN_AGAIN_WITH_ACK,
  MESSAGE_ACK_OF_SYN,
  MESSAGE_ACK_OF_SYN_AND_DATA,
  MESSAGE_FIN_FIRST,
  MESSAGE_FIN_SECOND,
  MESSAGE_ACK_OF_FIN,
  MESSAGE_MERGED,
  MESSAGE_LENGTH,
  MESSAGE_AGAIN,
  /* a run of packets that change no state */
  MESSAGE_RUN,
  MESSAGE_RUN_SENT,
  MESSAGE_RUN_ACKS,
  MESSAGE_RUN_PROBES,
  MESSAGE_RUN_ANSWERS,
  /* the endpoints after a step */
  MESSAGE_MOVED,
  MESSAGE_STAYS,
  MESSAGE_AFTER,
  MESSAGE_RULE,
  MESSAGE_WHO,
  MESSAGE_WHO_ON_ARRIVAL,
  MESSAGE_WHO_ASSUMED,
  MESSAGE_WHO_GUESSED,
  MESSAGE_NOBODY_MOVES,
  MESSAGE_LEFT_OUT,
  /* the end */
  MESSAGE_SUMMARY,
  MESSAGE_OPENED_THREE_WAY,
  MESSAGE_OPENED_OTHERWISE,
  MESSAGE_OPENED_SIMULTANEOUSLY,
  MESSAGE_OPENED_UNSEEN,
  MESSAGE_OPENED_NOT,
  MESSAGE_CLOSED_IN_FOUR,
  MESSAGE_CLOSED_IN_THREE,
  MESSAGE_CLOSED_SIMULTANEOUSLY,
  MESSAGE_CLOSED_BY_RESET,
  MESSAGE_FIN_BESIDES_RESET,
  MESSAGE_STILL_OPEN,
  MESSAGE_STILL_CLOSING,
  MESSAGE_STILL_CLOSING_BOTH,
  MESSAGE_REFUSED,
  MESSAGE_NO_ANSWER,
  MESSAGE_HALF_OPEN,
  MESSAGE_MID_STREAM,
  MESSAGE_CONTROL,
  MESSAGE_SIX,
  MESSAGE_SEVEN,
  MESSAGE_BYTES,
  MESSAGE_LAST_STATES,
  MESSAGE_POSSIBLE,
  MESSAGE_TAKEN_AT_CLIENT,
  MESSAGE_TAKEN_AT_SERVER,
  MESSAGE_TAKEN_BETWEEN,
  MESSAGE_NEAR_CLIENT,
  MESSAGE_NEAR_SERVER,
  MESSAGE_BETWEEN_ROUTERS,
  MESSAGE_MOVED_BY_ICMP,
  MESSAGE_NOT_TOLD,
  MESSAGE_COUNT
};

/* The engine's own words and what they are in this language. */
struct translation {
  const char *original;
  const char *translated;
};

struct catalogue {
  const char *messages[MESSAGE_COUNT];
  const char *events[TCPSTATE_EVENT_COUNT]; /* what it is, and what it usually means in practice */
  const char *waits[TCPSTATE_STATE_COUNT];  /* what an endpoint in this state waits for; goes on after its name */
  const char *ends[TCPSTATE_STATE_COUNT];   /* what it means to be left in this state; NULL: nothing to say */
  const struct translation *rules;          /* ends with NULL; NULL: the engine speaks this language */
};

extern const struct catalogue catalogue_english;
extern const struct catalogue catalogue_chinese;
extern const struct translation rules_chinese[];

const struct catalogue *catalogue_of(enum language language);

/* A rule's section or sentence in the catalogue's language; the original if it has none. */
const char *catalogue_translate(const struct catalogue *catalogue, const char *original);

#endif
