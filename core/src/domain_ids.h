/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The caller's 32-bit domain numbers as 16-bit ids, in order of appearance. */
#ifndef TS_DOMAIN_IDS_H
#define TS_DOMAIN_IDS_H

#include "flow_table.h"

/* With room for the first ids, so that few captures need more. NO_MEMORY. */
int domain_ids_init(struct domain_ids *ids, struct memory *memory, uint64_t secret);

void domain_ids_clear(struct domain_ids *ids, struct memory *memory);

/* Id from 1, or 0 if the domain was never seen. */
uint16_t domain_ids_find(const struct domain_ids *ids, uint32_t name);

/* The id of a domain that was never seen; when there are too many or there is no memory, the one that all further
 * domains share. */
uint16_t domain_ids_add(struct domain_ids *ids, struct memory *memory, uint32_t name);

static inline uint16_t domain_ids_find_or_add(struct domain_ids *ids, struct memory *memory, uint32_t name)
{
  if (LIKELY(ids->count) && LIKELY(ids->names[0] == name)) { /* nearly always: a capture with one domain */
    return 1;
  }
  uint16_t id = domain_ids_find(ids, name);
  return id ? id : domain_ids_add(ids, memory, name);
}

uint32_t domain_ids_name(const struct domain_ids *ids, uint16_t id);

#endif
