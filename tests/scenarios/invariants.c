/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "invariants.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool same_text(unsigned one, unsigned other, const tcpstate_annotation *annotation)
{
  char texts[2][64] = {"", ""};

  tcpstate_field_text(one, annotation, NULL, 0, texts[0], sizeof texts[0]);
  tcpstate_field_text(other, annotation, NULL, 0, texts[1], sizeof texts[1]);
  return strcmp(texts[0], texts[1]) == 0;
}

static bool sides_by_role_and_by_sender_agree(const tcpstate_annotation *annotation)
{
  bool client_sent = annotation->src_role == TCPSTATE_CLIENT;
  unsigned client = client_sent ? TCPSTATE_FIELD_SRC_STATE : TCPSTATE_FIELD_DST_STATE;
  unsigned server = client_sent ? TCPSTATE_FIELD_DST_STATE : TCPSTATE_FIELD_SRC_STATE;

  return same_text(client, TCPSTATE_FIELD_CLIENT_STATE, annotation) &&
         same_text(server, TCPSTATE_FIELD_SERVER_STATE, annotation);
}

/* A state moves by a rule that leads there, and by nothing else. */
static bool rule_explains(const tcpstate_annotation *annotation, unsigned role)
{
  unsigned from = annotation->previous[role];
  unsigned to = annotation->state[role];
  tcpstate_rule rule;

  if (from == to) {
    return annotation->rule[role] == 0;
  }
  return tcpstate_rule_get(annotation->rule[role], &rule) == TCPSTATE_OK && rule.to == to && (rule.from >> from) & 1u;
}

/* The displayed state is among the possible ones. UNKNOWN is never proven. */
static bool possible_fits(const tcpstate_annotation *annotation, unsigned role)
{
  unsigned state = annotation->state[role];
  unsigned possible = annotation->possible[role];

  if (possible & ~(unsigned)TCPSTATE_MASK_ALL) {
    return false;
  }
  return state == TCPSTATE_UNKNOWN ? annotation->certainty[role] != TCPSTATE_OBSERVED : (possible >> state) & 1u;
}

/* The state before is the one that was said last, whichever endpoint was called client then; TIME-WAIT may have run
 * out in between. */
static bool continues(const tcpstate_annotation *annotation, const tcpstate_annotation *before)
{
  bool straight = true;
  bool crossed = true;

  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    unsigned was = annotation->previous[role];
    unsigned said = before->state[role];
    unsigned said_of_other = before->state[1 - role];

    straight = straight && (was == said || said == TCPSTATE_TIME_WAIT);
    crossed = crossed && (was == said_of_other || said_of_other == TCPSTATE_TIME_WAIT);
  }
  return straight || crossed;
}

const char *broken_invariant(const tcpstate_annotation *annotation, const tcpstate_annotation *before)
{
  bool moved = false;

  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    moved = moved || annotation->state[role] != annotation->previous[role];
    if (!rule_explains(annotation, role)) {
      return role == TCPSTATE_CLIENT ? "the client moved without a fitting rule, or the reverse"
                                     : "the server moved without a fitting rule, or the reverse";
    }
    if (!possible_fits(annotation, role)) {
      return role == TCPSTATE_CLIENT ? "the client's possible states do not fit state and certainty"
                                     : "the server's possible states do not fit state and certainty";
    }
  }
  if (moved != (tcpstate_annotation_changed(annotation) != 0)) {
    return "changed contradicts the states";
  }
  if (!sides_by_role_and_by_sender_agree(annotation)) {
    return "src and dst states are not those of client and server";
  }
  if (before != NULL && !continues(annotation, before)) {
    return "previous is not what was said before";
  }
  return NULL;
}
