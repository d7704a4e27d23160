/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Edit > Preferences > Protocols > TCP State.
 */
#ifndef TCPSTATE_PREFERENCES_H
#define TCPSTATE_PREFERENCES_H

#include "compat.h"
#include "tcpstate/tcpstate.h"

enum endpoint_names { NAMES_ARE_ROLES = 0, NAMES_ARE_ADDRESSES };

struct preferences {
  guint time_wait_seconds;
  guint max_connections; /* 0: no limit */
  guint max_memory;      /* MiB; 0: no limit */
  compat_bool show_in_info;
  gint endpoint_names;
  gint severity[TCPSTATE_KIND_COUNT]; /* by kind of event: a PI_ severity, or 0: not reported */
};

extern struct preferences preferences;

/* `apply` is called after each change. */
void preferences_register(int protocol, void (*apply)(void));

#endif
