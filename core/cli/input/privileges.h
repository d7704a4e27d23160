/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PRIVILEGES_H
#define CLI_PRIVILEGES_H

#include <stdbool.h>

/* Root becomes the user who called sudo, or nobody, with no group but theirs; every capability goes, and no program can
 * bring one back. False, and said on standard error, if that fails. */
bool privileges_drop(void);

#endif
