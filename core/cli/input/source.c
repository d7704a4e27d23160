/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include "../options.h"

struct source *source_open(const struct options *options, const struct block_watch *watch, int *code)
{
  if (options->interface != NULL) {
    return live_source_open(options, code);
  }
  return options->tcpdump_text ? text_source_open(options, code) : capture_source_open(options, watch, code);
}
