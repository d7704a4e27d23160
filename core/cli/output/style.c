/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "style.h"

#include "tcpstate/tcpstate.h"

enum style style_of_phase(unsigned phase)
{
  switch (phase) {
  case TCPSTATE_PHASE_HANDSHAKE:
    return STYLE_HANDSHAKE;
  case TCPSTATE_PHASE_CLOSE:
    return STYLE_CLOSE;
  case TCPSTATE_PHASE_RESET:
    return STYLE_RESET;
  case TCPSTATE_PHASE_CLOSED:
    return STYLE_OVER;
  default:
    return STYLE_PLAIN;
  }
}

void style_begin(struct output *output, bool wanted, enum style style)
{
  static const char *const sequences[] = {
      [STYLE_PLAIN] = "",         [STYLE_BOLD] = "\033[1m",   [STYLE_HANDSHAKE] = "\033[32m",
      [STYLE_CLOSE] = "\033[33m", [STYLE_RESET] = "\033[31m", [STYLE_OVER] = "\033[90m",
  };

  if (wanted) {
    put_text(output, sequences[style]);
  }
}

void style_end(struct output *output, bool wanted)
{
  if (wanted) {
    put_text(output, "\033[0m");
  }
}
