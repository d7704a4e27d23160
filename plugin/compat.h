/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything that differs between the versions of Wireshark that the plugin is built for: 4.0, 4.4 and 4.6.
 */
#ifndef TCPSTATE_COMPAT_H
#define TCPSTATE_COMPAT_H

#include <epan/packet.h>

/* These lack what they use. */
#include <epan/conversation_filter.h>
#include <epan/prefs.h>
#include <ws_version.h>

#define TCPSTATE_WIRESHARK_AT_LEAST(major, minor)                                                                      \
  (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#if TCPSTATE_WIRESHARK_AT_LEAST(4, 4)

typedef bool compat_bool;
#else
typedef gboolean compat_bool; /* boolean preferences are written through a pointer: the size matters */
#endif

/* The callbacks of a conversation filter got a second parameter. */
#if TCPSTATE_WIRESHARK_AT_LEAST(4, 4)
#define COMPAT_FILTER_PARAMETERS packet_info *pinfo, void *user_data
#define COMPAT_FILTER_UNUSED     (void)user_data
#define compat_register_conversation_filter(protocol, title, is_valid, build)                                          \
  register_conversation_filter(protocol, title, is_valid, build, NULL)
typedef bool compat_filter_valid;
#else
#define COMPAT_FILTER_PARAMETERS packet_info *pinfo
#define COMPAT_FILTER_UNUSED
#define compat_register_conversation_filter(protocol, title, is_valid, build)                                          \
  register_conversation_filter(protocol, title, is_valid, build)
typedef gboolean compat_filter_valid;
#endif

#endif
