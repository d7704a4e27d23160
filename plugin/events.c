/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "events.h"

#include "preferences.h"

#include <epan/expert.h>

static expert_field item_id[TCPSTATE_EVENT_COUNT];
static ei_register_info infos[TCPSTATE_EVENT_COUNT];

static gint severity_of(unsigned event)
{
  return preferences.severity[tcpstate_event_kind(event)];
}

static void describe(unsigned event)
{
  const ei_register_info blank = {NULL, {NULL, PI_SEQUENCE, PI_NOTE, NULL, EXPFILL}};
  const expert_field unset = EI_INIT;

  item_id[event] = unset;
  infos[event] = blank;
  infos[event].ids = &item_id[event];
  /* Registered for good: Wireshark keeps the pointer. */
  infos[event].eiinfo.name = wmem_strdup_printf(wmem_epan_scope(), "tcpstate.expert.%s", tcpstate_event_name(event));
  infos[event].eiinfo.group = event == TCPSTATE_EVENT_BAD_CHECKSUM ? PI_CHECKSUM : PI_SEQUENCE;
  infos[event].eiinfo.severity = severity_of(event);
  infos[event].eiinfo.summary = tcpstate_event_sentence(event);
}

void events_register(int protocol)
{
  unsigned event;

  for (event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    describe(event);
  }
  expert_register_field_array(expert_register_protocol(protocol), infos, TCPSTATE_EVENT_COUNT);
}

/* Wireshark reads the severity from the structure that was registered, each time. Only what a preference has changed is
 * written, because Preferences > Expert may have set another one for a single event. */
void events_apply_preferences(void)
{
  static gint applied[TCPSTATE_KIND_COUNT] = {PI_CHAT, PI_NOTE, PI_WARN, PI_ERROR};
  unsigned event;
  unsigned group;

  for (event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (severity_of(event) != applied[tcpstate_event_kind(event)] && severity_of(event) != 0) {
      infos[event].eiinfo.severity = severity_of(event);
    }
  }
  for (group = 0; group < TCPSTATE_KIND_COUNT; group++) {
    applied[group] = preferences.severity[group];
  }
}

static int is_reported(const tcpstate_annotation *annotation, unsigned event)
{
  return (annotation->events >> event & 1) != 0 && severity_of(event) != 0;
}

int events_worth_reporting(const tcpstate_annotation *annotation)
{
  unsigned event;

  if (annotation->events == 0) {
    return 0;
  }
  for (event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (is_reported(annotation, event)) {
      return 1;
    }
  }
  return 0;
}

void events_report(packet_info *pinfo, proto_item *item, const tcpstate_annotation *annotation)
{
  unsigned event;

  for (event = 0; annotation->events >> event != 0 && event < TCPSTATE_EVENT_COUNT; event++) {
    if (is_reported(annotation, event)) {
      expert_add_info(pinfo, item, &item_id[event]);
    }
  }
}
