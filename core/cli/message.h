/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

enum exit_code {
  EXIT_DONE = 0,
  EXIT_DAMAGED = 1, /* the input ended damaged; everything readable was printed */
  EXIT_USAGE = 2,
  EXIT_UNREADABLE = 3 /* a file could not be opened or is no capture */
};

/* One line on standard error, with the program's name before and a newline after it. Whatever a name of a file brings
 * into it, no control character reaches the terminal. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
