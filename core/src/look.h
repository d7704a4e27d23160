/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One look at one segment: everything that is worked out about it on its way through the engine. Judges read the
 * segment and the flow, move the endpoints and leave their findings here; annotate.c translates them. */
#ifndef TS_LOOK_H
#define TS_LOOK_H

#include "clock.h"
#include "flow.h"
#include "flow_table.h"
#include "transitions.h"

struct tcpstate_tracker {
  struct memory memory;
  struct flow_table table;
  struct slab holes;
  struct slab histories;
  struct transitions transitions;
  struct listeners *listeners;
  tcpstate_settings settings;
  uint32_t next_stream;
  uint64_t segments;
  uint64_t evicted;
  bool long_way; /* of tests: no short way for usual segments, see usual.h */
};

enum {
  FULL_SEGMENT = 1460,            /* nobody with less window than this left sends new data (RFC 9293 3.8.6.2.1) */
  UNKNOWN_ROUND_TRIP_US = 200000, /* before anything was measured: the usual minimum of the retransmission timer */
  ROUND_TRIP_SLACK_US = 2000,
  DELAYED_ACK_US = 50000 /* delayed acknowledgements in use wait for 40 ms */
};

struct look {
  struct tcpstate_tracker *tracker;
  const tcpstate_segment *segment;
  struct flow *flow;
  unsigned x; /* the sender */
  unsigned y; /* the receiver */
  uint32_t place;
  uint32_t end; /* seq + SYN + payload + FIN */
  int64_t now_ns;
  uint32_t now_us;
  uint64_t events;
  uint16_t departure;   /* states that x can have sent this in; 0 = the segment says nothing about that */
  uint16_t carried;     /* states that y can still be in from the connection before on this tuple */
  uint16_t carried_own; /* the same of x, if this may be its old SYN */
  uint8_t pending;      /* to x before this segment */
  uint8_t in_flight;    /* what is still on its way to x from that connection */
  uint8_t previous[2];
  uint8_t rule[2];
  uint8_t handshake_role;
  uint8_t steps;
  bool over;         /* the connection had ended before */
  bool reset;        /* an acceptable RST */
  bool reaction;     /* a bare duplicate acknowledgement: something arrived that was not next in line */
  bool repeated;     /* sent again by a timer, which waits for longer than a round trip */
  bool old_ack;      /* acknowledges less than x has acknowledged before */
  bool stale;        /* an older or doubled segment: no evidence about its sender */
  bool unseen;       /* x is known to have sent something that did not pass */
  bool lacks;        /* something of y is acknowledged that did not pass */
  bool gap;          /* the capture lacks something before this segment */
  bool other_syn;    /* x has sent SYNs with different numbers, of which an earlier one may still be under way */
  bool fin_doubtful; /* a FIN of x does not count, now or any more; nothing shows whether it is x's */
  bool surely_sent;  /* nothing hints at a FIN of x that is queued behind data */
};

static inline void note(struct look *look, enum tcpstate_event event)
{
  look->events |= UINT64_C(1) << event;
}

static inline unsigned state_of(const struct look *look, unsigned endpoint)
{
  return look->flow->ep[endpoint].state;
}

static inline bool state_in(const struct look *look, unsigned endpoint, unsigned set)
{
  return ((set >> look->flow->ep[endpoint].state) & 1u) != 0;
}

static inline bool flag(const struct look *look, unsigned flags)
{
  return (look->segment->flags & flags) != 0;
}

/* Endpoint `e` does or meets `what`: moves its state by the rule table. True if it moved. */
bool look_move(struct look *look, unsigned e, enum happening what);

/* Evidence puts endpoint `e` into `state`. */
void look_show(struct look *look, unsigned e, unsigned state);

/* Of a round trip as it is kept. */
static inline uint32_t round_trip_us(uint16_t rtt)
{
  return rtt ? rtt_unpack(rtt) : UNKNOWN_ROUND_TRIP_US;
}

static inline uint32_t look_round_trip_us(const struct flow *flow, unsigned e)
{
  return round_trip_us(flow->rtt[e]);
}

/* Endpoint `e` answers at `now_us` to what passed on to it. */
static inline void flow_sample_round_trip(struct flow *flow, unsigned e, uint32_t now_us)
{
  uint16_t sample = rtt_pack(clock_since(now_us, flow->ep[e].moved_us));
  if (flow->rtt[e] == 0 || sample < flow->rtt[e]) {
    flow->rtt[e] = sample;
  }
}

/* How long anything that arrives here over this round trip may have been on its way, with what it answers. */
static inline uint32_t patience_us(uint16_t rtt)
{
  uint32_t round_trip = round_trip_us(rtt);
  return round_trip + round_trip / 2 + ROUND_TRIP_SLACK_US;
}

/* The same of endpoint `e`. */
static inline uint32_t look_patience_us(const struct flow *flow, unsigned e)
{
  return patience_us(flow->rtt[e]);
}

/* Has what passed on to endpoint `e` had the time to arrive, and its answer the time to come back here? */
bool look_due(const struct look *look, unsigned e);

/* Has the connection been silent for so long that what `e` sent, if it had arrived, would have been acknowledged? */
bool look_overdue(const struct look *look, unsigned e);

/* Has it been so long that not even a late arrival is to be expected at endpoint `e`? */
bool look_long_due(const struct look *look, unsigned e);

/* Has nothing passed for so long that no answer of endpoint `e` can be under way? */
bool look_quiet(const struct look *look, unsigned e);

/* Something that moves `e` passes on to it now. */
void look_pass(struct look *look, unsigned e);

/* `e` answers to what passed on to it: a sample of the round trip. */
void look_answered(struct look *look, unsigned e);

/* Is the payload, SYN or FIN of this segment new, and not a network's copy of an earlier one? */
bool look_is_newer_stamp(const struct look *look);

/* Is the sequence number beyond what the receiver's window can hold? The peer's window is only known if its scale
 * is: the start must have been captured. */
bool look_beyond_window(const struct look *look);

/* Has the sender's FIN passed with everything before it, and nothing shows that any of it was lost? */
bool look_fin_passed(const struct look *look);

/* One judge for each kind of segment. */
void judge_syn(struct look *look);
void judge_syn_ack(struct look *look);
void judge_reset(struct look *look);
void judge_ordinary(struct look *look);

/* The first FIN of the sender. */
void judge_fin(struct look *look);

/* Roles where the start was not captured, and nothing known of either side. */
void begin_unknown(struct look *look);

/* First segment of a connection. */
void begin(struct look *look);

#define SET(state)       (1u << TCPSTATE_##state)
#define SET_NO_TCB       (SET(CLOSED) | SET(LISTEN))
#define SET_OVER         (SET(UNKNOWN) | SET_NO_TCB | SET(TIME_WAIT))
#define SET_OPENING      (SET(SYN_SENT) | SET(SYN_RECEIVED))
#define SET_GOT_FIN      (SET(CLOSE_WAIT) | SET(CLOSING) | SET(LAST_ACK) | SET(TIME_WAIT))
#define SET_SENT_FIN     (SET(FIN_WAIT_1) | SET(FIN_WAIT_2) | SET(CLOSING) | SET(LAST_ACK) | SET(TIME_WAIT))
#define SET_SYNCHRONIZED (SET(ESTABLISHED) | SET(CLOSE_WAIT) | SET_SENT_FIN)
#define SET_FIN_ACKED    (SET(FIN_WAIT_2) | SET(TIME_WAIT) | SET(CLOSED))

#endif
