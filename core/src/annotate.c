/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "annotate.h"

#include <string.h>

static bool single(unsigned set)
{
  return set && !(set & (set - 1));
}

static unsigned phase_of(const struct look *look)
{
  bool closing = endpoint_is(look->flow, 0, EP_FIN) || endpoint_is(look->flow, 1, EP_FIN);
  bool answer = look->flow->ep[look->x].state == TCPSTATE_TIME_WAIT || flag(look, TCPSTATE_FIN);
  if (look->handshake_role) {
    return TCPSTATE_PHASE_HANDSHAKE;
  }
  if (look->over) {
    bool waits = state_in(look, 0, SET(TIME_WAIT)) || state_in(look, 1, SET(TIME_WAIT));
    return waits && answer && !look->reset ? TCPSTATE_PHASE_CLOSE : TCPSTATE_PHASE_CLOSED;
  }
  if (look->reset) {
    return TCPSTATE_PHASE_RESET;
  }
  return closing ? TCPSTATE_PHASE_CLOSE : TCPSTATE_PHASE_DATA;
}

static unsigned teardown_role_of(const struct look *look)
{
  const struct flow *flow = look->flow;
  if (!endpoint_is(flow, 0, EP_FIN) && !endpoint_is(flow, 1, EP_FIN)) {
    return TCPSTATE_TEARDOWN_NONE;
  }
  if (flow->conn & FLOW_SIMULTANEOUS) {
    return TCPSTATE_TEARDOWN_SIMULTANEOUS;
  }
  unsigned first = (flow->conn & FLOW_FIRST_FIN_1) ? 1u : 0u;
  return first == look->x ? TCPSTATE_TEARDOWN_ACTIVE : TCPSTATE_TEARDOWN_PASSIVE;
}

static unsigned certainty_of(const struct look *look, unsigned e)
{
  const struct flow *flow = look->flow;
  bool doubtful = (flow->conn & FLOW_MID_STREAM) && !single(flow->ep[e].possible);
  if (flow->ep[e].state == TCPSTATE_UNKNOWN || doubtful ||
      endpoint_is(flow, e, EP_GAP | EP_STRAY_SYN | EP_FIN_UNSURE)) {
    return TCPSTATE_GUESSED;
  }
  if (e == look->x && look->surely_sent && look->departure == TCPSTATE_MASK(flow->ep[e].state)) {
    return TCPSTATE_OBSERVED;
  }
  return TCPSTATE_ASSUMED;
}

/* The rule that led from the previous state to this one; where a segment did two steps at once that no single rule
 * covers, the evidence is named. */
static unsigned rule_of(const struct look *look, unsigned e)
{
  unsigned state = look->flow->ep[e].state;
  unsigned rule = look->rule[e];
  if (state == look->previous[e]) {
    return TRANSITION_NONE;
  }
  return rule && transition_to(rule) == state && transition_applies(rule, look->previous[e]) ? rule
                                                                                             : transition_shown(state);
}

void annotate(const struct look *look, tcpstate_annotation *annotation)
{
  const struct flow *flow = look->flow;
  unsigned client = flow_client(flow);
  memset(annotation, 0, sizeof *annotation);
  annotation->events = look->events;
  annotation->stream = flow->stream;
  annotation->slot = look->place;
  for (unsigned role = 0; role < 2; role++) {
    unsigned e = role == TCPSTATE_CLIENT ? client : 1 - client;
    annotation->possible[role] = flow->ep[e].possible;
    annotation->state[role] = flow->ep[e].state;
    annotation->previous[role] = look->previous[e];
    annotation->certainty[role] = (uint8_t)certainty_of(look, e);
    annotation->rule[role] = (uint8_t)rule_of(look, e);
  }
  annotation->src_role = look->x == client ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
  annotation->roles = (flow->conn & FLOW_INFERRED) ? TCPSTATE_ROLES_INFERRED : TCPSTATE_ROLES_OBSERVED;
  annotation->phase = (uint8_t)phase_of(look);
  annotation->handshake_role = look->handshake_role;
  annotation->teardown_steps = look->steps;
  annotation->teardown_role = (uint8_t)teardown_role_of(look);
}
