/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Edit > Preferences > Protocols > TCP State.
 */
#ifndef TCPSTATE_PREFERENCES_H
#define TCPSTATE_PREFERENCES_H

#include "compat.h"

enum endpoint_names { NAMES_ARE_ROLES = 0, NAMES_ARE_ADDRESSES };

/* Events that are equally grave. */
enum event_group { GROUP_COURSE = 0, GROUP_IRREGULAR, GROUP_FAILURE, GROUP_DAMAGE, GROUP_COUNT };

struct preferences {
  guint time_wait_seconds;
  compat_bool show_in_info;
  gint endpoint_names;
  gint severity[GROUP_COUNT]; /* a PI_ severity, or 0: not reported */
};

extern struct preferences preferences;

/* `apply` is called after each change. */
void preferences_register(int protocol, void (*apply)(void));

#endif
