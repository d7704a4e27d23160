/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One capture file, frame by frame.
 */
#ifndef CLI_CAPTURE_FILE_H
#define CLI_CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
  const uint8_t *bytes; /* valid until the next one is read */
  size_t captured;
  size_t length;
  int64_t time_ns;
  unsigned link_type;
  bool passes; /* the filter */
};

enum read_status { READ_FRAME, READ_END, READ_DAMAGED };

struct capture_file;

/* "-" is standard input. `filter` may be NULL. NULL, and said on standard error, with *code set, if it cannot be. */
struct capture_file *capture_file_open(const char *name, const char *filter, int *code);

/* READ_DAMAGED has been said on standard error, with the byte. */
enum read_status capture_file_read(struct capture_file *file, struct frame *frame);

void capture_file_close(struct capture_file *file);

#endif
