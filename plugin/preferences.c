/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "preferences.h"

struct preferences preferences = {
    .time_wait_seconds = 60,
    .show_in_info = FALSE,
    .endpoint_names = NAMES_ARE_ROLES,
    .severity = {PI_CHAT, PI_NOTE, PI_WARN, PI_ERROR},
};

struct severity_preference {
  const char *name;
  const char *title;
  const char *help;
};

static const struct severity_preference severity_preference[TCPSTATE_KIND_COUNT] = {
    {"severity_course", "Severity of the course of a connection",
     "Handshake complete, half-close, keep-alives, reuse of a pair of ports and the like."},
    {"severity_irregular", "Severity of irregular segments",
     "Retransmitted control segments, segments out of order or outside the window, strays, gaps in the capture."},
    {"severity_failure", "Severity of failures",
     "Connections refused, aborted, unanswered or half open; data that nobody will read."},
    {"severity_damage", "Severity of damage", "Segments with a wrong checksum or impossible flags."},
};

static const enum_val_t endpoint_name_values[] = {
    {"roles", "client and server", NAMES_ARE_ROLES},
    {"addresses", "address and port", NAMES_ARE_ADDRESSES},
    {NULL, NULL, 0},
};

static const enum_val_t severity_values[] = {
    {"off", "not reported", 0},   {"chat", "Chat", PI_CHAT},    {"note", "Note", PI_NOTE},
    {"warn", "Warning", PI_WARN}, {"error", "Error", PI_ERROR}, {NULL, NULL, 0},
};

void preferences_register(int protocol, void (*apply)(void))
{
  module_t *module = prefs_register_protocol(protocol, apply);
  unsigned group;

  prefs_register_uint_preference(module, "time_wait", "TIME-WAIT in seconds",
                                 "How long an endpoint stays in TIME-WAIT (twice the maximum segment lifetime).", 10,
                                 &preferences.time_wait_seconds);
  prefs_register_uint_preference(module, "max_connections", "Connections kept at a time",
                                 "Against floods: beyond it, what is over or never opened is given up and loses its "
                                 "tcpstate.conn fields. 0: no limit.",
                                 10, &preferences.max_connections);
  prefs_register_uint_preference(module, "max_memory", "Memory for connections in MiB",
                                 "The same by the memory that they take. 0: no limit.", 10, &preferences.max_memory);
  prefs_register_bool_preference(module, "show_in_info", "Show state changes in the Info column",
                                 "Puts who moved where in front of the Info column, and so into the Flow Graph.",
                                 &preferences.show_in_info);
  prefs_register_enum_preference(module, "endpoint_names", "Call the endpoints by",
                                 "How the summary line and the Info column name the endpoints.",
                                 &preferences.endpoint_names, endpoint_name_values, FALSE);
  for (group = 0; group < TCPSTATE_KIND_COUNT; group++) {
    const struct severity_preference *preference = &severity_preference[group];

    prefs_register_enum_preference(module, preference->name, preference->title, preference->help,
                                   &preferences.severity[group], severity_values, FALSE);
  }
}
