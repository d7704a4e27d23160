/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What usual_data.c, on flows, and usual_step.c, on records, have in common. */
#ifndef TS_USUAL_EXCHANGE_H
#define TS_USUAL_EXCHANGE_H

#include "usual_parts.h"

/* Shorter than any wait for an acknowledgement that is overdue. */
static const int64_t SHORT_SILENCE_NS = INT64_C(1000) * (ROUND_TRIP_SLACK_US + DELAYED_ACK_US);

/* It acknowledges less than what has passed: may the rest not have arrived yet? And it is no bare duplicate. `win`: the
 * sender's last one, `rtt` its own too. */
static inline bool usual_lags(const tcpstate_segment *segment, const struct numbers *own, const struct numbers *peer,
                              uint16_t win, uint16_t rtt)
{
  bool duplicate = segment->payload_length == 0 && segment->ack == peer->una && segment->window == win;
  return !duplicate && clock_since(clock_us(segment->time_ns), own->moved_us) <= patience_us(rtt);
}

/* Something is to be acknowledged, and nothing has passed for a while. */
static ALWAYS_INLINE bool is_silent(const tcpstate_segment *segment, int64_t last_ns, const struct numbers *own,
                                    const struct numbers *peer)
{
  bool silent = segment->time_ns - last_ns > SHORT_SILENCE_NS;
  bool waiting = ((own->una ^ own->nxt) | (peer->una ^ peer->nxt)) != 0;
  return silent & waiting;
}

/* look_overdue() of endpoint e; `rtt`: of its peer */
static inline bool numbers_overdue(const tcpstate_segment *segment, int64_t last_ns, const struct numbers *e,
                                   uint16_t rtt)
{
  int64_t patience_ns = ((int64_t)patience_us(rtt) + DELAYED_ACK_US) * 1000;
  return seq_lt(e->una, e->nxt) & (segment->time_ns - last_ns > patience_ns);
}

/* Has the segment what was sent of `own` before and not acknowledged? */
static inline bool is_sent_again(const tcpstate_segment *segment, const struct numbers *own)
{
  return (segment->payload_length != 0) & (unsigned)seq_ge(own->una, segment->seq) &
         seq_gt(segment->seq + segment->payload_length, own->una);
}

/* flow.duplicates */
static ALWAYS_INLINE uint8_t duplicates_after(uint8_t duplicates, const tcpstate_segment *segment, unsigned x)
{
  uint32_t bare = 0u - (segment->payload_length == 0);
  unsigned filled = (unsigned)(segment->payload_length >= SMALLEST_MSS) << 2;
  unsigned kept = ~((1u | (4u & ~bare)) << x);
  return (uint8_t)((duplicates & kept) | filled << x);
}

#endif
