/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bar on standard error for those who wait.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "options.h"

struct progress;

/* NULL: none is wanted (or no memory), which the other functions take for nothing to do. `quiet_output`: nothing else
 * is printed on the terminal meanwhile. */
struct progress *progress_new(enum when when, bool quiet_output);

/* Frames and bytes read so far; `total` bytes are to be read, 0 if that is not known. Cheap enough for every frame. */
void progress_show(struct progress *progress, uint64_t frames, uint64_t bytes, uint64_t total);

/* Wipes the bar away. */
void progress_free(struct progress *progress);

#endif
