/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_OPTIONS_CHECK_H
#define CLI_OPTIONS_CHECK_H

#include "options.h"

/* Do the options, each right in itself, make sense together? Says what does not on standard error. */
bool options_hang_together(const struct options *options);

#endif
