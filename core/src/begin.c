/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * First segment of a connection: what it says about what came before. */
#include "possible.h"

#include "history.h"
#include "listeners.h"
#include "stream.h"
#include "vantage.h"

enum { FIRST_FREE_PORT = 1024 };

static void set_client(struct look *look, unsigned client, bool inferred)
{
  struct flow *flow = look->flow;
  flow->conn = (uint8_t)((flow->conn & ~(FLOW_CLIENT_1 | FLOW_INFERRED)) | (client ? FLOW_CLIENT_1 : 0) |
                         (inferred ? FLOW_INFERRED : 0));
}

static void put(struct look *look, unsigned e, unsigned state, unsigned possible)
{
  look->flow->ep[e].state = (uint8_t)state;
  look->flow->ep[e].possible = (uint16_t)possible;
  look->previous[e] = (uint8_t)state;
}

static void take(struct look *look)
{
  struct flow *flow = look->flow;
  stream_take(flow, &look->tracker->holes, look->x, look->segment->seq, look->end);
  flow->ep[look->x].isn = look->segment->seq; /* bytes are counted from here */
  flow->ep[look->y].isn = look->segment->ack;
  if (flag(look, TCPSTATE_ACK)) {
    stream_acknowledge(flow, &look->tracker->holes, look->y, look->segment->ack);
    flow->ep[look->y].nxt = flow->ep[look->y].rcvd = look->segment->ack;
  }
}

static void begin_syn(struct look *look)
{
  struct flow *flow = look->flow;
  set_client(look, look->x, false);
  put(look, look->x, TCPSTATE_CLOSED, SET(SYN_SENT) | look->carried_own);
  put(look, look->y, TCPSTATE_LISTEN, SET_NO_TCB | look->carried);
  look_move(look, look->x, SENDS_SYN);
  look_move(look, look->y, GETS_SYN);
  look->departure = look->flow->ep[look->x].possible;
  look->handshake_role = TCPSTATE_HANDSHAKE_SYN;
  endpoint_set(flow, look->x, EP_SYN);
  flow->ep[look->x].isn = look->segment->seq;
  vantage_read_syn(flow, look->segment);
  possible_pass(look, look->x, look->in_flight);
  possible_pass(look, look->y, PENDING_SYN);
  look_pass(look, look->y);
  stream_take(flow, &look->tracker->holes, look->x, look->segment->seq, look->end);
}

/* A SYN-ACK to a well-known port from a free one answers nothing that anybody asked: scans, backscatter. */
static bool answers_nobody(const tcpstate_segment *segment)
{
  return segment->dst_port < FIRST_FREE_PORT && segment->src_port >= FIRST_FREE_PORT;
}

static void begin_syn_ack(struct look *look)
{
  struct flow *flow = look->flow;
  set_client(look, look->y, true);
  flow->conn |= FLOW_MID_STREAM;
  flow->history = history_with(0, HISTORY_FLIPPED); /* Zeek turns such a connection round, and says so */
  put(look, look->x, TCPSTATE_LISTEN, look->carried ? TCPSTATE_MASK_ALL : TCPSTATE_MASK_ALL & ~SET(SYN_SENT));
  look_move(look, look->x, SENDS_SYN_ACK);
  look->handshake_role = TCPSTATE_HANDSHAKE_SYN_ACK;
  endpoint_set(flow, look->x, EP_SYN);
  take(look);
  endpoint_set(flow, look->y, EP_SYN);
  flow->ep[look->y].isn = look->segment->ack - 1;
  note(look, TCPSTATE_EVENT_MID_STREAM);
  if (answers_nobody(look->segment)) {
    put(look, look->y, TCPSTATE_CLOSED, TCPSTATE_MASK_ALL);
    note(look, TCPSTATE_EVENT_STRAY);
    return;
  }
  put(look, look->y, TCPSTATE_SYN_SENT, SET(SYN_SENT));
  look_move(look, look->y, GETS_SYN_ACK);
  possible_pass(look, look->y, PENDING_SYN_ACK);
  look_pass(look, look->y);
}

/* The address and port that have accepted a connection so far are the server; else the lower port. */
static void infer_roles(struct look *look)
{
  const tcpstate_segment *segment = look->segment;
  const struct listeners *listeners = look->tracker->listeners;
  bool src = listeners_have(listeners, segment->src, segment->src_port, segment->domain);
  bool dst = listeners_have(listeners, segment->dst, segment->dst_port, segment->domain);
  bool src_is_server = src != dst ? src : segment->src_port < segment->dst_port;
  set_client(look, src_is_server ? look->y : look->x, true);
  /* for Zeek too, whoever is seen first opens otherwise */
  look->flow->history = src_is_server ? history_with(0, HISTORY_FLIPPED) : 0;
}

/* Anything may have passed before the capture began, and be under way. */
void begin_unknown(struct look *look)
{
  struct flow *flow = look->flow;
  infer_roles(look);
  flow->conn |= FLOW_MID_STREAM;
  put(look, look->x, TCPSTATE_UNKNOWN, TCPSTATE_MASK_ALL);
  put(look, look->y, TCPSTATE_UNKNOWN, TCPSTATE_MASK_ALL);
  possible_pass(look, look->x, PENDING_ALL);
  possible_pass(look, look->y, PENDING_ALL);
  possible_of_before(look);
}

static void begin_reset(struct look *look)
{
  begin_unknown(look);
  note(look, TCPSTATE_EVENT_MID_STREAM);
  look_show(look, look->x, TCPSTATE_CLOSED);
  look_show(look, look->y, TCPSTATE_CLOSED);
  look->reset = true;
  note(look, TCPSTATE_EVENT_STRAY);
}

static void begin_ordinary(struct look *look)
{
  begin_unknown(look);
  note(look, TCPSTATE_EVENT_MID_STREAM);
  if (!flag(look, TCPSTATE_ACK)) {
    note(look, TCPSTATE_EVENT_UNACCEPTABLE); /* 3.10.7.4 fifth: without ACK it is dropped */
    return;
  }
  look_show(look, look->x, TCPSTATE_ESTABLISHED);
  look_show(look, look->y, TCPSTATE_ESTABLISHED);
  take(look);
  endpoint_set(look->flow, look->x, EP_SYNCED);
  if (flag(look, TCPSTATE_FIN)) {
    look_show(look, look->x, TCPSTATE_FIN_WAIT_1);
    look_show(look, look->y, TCPSTATE_CLOSE_WAIT);
    look->flow->ep[look->x].possible = SET(FIN_WAIT_1) | SET(CLOSING) | SET(LAST_ACK) | SET_NO_TCB;
    endpoint_set(look->flow, look->x, EP_FIN);
    look->flow->conn = (uint8_t)(look->flow->conn | (look->x ? FLOW_FIRST_FIN_1 : 0));
    look->steps |= TCPSTATE_TEARDOWN_FIN_1;
    look_pass(look, look->y);
  }
}

void begin(struct look *look)
{
  unsigned kind = look->segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK | TCPSTATE_RST);
  if (kind & TCPSTATE_RST) {
    begin_reset(look);
  } else if (kind == TCPSTATE_SYN) {
    begin_syn(look);
  } else if (kind & TCPSTATE_SYN) {
    begin_syn_ack(look);
  } else {
    begin_ordinary(look);
  }
}
