/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_WINDOWS_LANGINFO_H
#define CLI_WINDOWS_LANGINFO_H

enum { CODESET = 1 };

/* What the console shows. */
char *nl_langinfo(int item);

#endif
