/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What of POSIX.1-2017 the command needs and Windows has under another name; its own header redefines common words. */
#ifndef CLI_WINDOWS_INET_H
#define CLI_WINDOWS_INET_H

#include <stddef.h>

enum { AF_INET = 2, AF_INET6 = 23 };

__stdcall int inet_pton(int family, const char *text, void *address);
__stdcall const char *inet_ntop(int family, const void *address, char *text, size_t size);

#endif
