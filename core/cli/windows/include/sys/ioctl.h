/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_WINDOWS_IOCTL_H
#define CLI_WINDOWS_IOCTL_H

struct winsize {
  unsigned short ws_col;
};

enum { TIOCGWINSZ = 1 };

/* The size of the console's window; no other request. */
int ioctl(int descriptor, int request, struct winsize *size);

#endif
