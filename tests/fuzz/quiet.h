/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the command would have said on standard error last. */
#ifndef FUZZ_QUIET_H
#define FUZZ_QUIET_H

enum { COMPLAINT_SIZE = 1024 };

void complaint_forget(void);

/* From the word `start` on; "" without it. */
void complaint_copy(char text[COMPLAINT_SIZE], const char *start);

#endif
