/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which short way a segment may take. */
#include "usual.h"

#include "history.h"

enum {
  CONTROL = TCPSTATE_SYN | TCPSTATE_FIN | TCPSTATE_RST | TCPSTATE_ACK,
  DEFECTS = TCPSTATE_BAD_CHECKSUM | TCPSTATE_NO_TIME | TCPSTATE_NO_WINDOW
};

static bool is_whole(const tcpstate_segment *segment)
{
  return (segment->facts & DEFECTS) == 0 && segment->window != 0;
}

bool usual_opens(const tcpstate_segment *segment)
{
  return (segment->flags & CONTROL) == TCPSTATE_SYN && is_whole(segment) && segment->payload_length == 0 &&
         clock_is_bounded(segment->time_ns);
}

static bool are_in(const struct flow *flow, unsigned own, unsigned peer, unsigned x)
{
  return flow->state[x] == own && flow->state[1 - x] == peer;
}

bool usual_take(const struct usual *usual, tcpstate_annotation *annotation)
{
  if (!is_whole(usual->segment) || history_has_reset(usual->flow, usual->x)) { /* see possible_close() */
    return false;
  }
  switch (usual->segment->flags & CONTROL) {
  case TCPSTATE_ACK:
    if (are_in(usual->flow, TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED, usual->x)) {
      return usual_data(usual, annotation);
    }
    if (are_in(usual->flow, TCPSTATE_ESTABLISHED, TCPSTATE_SYN_RECEIVED, usual->x)) {
      return usual_handshake_ack(usual, annotation);
    }
    return usual_close(usual, annotation);
  case TCPSTATE_FIN | TCPSTATE_ACK:
    return usual_close(usual, annotation);
  case TCPSTATE_SYN | TCPSTATE_ACK:
    return usual_syn_ack(usual, annotation);
  default:
    return false;
  }
}
