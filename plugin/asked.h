/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What tshark prints of a tree.
 */
#ifndef TCPSTATE_ASKED_H
#define TCPSTATE_ASKED_H

/* 1 if this is a tshark that prints single fields (-T fields) and none of them is one of the plugin's. 0 if not, or if
 * that cannot be told. */
int asked_for_other_fields_only(void);

#endif
