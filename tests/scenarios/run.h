/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Feeds one guise of a scenario to a tracker and keeps all that the tracker says. */
#ifndef RUN_H
#define RUN_H

#include "scenario.h"
#include "variant.h"

struct result {
  int error;                      /* of tcpstate_feed or tcpstate_feed_icmp_error */
  tcpstate_annotation annotation; /* ITEM_CONNECTION: its events are all of the stream so far */
  bool connection_found;          /* ITEM_CONNECTION: the stream was there; else: the annotation's own */
  tcpstate_connection connection;
  uint64_t streams;
};

enum feeding { ONE_BY_ONE, IN_BATCHES };

/* One result for each item; NULL without memory. The caller frees it. */
struct result *run_scenario(const struct scenario *scenario, const struct variant *variant, enum feeding feeding);

#endif
