/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_WINDOWS_RANDOM_H
#define CLI_WINDOWS_RANDOM_H

#include <sys/types.h>

enum { GRND_NONBLOCK = 1 };

ssize_t getrandom(void *bytes, size_t size, unsigned flags);

#endif
