/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SIGINT and SIGTERM end the reading, not the writing: what has been read is written out in full. A second one ends the
 * command at once.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* From now on the first signal is kept in mind only. Without it every signal does what it did. `live`: there is no
 * other end, so that one that was ignored counts too. */
void interrupt_catch(bool live);

/* The signal that came, or 0. */
int interrupt_signal(void);

/* Waits until `descriptor` can be read, an interrupt came, or `timeout` milliseconds (-1: no limit) are over. False: an
 * interrupt came. */
bool interrupt_wait(int descriptor, int timeout);

/* Would interrupt_wait() return at once? */
bool interrupt_need_not_wait(int descriptor);

/* This thread is never the one that a signal interrupts. */
void interrupt_shun(void);

/* Ends the process by the signal that came, as whoever waits for it expects. Returns if there was none. */
void interrupt_end(void);

#endif
