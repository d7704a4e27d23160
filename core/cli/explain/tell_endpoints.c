/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who is in what state after a step, by which rule, and what it waits for.
 */
#include "tell.h"

enum { INDENT = 4, HANGING = 6 };

/* A state that lasted at least so long is worth the figure. */
static const int64_t long_ns = 1000000000;

static enum message name_of(const struct step *step, unsigned role)
{
  const tcpstate_annotation *annotation = &step->annotation;

  switch (annotation->certainty[role]) {
  case TCPSTATE_GUESSED:
    return MESSAGE_WHO_GUESSED;
  case TCPSTATE_ASSUMED:
    return role == annotation->src_role ? MESSAGE_WHO_ASSUMED : MESSAGE_WHO_ON_ARRIVAL;
  default:
    return MESSAGE_WHO;
  }
}

static void tell_waits(struct teller *teller, const struct step *step, unsigned role)
{
  struct values values = {0};

  values_text(&values, "peer", role_word(teller, !role));
  page_text(teller->page, message(teller, MESSAGE_COMMA));
  page_fill(teller->page, teller->catalogue->waits[step->annotation.state[role]], &values);
  page_text(teller->page, message(teller, MESSAGE_STOP));
}

static void tell_rule(struct teller *teller, unsigned number)
{
  struct values values = {0};
  tcpstate_rule rule;

  if (tcpstate_rule_get(number, &rule) == TCPSTATE_OK) {
    values_text(&values, "section", catalogue_translate(teller->catalogue, rule.section));
    values_text(&values, "rule", catalogue_translate(teller->catalogue, rule.text));
    page_begin(teller->page, HANGING, HANGING);
    page_style(teller->page, STYLE_OVER);
    page_fill(teller->page, message(teller, MESSAGE_RULE), &values);
    page_plain(teller->page);
    page_end(teller->page);
  }
}

static void tell_time_in_state(struct teller *teller, const struct step *step, unsigned role)
{
  int64_t spent = (int64_t)((uint64_t)step->first_ns - (uint64_t)teller->since_ns[role]);

  if (teller->has_since[role] && step->has_time && spent >= long_ns) {
    struct values values = {0};

    values_seconds(&values, "seconds", spent);
    page_fill(teller->page, message(teller, MESSAGE_AFTER), &values);
  }
  teller->since_ns[role] = step->first_ns;
  teller->has_since[role] = step->has_time;
}

static void tell_endpoint(struct teller *teller, const struct step *step, unsigned role)
{
  const tcpstate_annotation *annotation = &step->annotation;
  bool moved = annotation->state[role] != annotation->previous[role];
  struct values values = {0};

  values_text(&values, "role", role_word(teller, role));
  values_text(&values, "from", tcpstate_state_name(annotation->previous[role]));
  values_text(&values, "to", tcpstate_state_name(annotation->state[role]));
  page_begin(teller->page, INDENT, HANGING);
  page_fill(teller->page, message(teller, moved ? name_of(step, role) : MESSAGE_WHO), &values);
  page_style(teller->page, moved ? STYLE_BOLD : STYLE_PLAIN);
  page_fill(teller->page, message(teller, moved ? MESSAGE_MOVED : MESSAGE_STAYS), &values);
  page_plain(teller->page);
  if (moved) {
    tell_time_in_state(teller, step, role);
  }
  tell_waits(teller, step, role);
  page_end(teller->page);
  if (moved) {
    tell_rule(teller, annotation->rule[role]);
  }
}

static void tell_nobody_moves(struct teller *teller, const struct step *step)
{
  struct values values = {0};

  values_text(&values, "client", tcpstate_state_name(step->annotation.state[TCPSTATE_CLIENT]));
  values_text(&values, "server", tcpstate_state_name(step->annotation.state[TCPSTATE_SERVER]));
  page_begin(teller->page, INDENT, INDENT);
  page_fill(teller->page, message(teller, MESSAGE_NOBODY_MOVES), &values);
  page_end(teller->page);
}

static void swap_times(struct teller *teller)
{
  int64_t since_ns = teller->since_ns[0];
  bool has_since = teller->has_since[0];

  teller->since_ns[0] = teller->since_ns[1];
  teller->has_since[0] = teller->has_since[1];
  teller->since_ns[1] = since_ns;
  teller->has_since[1] = has_since;
}

void tell_endpoints(struct teller *teller, const struct step *step)
{
  unsigned sender = step->annotation.src_role == TCPSTATE_SERVER;

  if (step->roles_swapped) {
    swap_times(teller);
  }
  if (step->kind == STEP_SEGMENT) {
    tell_endpoint(teller, step, sender);
    tell_endpoint(teller, step, !sender);
  } else if (step->kind == STEP_EVENT) {
    tell_nobody_moves(teller, step);
  }
}
