/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Statistics > TCP State, and tshark -z tcpstate,tree and -z tcpstate,conns.
 */
#ifndef TCPSTATE_STATISTICS_H
#define TCPSTATE_STATISTICS_H

/* Both listen to the tap "tcpstate", whose data is a struct shown_segment. */
void statistics_tree_register(void);
void statistics_table_register(void);

#endif
