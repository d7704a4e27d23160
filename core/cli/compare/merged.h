/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * -w: both captures as one pcapng file, in the order of time by A's clock, an interface for each tap, and the verdict
 * on each packet as its comment.
 */
#ifndef CLI_COMPARE_MERGED_H
#define CLI_COMPARE_MERGED_H

#include "sheet.h"

/* Returns an exit code; what went wrong has been said. */
int write_merged(const struct comparison *comparison);

#endif
