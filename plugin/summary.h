/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A segment in one line, for the head of the subtree and for the Info column.
 */
#ifndef TCPSTATE_SUMMARY_H
#define TCPSTATE_SUMMARY_H

#include "fields.h"

/* "client ESTABLISHED > FIN-WAIT-1, server CLOSE-WAIT (close, FIN-1)" */
const char *summary_of_segment(packet_info *pinfo, const struct shown_segment *shown);

/* Puts "[client ESTABLISHED > FIN-WAIT-1] " in front of the Info column if an endpoint moved: what stands at its end is
 * cut off in the list and in the Flow Graph. */
void summary_put_into_info(packet_info *pinfo, const struct shown_segment *shown);

#endif
