/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which short way a segment may take. */
#include "usual.h"

#include "usual_parts.h"

bool usual_opens(const tcpstate_segment *segment)
{
  return (segment->flags & USUAL_CONTROL) == TCPSTATE_SYN && is_whole(segment) && segment->payload_length == 0 &&
         clock_is_bounded(segment->time_ns);
}

/* What a segment with ACK is beside: no more than one of FIN and SYN. */
enum { BARE = 0, FIN = TCPSTATE_FIN, SYN = TCPSTATE_SYN, KINDS, STATES = 16 /* TCPSTATE_STATE_COUNT, rounded up */ };

/* By the segment and where its sender and its receiver are. A table, since nobody can foresee which it is: one jump is
 * guessed wrong less often than a row of branches. */
static const uint8_t ways[KINDS][STATES][STATES] = {
    [BARE][TCPSTATE_ESTABLISHED][TCPSTATE_ESTABLISHED] = WAY_DATA,
    [BARE][TCPSTATE_ESTABLISHED][TCPSTATE_SYN_RECEIVED] = WAY_HANDSHAKE_ACK,
    [BARE][TCPSTATE_CLOSE_WAIT][TCPSTATE_FIN_WAIT_1] = WAY_FIRST_ACK,
    [BARE][TCPSTATE_TIME_WAIT][TCPSTATE_LAST_ACK] = WAY_LAST_ACK,
    [FIN][TCPSTATE_ESTABLISHED][TCPSTATE_ESTABLISHED] = WAY_FIRST_FIN,
    [FIN][TCPSTATE_CLOSE_WAIT][TCPSTATE_FIN_WAIT_1] = WAY_SECOND_FIN_WITH_ACK,
    [FIN][TCPSTATE_CLOSE_WAIT][TCPSTATE_FIN_WAIT_2] = WAY_SECOND_FIN,
    [SYN][TCPSTATE_SYN_RECEIVED][TCPSTATE_SYN_SENT] = WAY_SYN_ACK,
};

static enum usual_way way_of(const struct usual *usual)
{
  const struct endpoint *ep = usual->flow->ep;
  unsigned beside = usual->segment->flags & (USUAL_CONTROL & ~(unsigned)TCPSTATE_ACK);
  bool is_answer = (usual->segment->flags & TCPSTATE_ACK) && beside < KINDS;
  return is_answer ? (enum usual_way)ways[beside][ep[usual->x].state][ep[1 - usual->x].state] : NO_WAY;
}

static bool take_way(const struct usual *usual, enum usual_way way, tcpstate_annotation *annotation)
{
  switch (way) {
  case WAY_SYN_ACK:
    return usual_syn_ack(usual, annotation);
  case WAY_HANDSHAKE_ACK:
    return usual_handshake_ack(usual, annotation);
  case WAY_FIRST_FIN:
    return usual_first_fin(usual, annotation);
  case WAY_FIRST_ACK:
    return usual_first_ack(usual, annotation);
  case WAY_SECOND_FIN:
    return usual_second_fin(usual, annotation);
  case WAY_SECOND_FIN_WITH_ACK:
    return usual_second_fin_with_ack(usual, annotation);
  case WAY_LAST_ACK:
    return usual_last_ack(usual, annotation);
  default:
    return false;
  }
}

enum usual_way usual_take(const struct usual *usual, tcpstate_annotation *annotation)
{
  if (!is_whole(usual->segment) || history_has_reset(usual->flow, usual->x)) { /* see possible_close() */
    return NO_WAY;
  }
  enum usual_way way = way_of(usual);
  if (way == WAY_DATA) {
    return usual_data(usual, annotation);
  }
  return take_way(usual, way, annotation) ? way : NO_WAY;
}
