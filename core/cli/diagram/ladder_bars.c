/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ladder_bars.h"

#include "svg.h"
#include "wording.h"

#include <stdio.h>

/* A reader who scrolls wants to know the state without going far back. */
enum { NAME_AGAIN = 420 };

const char *bar_class(unsigned certainty)
{
  static const char *const classes[TCPSTATE_CERTAINTY_COUNT] = {
      [TCPSTATE_OBSERVED] = "observed", [TCPSTATE_ASSUMED] = "assumed", [TCPSTATE_GUESSED] = "guessed"};

  return classes[certainty];
}

static void put_name(struct ladder_bars *bars, unsigned seat, double y, const char *hint)
{
  struct ladder_bar *bar = &bars->bars[seat];
  double x = bar->x + (seat == SEAT_LEFT ? -BAR_WIDTH - 8 - PILL_WIDTH : BAR_WIDTH + 8);
  bool guessed = bar->certainty == TCPSTATE_GUESSED && bar->state != TCPSTATE_UNKNOWN;
  char name[32];

  snprintf(name, sizeof name, "%s%s", tcpstate_state_name(bar->state), guessed ? "?" : "");
  svg_markup(bars->output, "<g class=\"state %s\">", seat == SEAT_LEFT ? "left" : "right");
  if (hint[0] != '\0') {
    svg_hint(bars->output, hint);
  }
  svg_markup(bars->output, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"10\" class=\"%s %s\"/>", x,
             y - PILL_HEIGHT / 2.0, PILL_WIDTH, PILL_HEIGHT, svg_class_of_state(bar->state), bar_class(bar->certainty));
  svg_text(bars->output, x + PILL_WIDTH / 2.0, y + 4,
           bar->certainty == TCPSTATE_OBSERVED ? "small bold middle on" : "small bold middle", name);
  put_text(bars->output, "</g>\n");
  bar->named = y;
}

static void set_state(struct ladder_bars *bars, unsigned seat, double y, unsigned state, unsigned certainty)
{
  bar_end(bars, seat, y);
  bars->bars[seat].since = y;
  bars->bars[seat].state = (uint8_t)state;
  bars->bars[seat].certainty = (uint8_t)certainty;
}

void bar_begin(struct ladder_bars *bars, unsigned seat, double y, unsigned state, unsigned certainty)
{
  bars->bars[seat].since = y;
  set_state(bars, seat, y, state, certainty);
  put_name(bars, seat, y + PILL_HEIGHT / 2.0, "");
}

void bar_follow(struct ladder_bars *bars, unsigned seat, double y, const struct step *step, unsigned role)
{
  const struct ladder_bar *bar = &bars->bars[seat];
  unsigned state = step->annotation.state[role];
  unsigned certainty = step->annotation.certainty[role];
  bool guess = (bar->certainty == TCPSTATE_GUESSED) != (certainty == TCPSTATE_GUESSED);
  bool name = bar->state != state || guess || y - bar->named > NAME_AGAIN;
  char hint[WORDING_SIZE];

  if (bar->state != state || bar->certainty != certainty) {
    set_state(bars, seat, y, state, certainty);
  }
  if (name) {
    state_wording(hint, step, role);
    put_name(bars, seat, y, hint);
  }
}

void bar_jump(struct ladder_bars *bars, unsigned seat, double y, unsigned state)
{
  if (bars->bars[seat].state != state) {
    set_state(bars, seat, y, state, bars->bars[seat].certainty);
    put_name(bars, seat, y, "without a segment");
  }
}

void bar_end(struct ladder_bars *bars, unsigned seat, double y)
{
  const struct ladder_bar *bar = &bars->bars[seat];

  if (y > bar->since) {
    svg_markup(bars->output, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" class=\"%s %s\"/>\n",
               bar->x - BAR_WIDTH / 2.0, bar->since, BAR_WIDTH, y - bar->since, svg_class_of_state(bar->state),
               bar_class(bar->certainty));
  }
}
