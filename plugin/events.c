/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "events.h"

#include "preferences.h"

#include <epan/expert.h>

static expert_field item_id[TCPSTATE_EVENT_COUNT];
static ei_register_info infos[TCPSTATE_EVENT_COUNT];

/* No default: the compiler asks for the group of each new event. */
static enum event_group group_of(enum tcpstate_event event)
{
  switch (event) {
  case TCPSTATE_EVENT_HANDSHAKE_COMPLETE:
  case TCPSTATE_EVENT_FAST_OPEN:
  case TCPSTATE_EVENT_SIMULTANEOUS_OPEN:
  case TCPSTATE_EVENT_SIMULTANEOUS_CLOSE:
  case TCPSTATE_EVENT_HALF_CLOSE:
  case TCPSTATE_EVENT_KEEP_ALIVE:
  case TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED:
  case TCPSTATE_EVENT_TUPLE_REUSED:
  case TCPSTATE_EVENT_TIME_WAIT_REUSED:
  case TCPSTATE_EVENT_MID_STREAM:
    return GROUP_COURSE;
  case TCPSTATE_EVENT_SYN_RETRANSMITTED:
  case TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED:
  case TCPSTATE_EVENT_FIN_RETRANSMITTED:
  case TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE:
  case TCPSTATE_EVENT_CHALLENGE_ACK:
  case TCPSTATE_EVENT_STRAY:
  case TCPSTATE_EVENT_CAPTURE_GAP:
  case TCPSTATE_EVENT_SPLIT_HANDSHAKE:
  case TCPSTATE_EVENT_REVISED:
  case TCPSTATE_EVENT_PAWS:
  case TCPSTATE_EVENT_UNACCEPTABLE:
    return GROUP_IRREGULAR;
  case TCPSTATE_EVENT_DATA_AFTER_FIN:
  case TCPSTATE_EVENT_REFUSED:
  case TCPSTATE_EVENT_ABORTED:
  case TCPSTATE_EVENT_RESET_OUT_OF_WINDOW:
  case TCPSTATE_EVENT_SYN_IN_CONNECTION:
  case TCPSTATE_EVENT_PEER_SILENT:
  case TCPSTATE_EVENT_HALF_OPEN:
  case TCPSTATE_EVENT_NO_ANSWER:
    return GROUP_FAILURE;
  case TCPSTATE_EVENT_ILLEGAL_FLAGS:
  case TCPSTATE_EVENT_BAD_CHECKSUM:
    return GROUP_DAMAGE;
  case TCPSTATE_EVENT_COUNT:
    break;
  }
  return GROUP_IRREGULAR;
}

static gint severity_of(unsigned event)
{
  return preferences.severity[group_of((enum tcpstate_event)event)];
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
  static gint applied[GROUP_COUNT] = {PI_CHAT, PI_NOTE, PI_WARN, PI_ERROR};
  unsigned event;
  unsigned group;

  for (event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (severity_of(event) != applied[group_of((enum tcpstate_event)event)] && severity_of(event) != 0) {
      infos[event].eiinfo.severity = severity_of(event);
    }
  }
  for (group = 0; group < GROUP_COUNT; group++) {
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
