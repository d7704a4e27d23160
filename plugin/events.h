/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Events as expert items, so that Analyze > Expert Information lists them.
 */
#ifndef TCPSTATE_EVENTS_H
#define TCPSTATE_EVENTS_H

#include <epan/packet.h>
#include <tcpstate/tcpstate.h>

void events_register(int protocol);

/* Brings the severities in line with the preferences. */
void events_apply_preferences(void);

/* 1 if at least one of the events is to be reported. */
int events_worth_reporting(const tcpstate_annotation *annotation);

void events_report(packet_info *pinfo, proto_item *item, const tcpstate_annotation *annotation);

#endif
