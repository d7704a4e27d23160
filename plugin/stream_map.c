/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_map.h"

#include <glib.h>

static GHashTable *maps; /* by owner */

static void free_map(gpointer map)
{
  g_hash_table_destroy((GHashTable *)map);
}

static GHashTable *map_of(const void *owner)
{
  return maps == NULL ? NULL : (GHashTable *)g_hash_table_lookup(maps, owner);
}

void stream_map_clear(const void *owner)
{
  if (maps != NULL) {
    g_hash_table_remove(maps, owner);
  }
}

uint32_t stream_map_get(const void *owner, uint32_t stream)
{
  GHashTable *map = map_of(owner);

  return map == NULL ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(map, GUINT_TO_POINTER(stream)));
}

void stream_map_put(const void *owner, uint32_t stream, uint32_t value)
{
  GHashTable *map = map_of(owner);

  if (maps == NULL) {
    maps = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_map);
  }
  if (map == NULL) {
    map = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_hash_table_insert(maps, (gpointer)(guintptr)owner, map);
  }
  g_hash_table_insert(map, GUINT_TO_POINTER(stream), GUINT_TO_POINTER(value));
}
