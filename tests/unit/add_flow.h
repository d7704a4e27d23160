/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A new flow in a table, as the tracker adds it: the place, and what is kept there. */
#ifndef ADD_FLOW_H
#define ADD_FLOW_H

#include "flow_table.h"

static inline int add_flow(struct flow_table *table, const struct lookup *lookup, uint32_t *place)
{
  struct flow flow;
  if (flow_table_add(table, lookup, place) != TCPSTATE_OK) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  flow_table_begin(table, lookup, *place, &flow);
  return flow_table_store(table, *place, &flow);
}

#endif
