/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../message.h"
#include "source.h"

#include <stddef.h>

struct source *text_source_open(const struct options *options, int *code)
{
  (void)options;
  complain("--tcpdump-text is not there yet");
  *code = EXIT_USAGE;
  return NULL;
}
