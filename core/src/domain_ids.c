/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * names[0 .. room) are the names by id, followed by 2 * room slots of an open-addressing hash with the ids. */
#include "domain_ids.h"

#include <string.h>

enum { SHARED_ID = 0xffff, FIRST_ROOM = 64 };

static uint32_t home_of(const struct domain_ids *ids, uint32_t name)
{
  return (uint32_t)(name * ids->factor >> 40) & (2 * ids->room - 1);
}

static uint32_t *slots_of(const struct domain_ids *ids)
{
  return ids->names + ids->room;
}

static size_t bytes_for(uint32_t room)
{
  return (size_t)room * 3 * sizeof(uint32_t);
}

void domain_ids_clear(struct domain_ids *ids, struct memory *memory)
{
  memory_put(memory, ids->names, bytes_for(ids->room));
  memset(ids, 0, sizeof *ids);
}

uint16_t domain_ids_find(const struct domain_ids *ids, uint32_t name)
{
  if (ids->count == 0) {
    return 0;
  }
  const uint32_t *slots = slots_of(ids);
  uint32_t mask = 2 * ids->room - 1;
  for (uint32_t i = home_of(ids, name); slots[i]; i = (i + 1) & mask) {
    if (ids->names[slots[i] - 1] == name) {
      return (uint16_t)slots[i];
    }
  }
  return 0;
}

static void slot_add(struct domain_ids *ids, uint32_t id)
{
  uint32_t *slots = slots_of(ids);
  uint32_t mask = 2 * ids->room - 1;
  uint32_t i = home_of(ids, ids->names[id - 1]);
  while (slots[i]) {
    i = (i + 1) & mask;
  }
  slots[i] = id;
}

static int grow(struct domain_ids *ids, struct memory *memory)
{
  struct domain_ids bigger = {
      .room = ids->room ? ids->room * 2 : FIRST_ROOM, .count = ids->count, .factor = ids->factor};
  bigger.names = memory_get(memory, bytes_for(bigger.room));
  if (!bigger.names) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  for (uint32_t id = 1; id <= ids->count; id++) {
    bigger.names[id - 1] = ids->names[id - 1];
    slot_add(&bigger, id);
  }
  memory_put(memory, ids->names, bytes_for(ids->room));
  *ids = bigger;
  return TCPSTATE_OK;
}

int domain_ids_init(struct domain_ids *ids, struct memory *memory, uint64_t secret)
{
  memset(ids, 0, sizeof *ids);
  ids->factor = (secret ^ UINT64_C(0x9e3779b97f4a7c15)) | 1u;
  return grow(ids, memory);
}

uint16_t domain_ids_add(struct domain_ids *ids, struct memory *memory, uint32_t name)
{
  if (ids->count == SHARED_ID - 1 || (ids->count == ids->room && grow(ids, memory) != TCPSTATE_OK)) {
    return SHARED_ID;
  }
  ids->names[ids->count++] = name;
  slot_add(ids, ids->count);
  return (uint16_t)ids->count;
}

uint32_t domain_ids_name(const struct domain_ids *ids, uint16_t id)
{
  return id && id <= ids->count ? ids->names[id - 1] : UINT32_MAX;
}
