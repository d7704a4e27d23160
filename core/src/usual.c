/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which short way a segment may take. */
#include "usual.h"

#include "history.h"

static bool is_whole(const tcpstate_segment *segment)
{
  return (segment->facts & USUAL_DEFECTS) == 0 && segment->window != 0;
}

bool usual_opens(const tcpstate_segment *segment)
{
  return (segment->flags & USUAL_CONTROL) == TCPSTATE_SYN && is_whole(segment) && segment->payload_length == 0 &&
         clock_is_bounded(segment->time_ns);
}

static bool are_in(const struct flow *flow, unsigned own, unsigned peer, unsigned x)
{
  return flow->ep[x].state == own && flow->ep[1 - x].state == peer;
}

bool usual_take(const struct usual *usual, tcpstate_annotation *annotation)
{
  const struct flow *flow = usual->flow;
  unsigned x = usual->x;
  unsigned kind = usual->segment->flags & USUAL_CONTROL;
  if (!is_whole(usual->segment) || history_has_reset(flow, x)) { /* see possible_close() */
    return false;
  }
  if (kind == TCPSTATE_ACK) {
    if (are_in(flow, TCPSTATE_ESTABLISHED, TCPSTATE_ESTABLISHED, x)) {
      return usual_data(usual, annotation);
    }
    if (are_in(flow, TCPSTATE_ESTABLISHED, TCPSTATE_SYN_RECEIVED, x)) {
      return usual_handshake_ack(usual, annotation);
    }
    return usual_close(usual, annotation);
  }
  if (kind == (TCPSTATE_SYN | TCPSTATE_ACK)) {
    return usual_syn_ack(usual, annotation);
  }
  return kind == (TCPSTATE_FIN | TCPSTATE_ACK) && usual_close(usual, annotation);
}
