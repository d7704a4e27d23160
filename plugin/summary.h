/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A segment in one line, for the head of the subtree and for the Info column.
 */
#ifndef TCPSTATE_SUMMARY_H
#define TCPSTATE_SUMMARY_H

#include "fields.h"

/* "client ESTABLISHED > FIN-WAIT-1, server CLOSE-WAIT (close, FIN-1)" */
const char *summary_of_segment(packet_info *pinfo, const struct shown_segment *shown);

/* Appends " [client ESTABLISHED > FIN-WAIT-1]" to the Info column if an endpoint moved. */
void summary_append_to_info(packet_info *pinfo, const struct shown_segment *shown);

#endif
