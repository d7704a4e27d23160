/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every event in one line: how serious it is, its word, and what it means. Command, plugin, docs and tests have it from
 * here.
 */
#include "tcpstate/tcpstate.h"

struct event {
  enum tcpstate_event_kind kind;
  const char *name;
  const char *sentence;
};

static const struct event events[TCPSTATE_EVENT_COUNT] = {
    [TCPSTATE_EVENT_SYN_RETRANSMITTED] = {TCPSTATE_KIND_IRREGULAR, "syn-retransmitted",
                                          "The client repeats its SYN: no answer has reached it yet."},
    [TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED] =
        {TCPSTATE_KIND_IRREGULAR, "syn-ack-retransmitted",
         "The SYN-ACK is repeated: the ACK that completes the handshake has not reached its sender."},
    [TCPSTATE_EVENT_FIN_RETRANSMITTED] = {TCPSTATE_KIND_IRREGULAR, "fin-retransmitted",
                                          "The FIN is repeated: its acknowledgement has not reached the sender."},
    [TCPSTATE_EVENT_HANDSHAKE_COMPLETE] = {TCPSTATE_KIND_COURSE, "handshake-complete",
                                           "With this segment both sides have agreed on the connection."},
    [TCPSTATE_EVENT_FAST_OPEN] =
        {TCPSTATE_KIND_COURSE, "fast-open",
         "TCP Fast Open: the server takes the data that came with the SYN, before the handshake is done."},
    [TCPSTATE_EVENT_SIMULTANEOUS_OPEN] = {TCPSTATE_KIND_COURSE, "simultaneous-open",
                                          "Both endpoints sent a SYN before they saw the other one's."},
    [TCPSTATE_EVENT_SIMULTANEOUS_CLOSE] = {TCPSTATE_KIND_COURSE, "simultaneous-close",
                                           "Both endpoints sent a FIN before they saw the other one's."},
    [TCPSTATE_EVENT_HALF_CLOSE] = {TCPSTATE_KIND_COURSE, "half-close",
                                   "One direction has ended; the other endpoint goes on sending data."},
    [TCPSTATE_EVENT_DATA_AFTER_FIN] = {TCPSTATE_KIND_FAILURE, "data-after-fin",
                                       "The sender has already said FIN, yet this data lies beyond it."},
    [TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE] =
        {TCPSTATE_KIND_IRREGULAR, "fin-ahead-of-hole",
         "Bytes before this FIN are still missing: it counts only once the receiver has them."},
    [TCPSTATE_EVENT_REFUSED] = {TCPSTATE_KIND_FAILURE, "refused",
                                "The SYN is answered by a reset: nobody accepts connections there."},
    [TCPSTATE_EVENT_ABORTED] = {TCPSTATE_KIND_FAILURE, "aborted", "An acceptable reset ends the connection at once."},
    [TCPSTATE_EVENT_RESET_OUT_OF_WINDOW] = {TCPSTATE_KIND_FAILURE, "reset-out-of-window",
                                            "The reset's sequence number is not acceptable: it moves nobody."},
    [TCPSTATE_EVENT_CHALLENGE_ACK] =
        {TCPSTATE_KIND_IRREGULAR, "challenge-ack",
         "A challenge ACK: the sender asks whether a doubtful SYN or reset was meant (RFC 5961)."},
    [TCPSTATE_EVENT_SYN_IN_CONNECTION] = {TCPSTATE_KIND_FAILURE, "syn-in-connection",
                                          "A SYN inside a synchronized connection: it moves nobody."},
    [TCPSTATE_EVENT_KEEP_ALIVE] =
        {TCPSTATE_KIND_COURSE, "keep-alive",
         "A keep-alive probe: one number before the next byte, asking whether the peer lives."},
    [TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED] = {TCPSTATE_KIND_COURSE, "keep-alive-answered",
                                            "The answer to a keep-alive probe: the peer is alive."},
    [TCPSTATE_EVENT_PEER_SILENT] = {TCPSTATE_KIND_FAILURE, "peer-silent",
                                    "The peer has not answered what was sent to it."},
    [TCPSTATE_EVENT_HALF_OPEN] = {TCPSTATE_KIND_FAILURE, "half-open",
                                  "One endpoint no longer knows the connection that the other one still has."},
    [TCPSTATE_EVENT_TUPLE_REUSED] = {TCPSTATE_KIND_COURSE, "tuple-reused",
                                     "The same addresses and ports as an earlier connection: this is a new one."},
    [TCPSTATE_EVENT_TIME_WAIT_REUSED] = {TCPSTATE_KIND_COURSE, "time-wait-reused",
                                         "A new connection takes over from one that is still in TIME-WAIT."},
    [TCPSTATE_EVENT_STRAY] = {TCPSTATE_KIND_IRREGULAR, "stray", "The segment belongs to no living connection."},
    [TCPSTATE_EVENT_CAPTURE_GAP] = {TCPSTATE_KIND_IRREGULAR, "capture-gap",
                                    "Something is acknowledged that was never captured: the capture has a gap."},
    [TCPSTATE_EVENT_MID_STREAM] = {TCPSTATE_KIND_COURSE, "mid-stream",
                                   "The start of this connection was not captured."},
    [TCPSTATE_EVENT_ILLEGAL_FLAGS] = {TCPSTATE_KIND_DAMAGE, "illegal-flags", "No TCP sends this combination of flags."},
    [TCPSTATE_EVENT_NO_ANSWER] = {TCPSTATE_KIND_FAILURE, "no-answer", "The SYN was never answered."},
    [TCPSTATE_EVENT_BAD_CHECKSUM] = {TCPSTATE_KIND_DAMAGE, "bad-checksum",
                                     "The checksum is wrong: the receiver drops this segment."},
    [TCPSTATE_EVENT_SPLIT_HANDSHAKE] = {TCPSTATE_KIND_IRREGULAR, "split-handshake",
                                        "The server answers the SYN in separate segments instead of one SYN-ACK."},
    [TCPSTATE_EVENT_REVISED] = {TCPSTATE_KIND_IRREGULAR, "revised",
                                "This segment disproves what was assumed of an endpoint."},
    [TCPSTATE_EVENT_PAWS] = {TCPSTATE_KIND_IRREGULAR, "paws",
                             "The time stamp is older than what the receiver has seen: an old duplicate (RFC 7323)."},
    [TCPSTATE_EVENT_UNACCEPTABLE] = {TCPSTATE_KIND_IRREGULAR, "unacceptable",
                                     "The segment lies outside the receiver's window: it is dropped and answered."},
};

enum tcpstate_event_kind tcpstate_event_kind(unsigned event)
{
  return event < TCPSTATE_EVENT_COUNT ? events[event].kind : TCPSTATE_KIND_COURSE;
}

const char *tcpstate_event_name(unsigned event)
{
  return event < TCPSTATE_EVENT_COUNT ? events[event].name : "";
}

const char *tcpstate_event_sentence(unsigned event)
{
  return event < TCPSTATE_EVENT_COUNT ? events[event].sentence : "";
}
