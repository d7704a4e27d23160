/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Zeek's conn_state of a connection, told from its history. https://docs.zeek.org, base/protocols/conn/main.zeek */
#ifndef TS_ZEEK_STATE_H
#define TS_ZEEK_STATE_H

#include <stdbool.h>
#include <tcpstate/tcpstate.h>

/* `empty`: neither side has sent payload. */
enum tcpstate_conn_state zeek_state(const char *history, bool empty);

#endif
