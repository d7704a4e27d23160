/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Zeek keeps a state of its own for each endpoint, coarser than RFC 9293's, and names the pair at the end. The letters
 * of the history, in their order, are all that these states depend on. */
#include "zeek_state.h"

enum side { ORIGINATOR, RESPONDER };

/* PARTIAL has sent something, but nobody has seen it open. */
enum endpoint_state { INACTIVE, SYN_SENT, PARTIAL, ESTABLISHED, CLOSED, RESET };

struct zeek_endpoint {
  enum endpoint_state state;
  enum endpoint_state previous;
};

static void enter(struct zeek_endpoint *endpoint, enum endpoint_state state)
{
  endpoint->previous = endpoint->state;
  endpoint->state = state;
}

static void take_syn(struct zeek_endpoint *sender, struct zeek_endpoint *peer, enum side side)
{
  if (sender->state == PARTIAL && peer->state == INACTIVE) {
    enter(sender, SYN_SENT);
  }
  if (sender->state != INACTIVE) {
    return;
  }
  if (side == ORIGINATOR) {
    enter(sender, SYN_SENT);
    return;
  }
  if (peer->state == SYN_SENT) {
    enter(peer, ESTABLISHED);
  }
  enter(sender, ESTABLISHED);
}

/* A FIN after the peer's FIN and RST: the RST only hurried a normal end. */
static void take_fin(struct zeek_endpoint *sender, struct zeek_endpoint *peer)
{
  if (sender->state == CLOSED || sender->state == RESET) {
    return;
  }
  enter(sender, CLOSED);
  if (peer->state == RESET && peer->previous == CLOSED) {
    enter(peer, CLOSED);
  }
}

/* After both FINs a RST changes nothing any more. */
static void take_rst(struct zeek_endpoint *sender, const struct zeek_endpoint *peer)
{
  if (sender->state != RESET && !(sender->state == CLOSED && peer->state == CLOSED)) {
    enter(sender, RESET);
  }
}

static void take_ordinary(struct zeek_endpoint *sender, const struct zeek_endpoint *peer, bool bare_answer_to_syn)
{
  if (sender->state == INACTIVE && !bare_answer_to_syn) {
    enter(sender, peer->state == ESTABLISHED ? ESTABLISHED : PARTIAL);
  }
}

static void take(struct zeek_endpoint ends[2], enum side side, char letter)
{
  struct zeek_endpoint *sender = &ends[side];
  struct zeek_endpoint *peer = &ends[1 - side];
  switch (letter) {
  case 's':
  case 'h':
    take_syn(sender, peer, side);
    break;
  case 'f':
    take_fin(sender, peer);
    break;
  case 'r':
  case 'i':
    take_rst(sender, peer);
    break;
  case 'a':
    take_ordinary(sender, peer, side == RESPONDER && peer->state == SYN_SENT);
    break;
  case 'd':
    take_ordinary(sender, peer, false);
    break;
  default: /* c g t w q: no state */
    break;
  }
}

static void replay(const char *history, struct zeek_endpoint ends[2])
{
  for (; *history; history++) {
    if (*history == '^') {
      struct zeek_endpoint first = ends[0];
      ends[0] = ends[1];
      ends[1] = first;
    } else if (*history >= 'a') {
      take(ends, RESPONDER, *history);
    } else {
      take(ends, ORIGINATOR, (char)(*history - 'A' + 'a'));
    }
  }
}

static bool is_inactive(const struct zeek_endpoint *endpoint)
{
  return endpoint->state == INACTIVE || endpoint->state == PARTIAL;
}

static bool is_one_of(char letter, const char *letters)
{
  while (*letters && *letters != letter) {
    letters++;
  }
  return *letters != '\0';
}

/* A SYN, and nothing else that matters before the RST. */
static bool only_syn_before_rst(const char *history)
{
  history += *history == '^';
  if (*history != 'S') {
    return false;
  }
  while (*history && !is_one_of(*history, "HAFGIQR")) {
    history++;
  }
  return *history == 'R';
}

static enum tcpstate_conn_state reset_state(const char *history, bool empty, const struct zeek_endpoint ends[2])
{
  const struct zeek_endpoint *orig = &ends[ORIGINATOR];
  if (ends[RESPONDER].state == RESET) {
    if (orig->state == SYN_SENT || (orig->state == RESET && empty)) {
      return TCPSTATE_CONN_REJ;
    }
    return is_inactive(orig) ? TCPSTATE_CONN_RSTRH : TCPSTATE_CONN_RSTR;
  }
  if (is_inactive(&ends[RESPONDER])) {
    return only_syn_before_rst(history) ? TCPSTATE_CONN_RSTOS0 : TCPSTATE_CONN_OTH;
  }
  return TCPSTATE_CONN_RSTO;
}

enum tcpstate_conn_state zeek_state(const char *history, bool empty)
{
  struct zeek_endpoint ends[2] = {{INACTIVE, INACTIVE}, {INACTIVE, INACTIVE}};
  const struct zeek_endpoint *orig = &ends[ORIGINATOR];
  const struct zeek_endpoint *resp = &ends[RESPONDER];
  replay(history, ends);
  if (orig->state == RESET || resp->state == RESET) {
    return reset_state(history, empty, ends);
  }
  if (orig->state == CLOSED && resp->state == CLOSED) {
    return TCPSTATE_CONN_SF;
  }
  if (orig->state == CLOSED) {
    return is_inactive(resp) ? TCPSTATE_CONN_SH : TCPSTATE_CONN_S2;
  }
  if (resp->state == CLOSED) {
    return is_inactive(orig) ? TCPSTATE_CONN_SHR : TCPSTATE_CONN_S3;
  }
  if (orig->state == SYN_SENT && resp->state == INACTIVE) {
    return TCPSTATE_CONN_S0;
  }
  return orig->state == ESTABLISHED && resp->state == ESTABLISHED ? TCPSTATE_CONN_S1 : TCPSTATE_CONN_OTH;
}
