/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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

size_t terminal_width(bool terminal, size_t least, size_t fallback, size_t most)
{
  struct winsize size;

  if (!terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return fallback;
  }
  return size.ws_col < least ? least : size.ws_col > most ? most : size.ws_col;
}
