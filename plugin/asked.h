/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What tshark prints of a tree.
 */
#ifndef TCPSTATE_ASKED_H
#define TCPSTATE_ASKED_H

/* 1 if this is a tshark that prints single fields (-T fields): calls `mark` with the name of each that is the plugin's,
 * which returns 0 if it knows none of that name. 0 if this is none, if `mark` did, or if it cannot be told. */
int asked_for_single_fields(int (*mark)(const char *name));

#endif
