/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vantage.h"

#include "clock.h"
#include "history.h"

/* How long the path from the capture point to an endpoint and back can be, by one answer of it. The bounds differ
 * where a segment was repeated, since either copy may be answered. */
struct answer {
  uint32_t least_us;
  uint32_t most_us;
  bool prompt; /* nothing but the path can have taken the time */
};

/* A TCP at the capture point answers in less than this ... */
#define AT_ONCE_US 500u
/* ... and surely in this: no other host is that near but in the same rack. */
#define INSTANTLY_US 150u
/* An endpoint is elsewhere if its answer takes at least this long, and this many times as long as the one here. */
#define ELSEWHERE_US    1000u
#define ELSEWHERE_TIMES 8u
/* Between two endpoints, the two ways differ by no more than this; else one answer was merely slow. */
#define BETWEEN_TIMES 4u
/* From here on an acknowledgement may have been held back (RFC 9293 3.8.6.3): the shortest timer in use for it. */
#define HELD_BACK_US 39000u

static bool is_here(const struct answer *here, const struct answer *there)
{
  return here->most_us <= AT_ONCE_US && there->least_us >= ELSEWHERE_US &&
         there->least_us >= ELSEWHERE_TIMES * here->most_us;
}

static bool is_between(const struct answer *client, const struct answer *server)
{
  return client->least_us >= ELSEWHERE_US && server->least_us >= ELSEWHERE_US &&
         client->least_us <= BETWEEN_TIMES * server->least_us && server->least_us <= BETWEEN_TIMES * client->least_us;
}

static enum tcpstate_vantage judge(const struct answer *client, const struct answer *server)
{
  bool prompt = client->prompt && client->least_us < HELD_BACK_US;
  if (is_here(client, server)) {
    return TCPSTATE_VANTAGE_CLIENT;
  }
  if (is_here(server, client) && (prompt || server->most_us <= INSTANTLY_US)) {
    return TCPSTATE_VANTAGE_SERVER;
  }
  return prompt && is_between(client, server) ? TCPSTATE_VANTAGE_MIDDLE : TCPSTATE_VANTAGE_UNKNOWN;
}

/* ---------------------------------------------------------------- headers */

/* How near the sender of a segment is. Until the SYN-ACK has come, flow.vantage holds that of the SYN. */
enum nearness { NEARNESS_UNKNOWN, NEARNESS_NO_ROUTER, NEARNESS_SAME_HOST, NEARNESS_BEHIND_ROUTER };

static enum nearness nearness(const tcpstate_segment *segment)
{
  if (segment->unfinished_checksum) {
    return NEARNESS_SAME_HOST;
  }
  if (segment->ttl == 0) {
    return NEARNESS_UNKNOWN;
  }
  return segment->ttl == 64 || segment->ttl == 128 || segment->ttl == 255 ? NEARNESS_NO_ROUTER : NEARNESS_BEHIND_ROUTER;
}

unsigned vantage_nearness(const tcpstate_segment *segment)
{
  return (unsigned)nearness(segment);
}

/* Virtual networks carry unfinished checksums from end to end, so one tells only if the other's is finished. */
static enum tcpstate_vantage judge_headers(enum nearness client, enum nearness server)
{
  if (client == NEARNESS_UNKNOWN || server == NEARNESS_UNKNOWN || client == server) {
    return client == NEARNESS_BEHIND_ROUTER && server == client ? TCPSTATE_VANTAGE_MIDDLE : TCPSTATE_VANTAGE_UNKNOWN;
  }
  if (client == NEARNESS_SAME_HOST || server == NEARNESS_BEHIND_ROUTER) {
    return TCPSTATE_VANTAGE_CLIENT;
  }
  return TCPSTATE_VANTAGE_SERVER;
}

void vantage_read_syn(struct flow *flow, const tcpstate_segment *syn)
{
  flow->vantage = nearness(syn) & 3u;
}

void vantage_read_syn_ack(struct flow *flow, const tcpstate_segment *syn_ack, unsigned x)
{
  if (endpoint_is(flow, x, EP_SYN)) { /* not the first: what is kept is no nearness */
    flow->vantage = TCPSTATE_VANTAGE_UNKNOWN;
    return;
  }
  flow->vantage = judge_headers((enum nearness)flow->vantage, nearness(syn_ack)) & 3u;
}

/* ---------------------------------------------------------------- both */

/* A host may forward for others, such as the containers on it, so routers on both sides contradict nothing. */
static void conclude(struct flow *flow, enum tcpstate_vantage timing)
{
  bool agrees = flow->vantage == TCPSTATE_VANTAGE_UNKNOWN || flow->vantage == TCPSTATE_VANTAGE_MIDDLE;
  flow->syn_ack_timed = timing == TCPSTATE_VANTAGE_UNKNOWN;
  if (timing != TCPSTATE_VANTAGE_UNKNOWN) {
    flow->vantage = (agrees || flow->vantage == timing ? timing : TCPSTATE_VANTAGE_UNKNOWN) & 3u;
  }
}

enum tcpstate_vantage vantage_of(const struct flow *flow)
{
  bool answered = history_has(flow->history, HISTORY_SYN_ACK);
  return answered ? (enum tcpstate_vantage)flow->vantage : TCPSTATE_VANTAGE_UNKNOWN;
}

enum tcpstate_vantage_grounds vantage_grounds_of(const struct flow *flow)
{
  bool judged = endpoint_is(flow, flow_client(flow), EP_SYNCED);
  if (vantage_of(flow) == TCPSTATE_VANTAGE_UNKNOWN) {
    return TCPSTATE_GROUNDS_NONE;
  }
  return judged && !flow->syn_ack_timed ? TCPSTATE_GROUNDS_TIMING : TCPSTATE_GROUNDS_HEADERS;
}

/* ---------------------------------------------------------------- answers */

static bool can_be_judged(const struct look *look)
{
  const struct flow *flow = look->flow;
  return flow->rtt[look->y] != 0 && look->x == flow_client(flow) && !flow_is_opener(flow, look->y);
}

void vantage_note_syn_ack(struct look *look)
{
  look->flow->syn_ack_timed = look->flow->ep[look->y].segments == 1;
}

void vantage_judge_handshake(struct look *look)
{
  struct flow *flow = look->flow;
  if (!can_be_judged(look)) {
    return;
  }
  uint32_t taken = clock_since(look->now_us, flow->ep[look->x].moved_us);
  uint32_t since_first_syn = clock_since(flow->ep[look->x].moved_us, clock_us(flow->first_ns));
  uint32_t shortest = rtt_unpack(flow->rtt[look->y]);
  bool syn_ack_repeated = flow->ep[look->y].segments > 1;
  bool bare = look->end == look->segment->seq && look->segment->ack == flow->ep[look->y].isn + 1;
  struct answer client = {taken, syn_ack_repeated ? UINT32_MAX : taken, bare};
  struct answer server = {shortest, flow->syn_ack_timed ? shortest : since_first_syn, true};
  conclude(flow, judge(&client, &server));
}

enum tcpstate_vantage vantage_told_by_handshake(uint32_t taken_us, uint16_t rtt)
{
  struct answer client = {taken_us, taken_us, true};
  struct answer server = {rtt_unpack(rtt), rtt_unpack(rtt), true};
  return judge(&client, &server);
}

enum tcpstate_vantage vantage_told_by_fin(uint32_t taken_us, uint16_t rtt, bool user_is_done)
{
  struct answer client = {taken_us, taken_us, user_is_done};
  struct answer server = {rtt_unpack(rtt), UINT32_MAX, true};
  return judge(&client, &server);
}

void vantage_judge_fin(struct look *look)
{
  struct flow *flow = look->flow;
  bool repeated = (flow->duplicates & (16u << look->y)) || history_has(flow->history, HISTORY_RETRANSMISSION);
  bool fin_just_passed = flow->ep[look->x].moved_us == clock_us(flow->last_ns);
  if (flow->vantage != TCPSTATE_VANTAGE_UNKNOWN || !can_be_judged(look) || repeated || !fin_just_passed ||
      (flow->conn & FLOW_SIMULTANEOUS)) {
    return;
  }
  uint32_t taken = clock_since(look->now_us, flow->ep[look->x].moved_us);
  bool user_is_done = endpoint_is(flow, look->x, EP_FIN);
  conclude(flow, vantage_told_by_fin(taken, flow->rtt[look->y], user_is_done));
}
