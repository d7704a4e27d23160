/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool terminal_wants_colour(enum when when, int descriptor)
{
  const char *no_colour = getenv("NO_COLOR");
  const char *terminal = getenv("TERM");

  if (when != WHEN_AUTO) {
    return when == WHEN_ALWAYS;
  }
  if (no_colour != NULL && no_colour[0] != '\0') {
    return false;
  }
  return isatty(descriptor) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
}
