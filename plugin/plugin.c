/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A post-dissector: on the first pass every TCP segment goes through the tracker, in order, and what it says is kept by
 * frame number. Whenever a frame is dissected again, that is what is shown.
 */
#define WS_BUILD_DLL
#include "compat.h"
#include "connections.h"
#include "events.h"
#include "fields.h"
#include "frame_store.h"
#include "preferences.h"
#include "segment_epan.h"
#include "statistics.h"
#include "summary.h"

#include <epan/expert.h>
#include <epan/tap.h>

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = TCPSTATE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
WS_DLL_PUBLIC void plugin_register(void);

static int protocol = -1;
static int tap = -1;
static dissector_handle_t handle;
static tcpstate_tracker *tracker; /* of the open file; NULL while the protocol is disabled */

/* ---------------------------------------------------------------- a frame */

static void judge(packet_info *pinfo, const tcpstate_segment *segment)
{
  tcpstate_annotation annotation;

  if (tcpstate_feed(tracker, segment, &annotation) != TCPSTATE_OK) {
    return;
  }
  frame_store_add(pinfo->num, &annotation);
  connections_note(pinfo->num, &annotation);
}

static void weigh_icmp_error(const tcpstate_segment *quoted, int hard)
{
  tcpstate_annotation annotation; /* shown with the next segment: an ICMP packet is none */

  (void)tcpstate_feed_icmp_error(tracker, quoted, hard, &annotation);
}

static const struct segment_visitor visitor = {judge, weigh_icmp_error};

static void prepare(struct shown_segment *shown, packet_info *pinfo, const tcpstate_annotation *annotation,
                    const struct wanted *wanted, int is_tapped)
{
  shown->annotation = *annotation;
  shown->has_connection = 0;
  if (is_tapped || preferences.endpoint_names == NAMES_ARE_ADDRESSES || fields_need_connection(wanted)) {
    shown->has_connection = connections_get(tracker, annotation->stream, &shown->connection);
  }
  if (is_tapped || fields_need_links(wanted)) {
    connections_links(pinfo->num, annotation, &shown->links);
  }
}

static void show_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const tcpstate_annotation *annotation)
{
  struct wanted wanted;
  int is_drawn = fields_wanted(tree, events_worth_reporting(annotation), &wanted);
  int is_tapped = have_tap_listener(tap);
  proto_item *head = NULL;

  if (is_drawn || is_tapped || preferences.show_in_info) {
    struct shown_segment here;
    /* cppcheck-suppress uninitvar ; prepare() fills it */
    struct shown_segment *shown = is_tapped ? wmem_new(pinfo->pool, struct shown_segment) : &here;

    prepare(shown, pinfo, annotation, &wanted, is_tapped);
    if (is_drawn) {
      head = fields_draw(tvb, pinfo, tree, &wanted, shown);
    }
    if (preferences.show_in_info) {
      summary_put_into_info(pinfo, shown);
    }
    if (is_tapped) {
      tap_queue_packet(tap, pinfo, shown); /* who listens may read it until the frame is done with */
    }
  }
  events_report(pinfo, head, annotation); /* a window that lists the items asks for no tree at all */
}

static void show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
  tcpstate_annotation annotation;
  unsigned i;

  for (i = 0; frame_store_get(pinfo->num, i, &annotation); i++) {
    show_segment(tvb, pinfo, tree, &annotation);
  }
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
  (void)data;
  if (tracker != NULL) {
    if (!PINFO_FD_VISITED(pinfo) && !frame_store_has(pinfo->num)) {
      segment_epan_icmp_error(tvb, pinfo);
    }
    show(tvb, pinfo, tree);
  }
  return 0;
}

/* ---------------------------------------------------------------- a file */

static void open_file(void)
{
  tcpstate_settings settings;

  if (!proto_is_protocol_enabled(find_protocol_by_id(protocol))) {
    return;
  }
  tcpstate_settings_init(&settings);
  settings.hash_key[0] = (uint64_t)g_random_int() << 32 | g_random_int();
  settings.hash_key[1] = (uint64_t)g_random_int() << 32 | g_random_int();
  settings.time_wait_ns = (int64_t)preferences.time_wait_seconds * 1000000000;
  settings.max_connections = preferences.max_connections;
  settings.memory_limit = (uint64_t)preferences.max_memory << 20;
  if (settings.max_connections == 0 && settings.memory_limit == 0) { /* a limit is one for all */
    settings.connection_end = connections_keep;
  }
  if (tcpstate_new(&tracker, &settings) != TCPSTATE_OK) {
    tracker = NULL;
    return;
  }
  segment_epan_visit(&visitor);
}

static void close_file(void)
{
  segment_epan_visit(NULL);
  tcpstate_free(tracker);
  tracker = NULL;
  frame_store_clear();
  connections_clear();
}

/* ---------------------------------------------------------------- conversation filter */

static compat_filter_valid has_connection(COMPAT_FILTER_PARAMETERS)
{
  tcpstate_annotation annotation;

  COMPAT_FILTER_UNUSED;
  return tracker != NULL && frame_store_get(pinfo->num, 0, &annotation);
}

static gchar *connection_filter(COMPAT_FILTER_PARAMETERS)
{
  tcpstate_annotation annotation;

  COMPAT_FILTER_UNUSED;
  if (!frame_store_get(pinfo->num, 0, &annotation)) {
    return NULL;
  }
  return g_strdup_printf("tcpstate.stream == %u", annotation.stream);
}

/* ---------------------------------------------------------------- registration */

static void register_protocol(void)
{
  protocol = proto_register_protocol("TCP State", "TCP State", "tcpstate");
  handle = register_dissector("tcpstate", dissect, protocol);
  preferences_register(protocol, events_apply_preferences);
  fields_register(protocol);
  events_register(protocol);
  segment_epan_register();
  tap = register_tap("tcpstate");
  statistics_table_register();
  compat_register_conversation_filter("tcpstate", "TCP State connection", has_connection, connection_filter);
  register_init_routine(open_file);
  register_cleanup_routine(close_file);
}

static void register_handoff(void)
{
  register_postdissector(handle);
  segment_epan_hand_off();
}

void plugin_register(void)
{
  static proto_plugin plugin;
  static tap_plugin statistics;

  plugin.register_protoinfo = register_protocol;
  plugin.register_handoff = register_handoff;
  proto_register_plugin(&plugin);
  statistics.register_tap_listener = statistics_tree_register;
  tap_register_plugin(&statistics);
}
