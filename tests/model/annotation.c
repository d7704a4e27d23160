/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Annotations as text, and whether two are the same. */
#include "checker.h"
#include <string.h>

const char *violation_name(unsigned kind)
{
  static const char *const names[VIOLATION_KINDS] = {
      [VIOLATION_NONE] = "none",           [VIOLATION_UNSOUND] = "unsound",   [VIOLATION_OBSERVED] = "observed",
      [VIOLATION_RULE] = "rule",           [VIOLATION_PREVIOUS] = "previous", [VIOLATION_DISPLAYED] = "displayed",
      [VIOLATION_RANGE] = "range",         [VIOLATION_ERROR] = "error",       [VIOLATION_COUNTS] = "counts",
      [VIOLATION_BATCH] = "feed and batch"};
  return names[kind];
}

size_t set_text(unsigned set, char *buffer, size_t size)
{
  size_t used = 0;
  buffer[0] = '\0';
  for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
    if ((set & TCPSTATE_MASK(state)) && used < size) {
      int more = snprintf(buffer + used, size - used, "%s%s", used ? "|" : "", tcpstate_state_name(state));
      used += (size_t)more;
    }
  }
  return used;
}

bool annotations_agree(const tcpstate_annotation *a, const tcpstate_annotation *b)
{
  return a->events == b->events && a->stream == b->stream && a->slot == b->slot && a->src_role == b->src_role &&
         a->roles == b->roles && a->phase == b->phase && a->handshake_role == b->handshake_role &&
         a->teardown_steps == b->teardown_steps && a->teardown_role == b->teardown_role &&
         memcmp(a->possible, b->possible, sizeof a->possible) == 0 &&
         memcmp(a->state, b->state, sizeof a->state) == 0 &&
         memcmp(a->previous, b->previous, sizeof a->previous) == 0 &&
         memcmp(a->certainty, b->certainty, sizeof a->certainty) == 0 && memcmp(a->rule, b->rule, sizeof a->rule) == 0;
}

void annotation_print(FILE *file, const tcpstate_annotation *annotation)
{
  fprintf(file, "#%lu from %s", (unsigned long)annotation->stream, tcpstate_role_name(annotation->src_role));
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    char set[128];
    set_text(annotation->possible[role], set, sizeof set);
    fprintf(file, "; %s %s>%s %s {%s}", tcpstate_role_name(role), tcpstate_state_name(annotation->previous[role]),
            tcpstate_state_name(annotation->state[role]), tcpstate_certainty_name(annotation->certainty[role]), set);
  }
  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (annotation->events >> event & 1) {
      fprintf(file, " %s", tcpstate_event_name(event));
    }
  }
}
