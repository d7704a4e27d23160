/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a hostile capture could make of a mistake of ours ends here: from now on the process can read, write to what is
 * open and take memory. It can open files to read them only, and no socket, process or program at all.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>

/* For good. False where the kernel has no such thing, it was not built in, TCPSTATE_NO_SANDBOX is set, or under
 * valgrind: then all is as it was. Entering once more changes nothing. */
bool sandbox_enter(void);

#endif
