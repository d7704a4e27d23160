/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words of the contract: one table for each enum of the public header, and what errors and events mean.
 */
#include "tcpstate/tcpstate.h"

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* A number out of range, and a NONE value (left out of its table), give "". */
static const char *word(const char *const *table, size_t count, unsigned number)
{
  return number < count && table[number] != NULL ? table[number] : "";
}

const char *tcpstate_state_name(unsigned state)
{
  static const char *const words[TCPSTATE_STATE_COUNT] = {
      [TCPSTATE_UNKNOWN] = "UNKNOWN",
      [TCPSTATE_CLOSED] = "CLOSED",
      [TCPSTATE_LISTEN] = "LISTEN",
      [TCPSTATE_SYN_SENT] = "SYN-SENT",
      [TCPSTATE_SYN_RECEIVED] = "SYN-RECEIVED",
      [TCPSTATE_ESTABLISHED] = "ESTABLISHED",
      [TCPSTATE_FIN_WAIT_1] = "FIN-WAIT-1",
      [TCPSTATE_FIN_WAIT_2] = "FIN-WAIT-2",
      [TCPSTATE_CLOSE_WAIT] = "CLOSE-WAIT",
      [TCPSTATE_CLOSING] = "CLOSING",
      [TCPSTATE_LAST_ACK] = "LAST-ACK",
      [TCPSTATE_TIME_WAIT] = "TIME-WAIT",
  };
  return word(words, COUNT_OF(words), state);
}

const char *tcpstate_role_name(unsigned role)
{
  static const char *const words[TCPSTATE_ROLE_COUNT] = {
      [TCPSTATE_CLIENT] = "client",
      [TCPSTATE_SERVER] = "server",
  };
  return word(words, COUNT_OF(words), role);
}

const char *tcpstate_roles_name(unsigned roles)
{
  static const char *const words[TCPSTATE_ROLES_COUNT] = {
      [TCPSTATE_ROLES_OBSERVED] = "observed",
      [TCPSTATE_ROLES_INFERRED] = "inferred",
  };
  return word(words, COUNT_OF(words), roles);
}

const char *tcpstate_certainty_name(unsigned certainty)
{
  static const char *const words[TCPSTATE_CERTAINTY_COUNT] = {
      [TCPSTATE_OBSERVED] = "observed",
      [TCPSTATE_ASSUMED] = "assumed",
      [TCPSTATE_GUESSED] = "guessed",
  };
  return word(words, COUNT_OF(words), certainty);
}

const char *tcpstate_phase_name(unsigned phase)
{
  static const char *const words[TCPSTATE_PHASE_COUNT] = {
      [TCPSTATE_PHASE_HANDSHAKE] = "handshake", [TCPSTATE_PHASE_DATA] = "data",     [TCPSTATE_PHASE_CLOSE] = "close",
      [TCPSTATE_PHASE_RESET] = "reset",         [TCPSTATE_PHASE_CLOSED] = "closed",
  };
  return word(words, COUNT_OF(words), phase);
}

const char *tcpstate_handshake_role_name(unsigned role)
{
  static const char *const words[TCPSTATE_HANDSHAKE_ROLE_COUNT] = {
      [TCPSTATE_HANDSHAKE_SYN] = "SYN",
      [TCPSTATE_HANDSHAKE_SYN_ACK] = "SYN-ACK",
      [TCPSTATE_HANDSHAKE_ACK] = "ACK",
  };
  return word(words, COUNT_OF(words), role);
}

const char *tcpstate_teardown_step_name(unsigned step)
{
  static const char *const words[] = {
      [TCPSTATE_TEARDOWN_FIN_1] = "FIN-1",
      [TCPSTATE_TEARDOWN_ACK_1] = "ACK-1",
      [TCPSTATE_TEARDOWN_FIN_2] = "FIN-2",
      [TCPSTATE_TEARDOWN_ACK_2] = "ACK-2",
  };
  return word(words, COUNT_OF(words), step);
}

const char *tcpstate_teardown_role_name(unsigned role)
{
  static const char *const words[TCPSTATE_TEARDOWN_ROLE_COUNT] = {
      [TCPSTATE_TEARDOWN_ACTIVE] = "active",
      [TCPSTATE_TEARDOWN_PASSIVE] = "passive",
      [TCPSTATE_TEARDOWN_SIMULTANEOUS] = "simultaneous",
  };
  return word(words, COUNT_OF(words), role);
}

const char *tcpstate_outcome_name(unsigned outcome)
{
  static const char *const words[TCPSTATE_OUTCOME_COUNT] = {
      [TCPSTATE_OUTCOME_OPEN] = "open",
      [TCPSTATE_OUTCOME_CLOSED] = "closed",
      [TCPSTATE_OUTCOME_RESET] = "reset",
      [TCPSTATE_OUTCOME_REFUSED] = "refused",
      [TCPSTATE_OUTCOME_NO_ANSWER] = "no-answer",
      [TCPSTATE_OUTCOME_HALF_OPEN] = "half-open",
      [TCPSTATE_OUTCOME_HALF_CLOSED] = "half-closed",
      [TCPSTATE_OUTCOME_MID_STREAM] = "mid-stream",
  };
  return word(words, COUNT_OF(words), outcome);
}

const char *tcpstate_close_name(unsigned close)
{
  static const char *const words[TCPSTATE_CLOSE_COUNT] = {
      [TCPSTATE_CLOSE_FOUR_SEGMENT] = "four-segment",       [TCPSTATE_CLOSE_THREE_SEGMENT] = "three-segment",
      [TCPSTATE_CLOSE_SIMULTANEOUS] = "simultaneous",       [TCPSTATE_CLOSE_RESET_BY_CLIENT] = "reset-by-client",
      [TCPSTATE_CLOSE_RESET_BY_SERVER] = "reset-by-server",
  };
  return word(words, COUNT_OF(words), close);
}

const char *tcpstate_closer_name(unsigned closer)
{
  static const char *const words[TCPSTATE_CLOSER_COUNT] = {
      [TCPSTATE_CLOSER_CLIENT] = "client",
      [TCPSTATE_CLOSER_SERVER] = "server",
      [TCPSTATE_CLOSER_BOTH] = "both",
  };
  return word(words, COUNT_OF(words), closer);
}

const char *tcpstate_conn_state_name(unsigned code)
{
  static const char *const words[TCPSTATE_CONN_STATE_COUNT] = {
      [TCPSTATE_CONN_S0] = "S0",       [TCPSTATE_CONN_S1] = "S1",     [TCPSTATE_CONN_SF] = "SF",
      [TCPSTATE_CONN_REJ] = "REJ",     [TCPSTATE_CONN_S2] = "S2",     [TCPSTATE_CONN_S3] = "S3",
      [TCPSTATE_CONN_RSTO] = "RSTO",   [TCPSTATE_CONN_RSTR] = "RSTR", [TCPSTATE_CONN_RSTOS0] = "RSTOS0",
      [TCPSTATE_CONN_RSTRH] = "RSTRH", [TCPSTATE_CONN_SH] = "SH",     [TCPSTATE_CONN_SHR] = "SHR",
      [TCPSTATE_CONN_OTH] = "OTH",
  };
  return word(words, COUNT_OF(words), code);
}

const char *tcpstate_vantage_name(unsigned vantage)
{
  static const char *const words[TCPSTATE_VANTAGE_COUNT] = {
      [TCPSTATE_VANTAGE_UNKNOWN] = "unknown",
      [TCPSTATE_VANTAGE_CLIENT] = "client",
      [TCPSTATE_VANTAGE_SERVER] = "server",
      [TCPSTATE_VANTAGE_MIDDLE] = "middle",
  };
  return word(words, COUNT_OF(words), vantage);
}

const char *tcpstate_strerror(int error)
{
  switch (error) {
  case TCPSTATE_OK:
    return "no error";
  case TCPSTATE_ERROR_NO_MEMORY:
    return "out of memory, or the memory limit is reached";
  case TCPSTATE_ERROR_INVALID_ARGUMENT:
    return "invalid argument";
  case TCPSTATE_ERROR_NOT_FOUND:
    return "not found";
  case TCPSTATE_ERROR_TRUNCATED:
    return "fewer bytes than a TCP header needs";
  case TCPSTATE_ERROR_MALFORMED:
    return "the TCP header contradicts its own length";
  default:
    return "unknown error";
  }
}
