/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One frame of a capture, as it was recorded.
 */
#ifndef CLI_FRAME_H
#define CLI_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A block of a pcapng file, from its type to its second length. */
struct raw_block {
  const uint8_t *bytes;
  size_t size;
  bool big_endian;
};

/* Who wants to see the blocks of a pcapng file that are no packets, in their place among the packets. */
struct block_watch {
  void (*other_block)(void *user, const struct raw_block *block);
  void *user;
};

struct frame {
  const uint8_t *bytes; /* valid until the next one is read, like `block` */
  size_t captured;
  size_t length;
  int64_t time_ns;
  unsigned link_type;
  uint32_t snap_length;
  bool has_time;
  struct raw_block block; /* size 0: not from a pcapng file */
};

enum read_status { READ_FRAME, READ_END, READ_DAMAGED, READ_WAITS /* nothing for now: see capture_source.c */ };

#endif
