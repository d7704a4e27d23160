/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words of the pictures, in ASCII. All that is said of states comes from the engine.
 */
#ifndef CLI_WORDING_H
#define CLI_WORDING_H

#include "../options.h"
#include "path.h"

enum { WORDING_SIZE = 1024, SHORT_WORDING_SIZE = 128 };

/* "SYN ACK". */
void flags_wording(char text[SHORT_WORDING_SIZE], unsigned flags);

/* "seq 0 ack 1 len 20", or the length alone. May be empty. */
void numbers_wording(char text[SHORT_WORDING_SIZE], const struct step *step, bool wanted);

/* "290 segments, 41800 bytes": what one endpoint sent in a run. */
void run_wording(char text[SHORT_WORDING_SIZE], const struct step *step, unsigned role);

/* "FIN-1, simultaneous-close". May be empty. */
void notes_wording(char text[WORDING_SIZE], const struct step *step);

/* "0.010528" since the start; empty if it is not known. */
void time_wording(char text[SHORT_WORDING_SIZE], const tcpstate_connection *connection, const struct step *step,
                  int64_t time_ns);

/* "closed, three-segment close begun by the client". */
void outcome_wording(char text[SHORT_WORDING_SIZE], const tcpstate_connection *connection);

/* "client", "server (inferred)". */
void role_wording(char text[SHORT_WORDING_SIZE], const tcpstate_connection *connection, unsigned role);

/* State, certainty, rule and what else is possible, in sentences, of that role in the step. */
void state_wording(char text[WORDING_SIZE], const struct step *step, unsigned role);

/* "gets ACK of its FIN": what did the step; and by which section of RFC 9293, which may be empty. */
const char *step_wording(const struct path_step *step, char section[SHORT_WORDING_SIZE]);

/* Steps that are not drawn before this one; 0: none are missing. */
bool lost_wording(char text[SHORT_WORDING_SIZE], const struct story *story, size_t index);

/* Text up to the last blank where a line of at most `width` characters can end; one that has none is cut. */
size_t line_length(const char *text, size_t width);

/* It is sent for a second time, as far as the engine tells. */
bool is_sent_again(const struct step *step);

#endif
