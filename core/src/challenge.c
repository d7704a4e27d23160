/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An acknowledgement that meets a SYN-SENT which it does not fit: half-open discovery, RFC 9293 3.5.1, figure 9. */
#include "ordinary.h"

#include "possible.h"
#include "seq.h"
#include "stream.h"

/* Figure 9: the receiver is in SYN-SENT, and this answers something else than its SYN. The sender is in a connection
 * that the receiver has lost; the receiver will reset it with the number that is acknowledged here. */
bool is_challenge(const struct look *look)
{
  const struct flow *flow = look->flow;
  return state_in(look, look->y, SET(SYN_SENT)) && !endpoint_is(flow, look->y, EP_STRAY_SYN) &&
         !endpoint_is(flow, look->x, EP_SYNCED) &&
         (seq_le(look->segment->ack, flow->ep[look->y].isn) || seq_gt(look->segment->ack, flow->ep[look->y].nxt));
}

/* The state that its old connection was left in, if that is known. */
static unsigned state_before(const struct look *look)
{
  static const uint8_t candidates[] = {TCPSTATE_ESTABLISHED, TCPSTATE_LAST_ACK, TCPSTATE_CLOSE_WAIT,
                                       TCPSTATE_FIN_WAIT_2, TCPSTATE_FIN_WAIT_1};
  for (unsigned i = 0; i < sizeof candidates; i++) {
    if (look->flow->ep[look->x].possible & TCPSTATE_MASK(candidates[i])) {
      return candidates[i];
    }
  }
  return TCPSTATE_ESTABLISHED;
}

void judge_challenge(struct look *look)
{
  struct flow *flow = look->flow;
  note(look, TCPSTATE_EVENT_CHALLENGE_ACK);
  note(look, TCPSTATE_EVENT_HALF_OPEN);
  look_show(look, look->x, state_before(look));
  flow->ep[look->x].possible |= SET_SYNCHRONIZED; /* or dead since: this may be late */
  endpoint_clear(flow, look->x, EP_SEEN);
  stream_take(flow, &look->tracker->holes, look->x, look->segment->seq, look->end);
  endpoint_set(flow, look->x, EP_GAP);
  endpoint_set(flow, look->y, EP_CHALLENGED | EP_UNA);
  flow->ep[look->y].una = look->segment->ack;
}
