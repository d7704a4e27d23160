/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * APART: a function that is not made part of its callers. What the straight way through a row does not take would cost
 * it registers and stack; and the straight way itself is best by itself.
 * TOGETHER: a loop over all connections, of which all that it calls is made part.
 */
#ifndef CLI_APART_H
#define CLI_APART_H

#define APART    __attribute__((noinline))
#define TOGETHER __attribute__((hot, flatten))

#endif
