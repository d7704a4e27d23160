/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A tracker's beginning and end, and its settings. */
#include "history.h"
#include "listeners.h"
#include "look.h"
#include "stream.h"
#include <stdlib.h>
#include <string.h>

static const int64_t DEFAULT_TIME_WAIT_NS = INT64_C(60) * 1000000000;

const char *tcpstate_version(void)
{
  return TCPSTATE_VERSION;
}

static void *default_allocate(void *user, size_t size)
{
  (void)user;
  return malloc(size);
}

static void default_release(void *user, void *memory, size_t size)
{
  (void)user;
  (void)size;
  free(memory);
}

void tcpstate_settings_init(tcpstate_settings *settings)
{
  memset(settings, 0, sizeof *settings);
  settings->struct_size = sizeof *settings;
  settings->time_wait_ns = DEFAULT_TIME_WAIT_NS;
  settings->hash_key[0] = UINT64_C(0x0706050403020100);
  settings->hash_key[1] = UINT64_C(0x0f0e0d0c0b0a0908);
  settings->allocator.allocate = default_allocate;
  settings->allocator.release = default_release;
}

static int prepare(struct tcpstate_tracker *tracker)
{
  transitions_compile(&tracker->transitions);
  slab_init(&tracker->holes, &tracker->memory, sizeof(struct holes));
  slab_init(&tracker->histories, &tracker->memory, sizeof(struct long_history));
  tracker->listeners = memory_get(&tracker->memory, sizeof *tracker->listeners);
  if (!tracker->listeners) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  memcpy(tracker->listeners->hash_key, tracker->settings.hash_key, sizeof tracker->listeners->hash_key);
  return flow_table_init(&tracker->table, &tracker->memory, tracker->settings.hash_key);
}

int tcpstate_new(tcpstate_tracker **tracker, const tcpstate_settings *settings)
{
  tcpstate_settings defaults;
  if (!settings) {
    tcpstate_settings_init(&defaults);
    settings = &defaults;
  }
  if (!tracker || settings->struct_size != sizeof *settings || !settings->allocator.allocate ||
      !settings->allocator.release || settings->time_wait_ns < 0) {
    return TCPSTATE_ERROR_INVALID_ARGUMENT;
  }
  struct memory memory = {settings->allocator, settings->memory_limit, 0};
  struct tcpstate_tracker *made = memory_get(&memory, sizeof *made);
  if (!made) {
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  made->memory = memory;
  made->settings = *settings;
  if (prepare(made) != TCPSTATE_OK) {
    tcpstate_free(made);
    return TCPSTATE_ERROR_NO_MEMORY;
  }
  *tracker = made;
  return TCPSTATE_OK;
}

void tcpstate_free(tcpstate_tracker *tracker)
{
  if (!tracker) {
    return;
  }
  struct memory memory = tracker->memory;
  if (tracker->table.groups) {
    flow_table_clear(&tracker->table);
  }
  slab_clear(&tracker->holes);
  slab_clear(&tracker->histories);
  memory_put(&memory, tracker->listeners, sizeof *tracker->listeners);
  memory_put(&memory, tracker, sizeof *tracker);
}
