/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Devices are opened by libpcap; this command is built without it.
 */
#include "../message.h"
#include "../options.h"
#include "source.h"

#include <stddef.h>

struct source *live_source_open(const struct options *options, int *code)
{
  complain("%s: live capture needs libpcap, without which this tcpstate was built", options->interface);
  *code = EXIT_UNREADABLE;
  return NULL;
}
