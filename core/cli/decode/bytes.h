/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is left of a frame: a window that every layer narrows. Never read without asking bytes_have first.
 */
#ifndef CLI_BYTES_H
#define CLI_BYTES_H

#include "../../src/network_order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
  const uint8_t *at;
  size_t captured; /* bytes at hand */
  size_t length;   /* bytes there were on the wire */
};

static inline bool bytes_have(const struct bytes *bytes, size_t count)
{
  return bytes->captured >= count;
}

static inline uint16_t bytes_u16(const struct bytes *bytes, size_t offset)
{
  return read16(bytes->at + offset);
}

static inline uint32_t bytes_u32(const struct bytes *bytes, size_t offset)
{
  return read32(bytes->at + offset);
}

/* The caller knows that `count` bytes are captured. */
static inline void bytes_skip(struct bytes *bytes, size_t count)
{
  bytes->at += count;
  bytes->captured -= count;
  bytes->length = bytes->length > count ? bytes->length - count : 0;
}

/* A layer says how long its content is. It may say more than the frame had on the wire: capture tools that cut
 * frames do not all keep the original length, and the layer knows better. */
static inline void bytes_set_length(struct bytes *bytes, size_t length)
{
  bytes->length = length;
  if (bytes->captured > length) {
    bytes->captured = length;
  }
}

#endif
