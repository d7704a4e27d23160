/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is said of a whole connection: the public record, made from a flow. */
#ifndef TS_CONNECTION_H
#define TS_CONNECTION_H

#include "look.h"

void connection_fill(const struct tcpstate_tracker *tracker, const struct flow *flow, tcpstate_connection *connection);

/* The same of the flow that is kept at `place`; with its kind, where it has one. */
void connection_fill_kept(const struct tcpstate_tracker *tracker, uint32_t place, tcpstate_connection *connection);

/* The same, but of what all of a kind have in common only ip_version and kind. */
void connection_peek_kept(const struct tcpstate_tracker *tracker, uint32_t place, tcpstate_connection *connection);

#endif
