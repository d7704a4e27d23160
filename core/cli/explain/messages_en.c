/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "catalogue.h"

#include <stddef.h>

/* clang-format off */
/* Every entry has its designator: a missing comma would not compile. */
/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
const struct catalogue catalogue_english = {
  .messages = {
    [MESSAGE_CLIENT] = "client",
    [MESSAGE_SERVER] = "server",
    [MESSAGE_SPACE] = " ",
    [MESSAGE_STOP] = ".",
    [MESSAGE_COMMA] = ", ",
    [MESSAGE_LIST] = ", ",
    [MESSAGE_OR] = " or ",

    [MESSAGE_LEGEND] =
      "Each paragraph begins with the number of its packet (or packets) and the seconds since the connection's first. "
      "Sequence numbers are counted from 0 at each side's SYN, or from 1 where its SYN was not seen. The sender's state is the one after the segment has left, "
      "the receiver's the one after it has arrived. What is said of a packet rests on it and on those before it.",
    [MESSAGE_CONNECTION] = "Connection {stream}: client {client}, server {server}",
    [MESSAGE_SPAN] = "{sent|segment|segments} from the client and {answered} from the server in {seconds} seconds.",
    [MESSAGE_SPAN_WITHOUT_TIME] = "{sent|segment|segments} from the client and {answered} from the server.",
    [MESSAGE_ROLES_INFERRED] =
      "Who opened the connection was not captured: which side is called client is inferred.",

    [MESSAGE_DIRECTION] = "{sender} > {receiver}",
    [MESSAGE_TIMES] = "({count} times)",
    [MESSAGE_ROLES_SWAPPED] =
      "This packet shows that the roles were mistaken: from here on, client is the side that was called server so far.",

    [MESSAGE_SYN] =
      "The {sender} opens actively: its application has called connect(). It asks for a connection and names its initial "
      "sequence number, {initial}, which is counted as 0 here.",
    [MESSAGE_SYN_ACK] =
      "The {sender} agrees, and puts its own SYN into the same segment: its initial sequence number is {initial}, "
      "counted as 0 here.",
    [MESSAGE_SYN_AGAIN_WITH_ACK] = "The {sender} sends its SYN once more, this time with an acknowledgement.",
    [MESSAGE_ACK_OF_SYN] =
      "ack {ack} = {base} + 1: the {receiver}'s SYN takes one sequence number, and this acknowledges it.",
    [MESSAGE_ACK_OF_SYN_AND_DATA] =
      "ack {ack} = {base} + 1 + {extra}: this acknowledges the {receiver}'s SYN, which takes one sequence number, "
      "and {extra|byte|bytes} of data behind it.",
    [MESSAGE_FIN_FIRST] =
      "The {sender} has nothing more to send: its application has called close() or shutdown(), or has exited. Its "
      "FIN takes one sequence number, {fin}.",
    [MESSAGE_FIN_SECOND] = "The {sender} has nothing more to send either. Its FIN takes sequence number {fin}.",
    [MESSAGE_ACK_OF_FIN] = "ack {ack} = {base} + 1: this acknowledges the {receiver}'s FIN.",
    [MESSAGE_MERGED] = "One segment does both, which saves a segment.",
    [MESSAGE_LENGTH] = "It carries {length|byte|bytes} of data.",
    [MESSAGE_AGAIN] = "{event} again: see packet {frame}.",

    [MESSAGE_RUN] = "",
    [MESSAGE_RUN_SENT] = "{sender} sends {bytes|byte|bytes} in {count|segment|segments}",
    [MESSAGE_RUN_ACKS] = "{count|bare ACK|bare ACKs}",
    [MESSAGE_RUN_PROBES] = "{count|keep-alive probe|keep-alive probes}",
    [MESSAGE_RUN_ANSWERS] = "{count|answer|answers}",

    [MESSAGE_MOVED] = "{from} > {to}",
    [MESSAGE_STAYS] = "stays in {to}",
    [MESSAGE_AFTER] = " after {seconds} seconds",
    [MESSAGE_RULE] = "RFC 9293 {section}: {rule}",
    [MESSAGE_WHO] = "{role}: ",
    [MESSAGE_WHO_ON_ARRIVAL] = "{role}, once this arrives: ",
    [MESSAGE_WHO_ASSUMED] = "{role} (assumed): ",
    [MESSAGE_WHO_GUESSED] = "{role} (guessed): ",
    [MESSAGE_NOBODY_MOVES] = "No state changes: the client stays in {client}, the server in {server}.",
    [MESSAGE_LEFT_OUT] = "... {count|step|steps} left out here: the story keeps its beginning and its end.",

    [MESSAGE_SUMMARY] = "Summary",
    [MESSAGE_OPENED_THREE_WAY] = "Opened by the client with a three-way handshake: SYN, SYN-ACK, ACK.",
    [MESSAGE_OPENED_OTHERWISE] = "Opened by the client, with {count|segment|segments}.",
    [MESSAGE_OPENED_SIMULTANEOUSLY] = "Opened by both sides at the same time, with {count|segment|segments}.",
    [MESSAGE_OPENED_UNSEEN] = "How it was opened was not captured.",
    [MESSAGE_OPENED_NOT] = "The capture shows no complete handshake.",
    [MESSAGE_CLOSED_IN_FOUR] =
      "Closed by the {closer} first (active close), then by the {other}, in four segments: FIN, ACK, FIN, ACK.",
    [MESSAGE_CLOSED_IN_THREE] =
      "Closed by the {closer} first (active close), then by the {other}, in three segments: FIN, FIN with ACK, ACK.",
    [MESSAGE_CLOSED_SIMULTANEOUSLY] =
      "Closed by both sides at the same time: each sent its FIN before it saw the other one's.",
    [MESSAGE_CLOSED_BY_RESET] = "Ended by a reset from the {resetter}: no orderly release, data may be lost.",
    [MESSAGE_FIN_BESIDES_RESET] = "The {closer} has sent a FIN too.",
    [MESSAGE_STILL_OPEN] = "Nobody has closed it: the connection was still open at the last packet.",
    [MESSAGE_STILL_CLOSING] = "The {closer} has begun to close, but the release is not complete at the last packet.",
    [MESSAGE_STILL_CLOSING_BOTH] =
      "Both sides have begun to close, but the release is not complete at the last packet.",
    [MESSAGE_REFUSED] = "Refused: connect() fails with \"Connection refused\" (ECONNREFUSED).",
    [MESSAGE_NO_ANSWER] = "No answer: in the end connect() fails with \"Connection timed out\" (ETIMEDOUT).",
    [MESSAGE_HALF_OPEN] = "Half-open: one side does not have the connection that the other one believes in.",
    [MESSAGE_MID_STREAM] = "Neither its start nor its end is in the capture.",
    [MESSAGE_CONTROL] =
      "Control segments: {opening} for the handshake and {closing} for the release, {count} in all.",
    [MESSAGE_SIX] = "Six, not seven, because one segment carried both the ACK of the first FIN and the second FIN.",
    [MESSAGE_SEVEN] =
      "Seven, not six, because the ACK of the first FIN and the second FIN were segments of their own.",
    [MESSAGE_BYTES] = "Data: {sent|byte|bytes} from the client, {answered|byte|bytes} from the server.",
    [MESSAGE_LAST_STATES] = "Last states: client {client}, server {server}.",
    [MESSAGE_POSSIBLE] = "From what was seen, the {role} may also be in ",
    [MESSAGE_TAKEN_AT_CLIENT] =
      "Captured at the client: its answers come at once, the server's have been to the other end and back.",
    [MESSAGE_TAKEN_AT_SERVER] =
      "Captured at the server: its answers come at once, the client's have been to the other end and back.",
    [MESSAGE_TAKEN_BETWEEN] = "Captured between the two: neither answers at once.",
    [MESSAGE_NEAR_CLIENT] =
      "Captured at the client or next to it: no router lies between, as the TTL and checksum of its SYN show, but the "
      "server's SYN has come a longer way.",
    [MESSAGE_NEAR_SERVER] =
      "Captured at the server or next to it: no router lies between, as the TTL and checksum of its SYN show, but the "
      "client's SYN has come a longer way.",
    [MESSAGE_BETWEEN_ROUTERS] = "Captured between the two: the TTLs of both SYNs show that each has passed a router.",
    [MESSAGE_MOVED_BY_ICMP] = "After its last segment an ICMP error moved the {role}: {from} > {to}.",
    [MESSAGE_NOT_TOLD] =
      "... {count|packet is|packets are} not told: there are too many connections. --stream tells one in full.",
  },
  .waits = {
    [TCPSTATE_UNKNOWN] = "nothing is known of it",
    [TCPSTATE_CLOSED] = "has no connection any more",
    [TCPSTATE_LISTEN] = "waits for a SYN",
    [TCPSTATE_SYN_SENT] = "waits for the {peer} to acknowledge its SYN and to send one",
    [TCPSTATE_SYN_RECEIVED] = "waits for the ACK of its own SYN",
    [TCPSTATE_ESTABLISHED] = "can send and receive data",
    [TCPSTATE_FIN_WAIT_1] = "waits for the ACK of its FIN",
    [TCPSTATE_FIN_WAIT_2] = "can still receive, and waits for the {peer}'s FIN",
    [TCPSTATE_CLOSE_WAIT] = "can still send, and waits for its own application to call close()",
    [TCPSTATE_CLOSING] = "has the {peer}'s FIN and waits for the ACK of its own",
    [TCPSTATE_LAST_ACK] = "waits for the ACK of its FIN",
    [TCPSTATE_TIME_WAIT] = "waits 2MSL, so that it can repeat the last ACK and late segments die out",
  },
  .events = {
    [TCPSTATE_EVENT_SYN_RETRANSMITTED] =
      "The {sender} repeats its SYN because no answer has come. Usually the SYN or the answer was lost, a firewall drops "
      "it silently, or the listener's queue is full. As a rule each wait is twice as long as the one before (newer Linux: "
      "after the first few).",
    [TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED] =
      "The {sender} repeats its SYN-ACK: the ACK of it did not arrive, or was dropped because the accept queue is full. "
      "Many of these from addresses that never answer are the mark of a SYN flood.",
    [TCPSTATE_EVENT_FIN_RETRANSMITTED] =
      "The {sender} repeats its FIN because no ACK of it has come: the FIN or its ACK was lost, or the peer is gone.",
    [TCPSTATE_EVENT_HANDSHAKE_COMPLETE] =
      "The handshake is complete: each side knows the other's initial sequence number and that its own is known.",
    [TCPSTATE_EVENT_FAST_OPEN] =
      "TCP Fast Open (RFC 7413): the {sender} takes the data that came with the SYN, a round trip earlier than usual; a "
      "cookie from an earlier connection vouched for the address.",
    [TCPSTATE_EVENT_SIMULTANEOUS_OPEN] =
      "Simultaneous open: both sides sent a SYN before the other one's arrived. It is rare, and mostly meant: peers that "
      "open holes into their NATs.",
    [TCPSTATE_EVENT_SIMULTANEOUS_CLOSE] =
      "Simultaneous close: the two FINs cross on the way, so this one does not yet acknowledge the other. As a rule both "
      "sides pass through CLOSING and end in TIME-WAIT.",
    [TCPSTATE_EVENT_HALF_CLOSE] =
      "Half-close: the {receiver} has closed its direction, the {sender} goes on sending. shutdown(SHUT_WR) does that: "
      "the request is complete, the answer is still to come.",
    [TCPSTATE_EVENT_DATA_AFTER_FIN] =
      "Data beyond the {sender}'s own FIN: no TCP does that. Look for a forged segment or a middlebox.",
    [TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE] =
      "Bytes before this FIN are missing, so it does not count yet: the {receiver} takes it once they have come. Segments "
      "were lost or overtaken.",
    [TCPSTATE_EVENT_REFUSED] =
      "The {sender} answers the SYN with RST: nobody listens on port {port}, or a firewall is set to reject. That "
      "it had taken the SYN was an assumption, and a wrong one.",
    [TCPSTATE_EVENT_ABORTED] =
      "The RST ends the connection at once; nothing is acknowledged, and what was under way is lost. Usual causes: the "
      "application closed with unread data in its buffer or with SO_LINGER 0, its process died, it gave up on a peer "
      "that no longer answered, or the host no longer knows the connection. The {receiver}'s application gets "
      "\"Connection reset by peer\".",
    [TCPSTATE_EVENT_RESET_OUT_OF_WINDOW] =
      "The RST's sequence number is not the one expected, so it is ignored (RFC 5961): a late one, or an attempt to break "
      "the connection from outside.",
    [TCPSTATE_EVENT_CHALLENGE_ACK] =
      "A challenge ACK (RFC 5961): the {sender} does not believe the segment it got, and answers with what it expects. A "
      "peer that has really lost the connection replies with a fitting RST.",
    [TCPSTATE_EVENT_SYN_IN_CONNECTION] =
      "A SYN within an established connection moves nobody. Mostly the peer has restarted and uses the same port again, "
      "or the SYN is a late duplicate.",
    [TCPSTATE_EVENT_KEEP_ALIVE] =
      "Keep-alive: a probe has a sequence number one below the next, which the peer has had already and therefore must "
      "answer. SO_KEEPALIVE does that in a silent connection, to notice a dead peer and to keep NATs from forgetting it.",
    [TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED] = "The answer shows that the peer is alive and still has the connection.",
    [TCPSTATE_EVENT_PEER_SILENT] =
      "The {receiver} has not answered: the network is cut, the host is down, or a firewall has forgotten the connection. "
      "The {sender} goes on trying and gives up in the end.",
    [TCPSTATE_EVENT_HALF_OPEN] =
      "Half-open: one side no longer knows the connection that the other one still has, mostly because its host was "
      "restarted or its process was killed while the network was cut.",
    [TCPSTATE_EVENT_TUPLE_REUSED] =
      "The same addresses and ports served an earlier connection. This is a new one, with a story of its own.",
    [TCPSTATE_EVENT_TIME_WAIT_REUSED] =
      "An earlier connection with the same addresses and ports is still in TIME-WAIT. The SYN is newer than all of it, so "
      "the port may be used again at once (RFC 6191).",
    [TCPSTATE_EVENT_STRAY] =
      "The segment belongs to no living connection: a late duplicate, or an answer to one.",
    [TCPSTATE_EVENT_CAPTURE_GAP] =
      "Something is acknowledged that the capture does not have: the capturing host dropped packets, or they took another "
      "way. Until both sides agree again, states are guessed.",
    [TCPSTATE_EVENT_MID_STREAM] =
      "The capture begins in the middle of this connection, so what came before can only be guessed.",
    [TCPSTATE_EVENT_ILLEGAL_FLAGS] =
      "No TCP sends this combination of flags; port scanners do, to tell systems apart.",
    [TCPSTATE_EVENT_NO_ANSWER] =
      "So far nothing has come back. That the {receiver} ever got a SYN is an assumption.",
    [TCPSTATE_EVENT_BAD_CHECKSUM] = "The checksum is wrong: the {receiver} drops the segment as if it were lost.",
    [TCPSTATE_EVENT_SPLIT_HANDSHAKE] =
      "Split handshake: the {sender} answers the SYN in separate segments instead of one SYN-ACK. It is legal and very "
      "rare; it can fool a firewall about who opened the connection.",
    [TCPSTATE_EVENT_REVISED] = 
      "This disproves what was assumed before: an earlier segment did not arrive, or somebody else had sent it.",
    [TCPSTATE_EVENT_PAWS] =
      "Its time stamp is older than the last one seen, so it is an old duplicate and is dropped (PAWS, RFC 7323).",
    [TCPSTATE_EVENT_UNACCEPTABLE] =
      "It lies outside the {receiver}'s window. The {receiver} drops it and answers with an ACK of what it expects.",
  },
  .ends = {
    [TCPSTATE_SYN_SENT] =
      "{role} in SYN-SENT: it repeats its SYN a few times more; by default Linux gives up after one to two minutes.",
    [TCPSTATE_FIN_WAIT_1] =
      "{role} in FIN-WAIT-1: its FIN is not acknowledged. If this lasts, the {peer} is gone, or its full receive window "
      "keeps the FIN back.",
    [TCPSTATE_FIN_WAIT_2] =
      "{role} in FIN-WAIT-2: it waits for the {peer} to close. If the application has called close(), Linux gives up "
      "after 60 seconds.",
    [TCPSTATE_CLOSE_WAIT] =
      "{role} in CLOSE-WAIT: the {peer} has closed, and the application on this side has not called close() yet. If this "
      "lasts, it is a bug of that application (a forgotten descriptor); no time-out of TCP ends it.",
    [TCPSTATE_CLOSING] = "{role} in CLOSING: the ACK of its FIN has not come.",
    [TCPSTATE_LAST_ACK] = "{role} in LAST-ACK: the last ACK has not come; it repeats its FIN until it does or gives up.",
    [TCPSTATE_TIME_WAIT] =
      "{role} in TIME-WAIT: as it should be for a side that closed actively. After 2MSL (60 seconds with Linux) it is "
      "CLOSED.",
  },
};
/* clang-format on */
/* NOLINTEND(bugprone-suspicious-missing-comma) */
