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

const char *tcpstate_event_name(unsigned event)
{
  static const char *const words[TCPSTATE_EVENT_COUNT] = {
      [TCPSTATE_EVENT_SYN_RETRANSMITTED] = "syn-retransmitted",
      [TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED] = "syn-ack-retransmitted",
      [TCPSTATE_EVENT_FIN_RETRANSMITTED] = "fin-retransmitted",
      [TCPSTATE_EVENT_HANDSHAKE_COMPLETE] = "handshake-complete",
      [TCPSTATE_EVENT_FAST_OPEN] = "fast-open",
      [TCPSTATE_EVENT_SIMULTANEOUS_OPEN] = "simultaneous-open",
      [TCPSTATE_EVENT_SIMULTANEOUS_CLOSE] = "simultaneous-close",
      [TCPSTATE_EVENT_HALF_CLOSE] = "half-close",
      [TCPSTATE_EVENT_DATA_AFTER_FIN] = "data-after-fin",
      [TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE] = "fin-ahead-of-hole",
      [TCPSTATE_EVENT_REFUSED] = "refused",
      [TCPSTATE_EVENT_ABORTED] = "aborted",
      [TCPSTATE_EVENT_RESET_OUT_OF_WINDOW] = "reset-out-of-window",
      [TCPSTATE_EVENT_CHALLENGE_ACK] = "challenge-ack",
      [TCPSTATE_EVENT_SYN_IN_CONNECTION] = "syn-in-connection",
      [TCPSTATE_EVENT_KEEP_ALIVE] = "keep-alive",
      [TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED] = "keep-alive-answered",
      [TCPSTATE_EVENT_PEER_SILENT] = "peer-silent",
      [TCPSTATE_EVENT_HALF_OPEN] = "half-open",
      [TCPSTATE_EVENT_TUPLE_REUSED] = "tuple-reused",
      [TCPSTATE_EVENT_TIME_WAIT_REUSED] = "time-wait-reused",
      [TCPSTATE_EVENT_STRAY] = "stray",
      [TCPSTATE_EVENT_CAPTURE_GAP] = "capture-gap",
      [TCPSTATE_EVENT_MID_STREAM] = "mid-stream",
      [TCPSTATE_EVENT_ILLEGAL_FLAGS] = "illegal-flags",
      [TCPSTATE_EVENT_NO_ANSWER] = "no-answer",
      [TCPSTATE_EVENT_BAD_CHECKSUM] = "bad-checksum",
      [TCPSTATE_EVENT_SPLIT_HANDSHAKE] = "split-handshake",
      [TCPSTATE_EVENT_REVISED] = "revised",
      [TCPSTATE_EVENT_PAWS] = "paws",
      [TCPSTATE_EVENT_UNACCEPTABLE] = "unacceptable",
  };
  return word(words, COUNT_OF(words), event);
}

const char *tcpstate_event_sentence(unsigned event)
{
  static const char *const sentences[TCPSTATE_EVENT_COUNT] = {
      [TCPSTATE_EVENT_SYN_RETRANSMITTED] = "The client repeats its SYN: no answer has reached it yet.",
      [TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED] =
          "The SYN-ACK is repeated: the ACK that completes the handshake has not reached its sender.",
      [TCPSTATE_EVENT_FIN_RETRANSMITTED] = "The FIN is repeated: its acknowledgement has not reached the sender.",
      [TCPSTATE_EVENT_HANDSHAKE_COMPLETE] = "With this segment both sides have agreed on the connection.",
      [TCPSTATE_EVENT_FAST_OPEN] =
          "TCP Fast Open: the server takes the data that came with the SYN, before the handshake is done.",
      [TCPSTATE_EVENT_SIMULTANEOUS_OPEN] = "Both endpoints sent a SYN before they saw the other one's.",
      [TCPSTATE_EVENT_SIMULTANEOUS_CLOSE] = "Both endpoints sent a FIN before they saw the other one's.",
      [TCPSTATE_EVENT_HALF_CLOSE] = "One direction has ended; the other endpoint goes on sending data.",
      [TCPSTATE_EVENT_DATA_AFTER_FIN] = "The sender has already said FIN, yet this data lies beyond it.",
      [TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE] =
          "Bytes before this FIN are still missing: it counts only once the receiver has them.",
      [TCPSTATE_EVENT_REFUSED] = "The SYN is answered by a reset: nobody accepts connections there.",
      [TCPSTATE_EVENT_ABORTED] = "An acceptable reset ends the connection at once.",
      [TCPSTATE_EVENT_RESET_OUT_OF_WINDOW] = "The reset's sequence number is not acceptable: it moves nobody.",
      [TCPSTATE_EVENT_CHALLENGE_ACK] =
          "A challenge ACK: the sender asks whether a doubtful SYN or reset was meant (RFC 5961).",
      [TCPSTATE_EVENT_SYN_IN_CONNECTION] = "A SYN inside a synchronized connection: it moves nobody.",
      [TCPSTATE_EVENT_KEEP_ALIVE] =
          "A keep-alive probe: one number before the next byte, asking whether the peer lives.",
      [TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED] = "The answer to a keep-alive probe: the peer is alive.",
      [TCPSTATE_EVENT_PEER_SILENT] = "The peer has not answered what was sent to it.",
      [TCPSTATE_EVENT_HALF_OPEN] = "One endpoint no longer knows the connection that the other one still has.",
      [TCPSTATE_EVENT_TUPLE_REUSED] = "The same addresses and ports as an earlier connection: this is a new one.",
      [TCPSTATE_EVENT_TIME_WAIT_REUSED] = "A new connection takes over from one that is still in TIME-WAIT.",
      [TCPSTATE_EVENT_STRAY] = "The segment belongs to no living connection.",
      [TCPSTATE_EVENT_CAPTURE_GAP] = "Something is acknowledged that was never captured: the capture has a gap.",
      [TCPSTATE_EVENT_MID_STREAM] = "The start of this connection was not captured.",
      [TCPSTATE_EVENT_ILLEGAL_FLAGS] = "No TCP sends this combination of flags.",
      [TCPSTATE_EVENT_NO_ANSWER] = "The SYN was never answered.",
      [TCPSTATE_EVENT_BAD_CHECKSUM] = "The checksum is wrong: the receiver drops this segment.",
      [TCPSTATE_EVENT_SPLIT_HANDSHAKE] = "The server answers the SYN in separate segments instead of one SYN-ACK.",
      [TCPSTATE_EVENT_REVISED] = "This segment disproves what was assumed of an endpoint.",
      [TCPSTATE_EVENT_PAWS] = "The time stamp is older than what the receiver has seen: an old duplicate (RFC 7323).",
      [TCPSTATE_EVENT_UNACCEPTABLE] = "The segment lies outside the receiver's window: it is dropped and answered.",
  };
  return word(sentences, COUNT_OF(sentences), event);
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
