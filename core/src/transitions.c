/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * THE RULES. One line is one rule of RFC 9293 (or of the document named), for one endpoint. Tick them off.
 *
 * We are the man in the middle: we see segments, not deliveries, and never a system call. "sends" is evidence,
 * the segment was there. "gets" is an assumption when the segment has only passed by, and proven when the endpoint
 * answers in a way that makes sense only after it. The second part of the table takes assumptions back that the
 * endpoint's own later segments disprove; the third says what evidence alone can say. */
#include "transitions.h"

#include "compiler.h"

#include <stddef.h>
#include <string.h>

#define M(state) (1u << TCPSTATE_##state)

/* Any state, UNKNOWN included. */
#define ANY    ((1u << TCPSTATE_STATE_COUNT) - 1u)
#define NO_TCB (M(UNKNOWN) | M(CLOSED) | M(LISTEN))
#define SYNCHRONIZED                                                                                                   \
  (M(ESTABLISHED) | M(FIN_WAIT_1) | M(FIN_WAIT_2) | M(CLOSE_WAIT) | M(CLOSING) | M(LAST_ACK) | M(TIME_WAIT))

struct row {
  uint8_t what;
  uint8_t to;
  uint16_t from;
  const char *section;
  const char *text;
};

static const char *const happening_names[HAPPENING_COUNT] = {
    [SENDS_SYN] = "sends SYN",
    [SENDS_SYN_ACK] = "sends SYN-ACK",
    [SENDS_FIN] = "sends FIN",
    [SENDS_RST] = "sends RST",
    [GETS_SYN] = "gets SYN",
    [GETS_SYN_ACK] = "gets SYN-ACK",
    [GETS_ACK_OF_SYN] = "gets ACK of its SYN",
    [GETS_FIN] = "gets FIN",
    [GETS_ACK_OF_FIN] = "gets ACK of its FIN",
    [GETS_FIN_AND_ACK] = "gets FIN with ACK of its FIN",
    [GETS_RST] = "gets RST",
    [GETS_RST_AS_OPENER] = "gets RST to its active open",
    [GETS_ICMP_ERROR] = "gets hard ICMP error",
    [TIMES_OUT] = "times out",
    [REPEATS_SYN] = "repeats SYN",
    [REPEATS_SYN_ACK] = "repeats SYN-ACK",
    [REPEATS_FIN] = "repeats FIN",
    [DENIES_FIN] = "acknowledges less than the FIN",
    [TAKES_FIN_BACK] = "goes on below its FIN",
    [RESTARTS] = "sends a new SYN",
};

/* clang-format off */
static const struct row rows[] = {
    {0, 0, 0, "", ""}, /* rule 0: nothing happened */

    /* ---- opening: 3.5, 3.10.1, 3.10.7 */
    {SENDS_SYN,        TCPSTATE_SYN_SENT,     NO_TCB | M(TIME_WAIT), "3.10.1", "An active open sends SYN and enters SYN-SENT."},
    {SENDS_SYN,        TCPSTATE_SYN_SENT,     M(SYN_RECEIVED), "3.5", "Its own SYN without ACK shows that the peer's SYN had not arrived: a simultaneous open."},
    {GETS_SYN,         TCPSTATE_SYN_RECEIVED, NO_TCB, "3.10.7.2", "LISTEN gets a SYN, answers with SYN-ACK and enters SYN-RECEIVED."},
    {GETS_SYN,         TCPSTATE_SYN_RECEIVED, M(SYN_SENT), "3.10.7.3", "SYN-SENT gets a SYN without ACK: simultaneous open, it enters SYN-RECEIVED."},
    {SENDS_SYN_ACK,    TCPSTATE_SYN_RECEIVED, NO_TCB | M(TIME_WAIT), "3.10.7.2", "A SYN-ACK shows that a SYN arrived in LISTEN."},
    {SENDS_SYN_ACK,    TCPSTATE_SYN_RECEIVED, M(SYN_SENT), "3.10.7.3", "A SYN-ACK shows that a SYN arrived in SYN-SENT."},
    {GETS_SYN_ACK,     TCPSTATE_ESTABLISHED,  M(UNKNOWN) | M(SYN_SENT), "3.10.7.3", "SYN-SENT gets SYN and the acknowledgement of its own: ESTABLISHED."},
    {GETS_SYN_ACK,     TCPSTATE_ESTABLISHED,  M(SYN_RECEIVED), "3.10.7.4 fifth", "SYN-RECEIVED of a simultaneous open gets the acknowledgement of its SYN with the peer's SYN-ACK."},
    {GETS_ACK_OF_SYN,  TCPSTATE_ESTABLISHED,  M(SYN_RECEIVED), "3.10.7.4 fifth", "SYN-RECEIVED gets the acknowledgement of its SYN: ESTABLISHED."},

    /* ---- closing: 3.6, 3.10.4, 3.10.7.4 */
    {SENDS_FIN,        TCPSTATE_FIN_WAIT_1,   M(ESTABLISHED), "3.10.4", "CLOSE in ESTABLISHED sends FIN: FIN-WAIT-1."},
    {SENDS_FIN,        TCPSTATE_FIN_WAIT_1,   M(SYN_RECEIVED), "3.10.4", "CLOSE in SYN-RECEIVED sends FIN: FIN-WAIT-1."},
    {SENDS_FIN,        TCPSTATE_LAST_ACK,     M(CLOSE_WAIT), "3.10.4", "CLOSE in CLOSE-WAIT sends FIN: LAST-ACK."},
    {GETS_FIN,         TCPSTATE_CLOSE_WAIT,   M(ESTABLISHED) | M(SYN_RECEIVED), "3.10.7.4 eighth", "FIN in ESTABLISHED or SYN-RECEIVED: CLOSE-WAIT."},
    {GETS_FIN,         TCPSTATE_CLOSING,      M(FIN_WAIT_1), "3.10.7.4 eighth", "FIN in FIN-WAIT-1 whose own FIN is not acknowledged: CLOSING."},
    {GETS_FIN,         TCPSTATE_TIME_WAIT,    M(FIN_WAIT_2), "3.10.7.4 eighth", "FIN in FIN-WAIT-2: TIME-WAIT."},
    {GETS_ACK_OF_FIN,  TCPSTATE_FIN_WAIT_2,   M(FIN_WAIT_1), "3.10.7.4 fifth", "FIN-WAIT-1 gets the acknowledgement of its FIN: FIN-WAIT-2."},
    {GETS_ACK_OF_FIN,  TCPSTATE_TIME_WAIT,    M(CLOSING), "3.10.7.4 fifth", "CLOSING gets the acknowledgement of its FIN: TIME-WAIT."},
    {GETS_ACK_OF_FIN,  TCPSTATE_CLOSED,       M(LAST_ACK), "3.10.7.4 fifth", "LAST-ACK gets the acknowledgement of its FIN: CLOSED."},
    {GETS_FIN_AND_ACK, TCPSTATE_TIME_WAIT,    M(FIN_WAIT_1) | M(FIN_WAIT_2), "3.10.7.4 eighth", "FIN once its own FIN is acknowledged: TIME-WAIT."},
    {GETS_FIN_AND_ACK, TCPSTATE_CLOSE_WAIT,   M(ESTABLISHED) | M(SYN_RECEIVED), "3.10.7.4 eighth", "FIN in ESTABLISHED or SYN-RECEIVED: CLOSE-WAIT."},
    {GETS_FIN_AND_ACK, TCPSTATE_TIME_WAIT,    M(CLOSING), "3.10.7.4 fifth", "CLOSING gets the acknowledgement of its FIN on the repeated FIN: TIME-WAIT."},
    {TIMES_OUT,        TCPSTATE_CLOSED,       M(TIME_WAIT), "3.10.8", "2MSL have passed in TIME-WAIT: CLOSED."},

    /* ---- resets: 3.5.2, 3.5.3, 3.10.7, RFC 5961 3.2 */
    {SENDS_RST,        TCPSTATE_CLOSED,       ANY & ~M(CLOSED) & ~M(LISTEN), "3.10.5", "ABORT sends RST and leaves nothing; who answers with RST has no connection."},
    {GETS_RST,         TCPSTATE_LISTEN,       M(SYN_RECEIVED), "3.10.7.4 second", "RST in SYN-RECEIVED of a passive open: back to LISTEN."},
    {GETS_RST_AS_OPENER, TCPSTATE_CLOSED,     M(SYN_RECEIVED), "3.10.7.4 second", "RST in SYN-RECEIVED of an active (simultaneous) open: the connection was refused."},
    {GETS_RST,         TCPSTATE_CLOSED,       M(UNKNOWN) | M(SYN_SENT) | SYNCHRONIZED, "3.10.7.3, 3.10.7.4 second", "An acceptable RST: CLOSED."},
    {GETS_ICMP_ERROR,  TCPSTATE_CLOSED,       M(SYN_SENT) | M(SYN_RECEIVED), "3.9.2.2", "A hard ICMP error aborts the connection attempt."},

    /* ---- assumptions disproved by the endpoint's own segments */
    {REPEATS_SYN,      TCPSTATE_SYN_SENT,     M(ESTABLISHED) | M(SYN_RECEIVED), "3.8.1", "Who repeats its SYN has not got the SYN-ACK."},
    {REPEATS_SYN_ACK,  TCPSTATE_SYN_RECEIVED, M(ESTABLISHED) | M(CLOSE_WAIT) | NO_TCB, "3.8.1", "Who repeats its SYN-ACK has not got, or not taken, the ACK of it."},
    {REPEATS_FIN,      TCPSTATE_FIN_WAIT_1,   M(FIN_WAIT_2), "3.8.1", "Who repeats its FIN has not got the ACK of it."},
    {REPEATS_FIN,      TCPSTATE_CLOSING,      M(TIME_WAIT), "3.8.1", "Who repeats its FIN has not got the ACK of it."},
    {REPEATS_FIN,      TCPSTATE_LAST_ACK,     M(CLOSED), "3.8.1", "Who repeats its FIN has not got the last ACK."},
    {DENIES_FIN,       TCPSTATE_ESTABLISHED,  M(CLOSE_WAIT), "3.10.7.4 eighth", "Who acknowledges less than the FIN has not got it."},
    {DENIES_FIN,       TCPSTATE_FIN_WAIT_1,   M(CLOSING), "3.10.7.4 eighth", "Who acknowledges less than the FIN has not got it."},
    {DENIES_FIN,       TCPSTATE_FIN_WAIT_2,   M(TIME_WAIT), "3.10.7.4 eighth", "Who acknowledges less than the FIN has not got it."},
    {TAKES_FIN_BACK,   TCPSTATE_ESTABLISHED,  M(FIN_WAIT_1) | M(FIN_WAIT_2), "3.10.4", "Nobody sends below its own FIN: the FIN seen was not this endpoint's."},
    {TAKES_FIN_BACK,   TCPSTATE_CLOSE_WAIT,   M(LAST_ACK) | M(CLOSING) | M(TIME_WAIT), "3.10.4", "Nobody sends below its own FIN: the FIN seen was not this endpoint's."},
    {RESTARTS,         TCPSTATE_SYN_SENT,     ANY & ~M(SYN_SENT), "3.5.1", "A SYN with a new number in a synchronized connection: its sender has lost the old one (half-open)."},

    /* ---- evidence: the segment is sent, or makes sense, in this state only */
    {HAPPENING_COUNT,  TCPSTATE_CLOSED,       ANY, "3.3.2", "What was seen shows: CLOSED."},
    {HAPPENING_COUNT,  TCPSTATE_LISTEN,       ANY, "3.3.2", "What was seen shows: LISTEN."},
    {HAPPENING_COUNT,  TCPSTATE_SYN_SENT,     ANY, "3.3.2", "What was seen shows: SYN-SENT."},
    {HAPPENING_COUNT,  TCPSTATE_SYN_RECEIVED, ANY, "3.3.2", "What was seen shows: SYN-RECEIVED."},
    {HAPPENING_COUNT,  TCPSTATE_ESTABLISHED,  ANY, "3.3.2", "What was seen shows: ESTABLISHED."},
    {HAPPENING_COUNT,  TCPSTATE_FIN_WAIT_1,   ANY, "3.3.2", "What was seen shows: FIN-WAIT-1."},
    {HAPPENING_COUNT,  TCPSTATE_FIN_WAIT_2,   ANY, "3.3.2", "What was seen shows: FIN-WAIT-2."},
    {HAPPENING_COUNT,  TCPSTATE_CLOSE_WAIT,   ANY, "3.3.2", "What was seen shows: CLOSE-WAIT."},
    {HAPPENING_COUNT,  TCPSTATE_CLOSING,      ANY, "3.3.2", "What was seen shows: CLOSING."},
    {HAPPENING_COUNT,  TCPSTATE_LAST_ACK,     ANY, "3.3.2", "What was seen shows: LAST-ACK."},
    {HAPPENING_COUNT,  TCPSTATE_TIME_WAIT,    ANY, "3.3.2", "What was seen shows: TIME-WAIT."},
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0], FIRST_SHOWN = ROW_COUNT - (TCPSTATE_STATE_COUNT - 1) };

void transitions_compile(struct transitions *transitions)
{
  memset(transitions, 0, sizeof *transitions);
  for (unsigned number = 1; number < FIRST_SHOWN; number++) {
    for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
      if (rows[number].from & (1u << state)) {
        transitions->rule[rows[number].what][state] = (uint8_t)number;
        transitions->from[rows[number].what] |= TCPSTATE_MASK(state);
      }
    }
  }
}

unsigned transition_to(unsigned number)
{
  return rows[number].to;
}

unsigned transition_shown(unsigned state)
{
  return FIRST_SHOWN + state - TCPSTATE_CLOSED;
}

int transition_applies(unsigned number, unsigned from)
{
  return (rows[number].from >> from) & 1;
}

uint16_t transitions_map(const struct transitions *transitions, uint16_t set, enum happening what)
{
  unsigned moving = set & transitions->from[what];
  unsigned mapped = set & ~moving;
  for (; moving; moving &= moving - 1) {
    mapped |= 1u << rows[transitions->rule[what][lowest_bit(moving)]].to;
  }
  return (uint16_t)mapped;
}

int tcpstate_rule_get(unsigned number, tcpstate_rule *rule)
{
  if (number == 0 || number >= ROW_COUNT) {
    return TCPSTATE_ERROR_NOT_FOUND;
  }
  const struct row *row = &rows[number];
  rule->number = number;
  rule->from = row->from;
  rule->to = row->to;
  rule->event = row->what < HAPPENING_COUNT ? happening_names[row->what] : "shows its state";
  rule->section = row->section;
  rule->text = row->text;
  return TCPSTATE_OK;
}
