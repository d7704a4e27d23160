/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same scenario in another guise. Nothing that is said of it may depend on any of this. */
#ifndef VARIANT_H
#define VARIANT_H

#include "scenario.h"

enum wrap { WRAP_NOT, WRAP_AT_START, WRAP_IN_THE_MIDDLE, WRAP_AT_END };

struct variant {
  const char *name;
  enum wrap wrap; /* where the sequence numbers of both sides, and their time stamps, pass 2^32 */
  bool ipv6;
  bool other_ports; /* higher ports become the lower ones */
  bool other_hosts; /* higher addresses become the lower ones */
};

enum { VARIANT_COUNT = 8 };

/* variants[0] is the scenario as written. */
extern const struct variant variants[VARIANT_COUNT];

/* The segments of the scenario in this guise, one for each item (those of other kinds are left zero). */
void variant_segments(const struct variant *variant, const struct scenario *scenario, tcpstate_segment *segments);

#endif
