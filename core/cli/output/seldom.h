/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SELDOM: a function that the straight way through a row does not take. It is kept out of its callers, which need no
 * stack for it.
 */
#ifndef CLI_SELDOM_H
#define CLI_SELDOM_H

#define SELDOM __attribute__((noinline))

#endif
