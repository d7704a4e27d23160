/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Numbers as headers have them, the highest byte first. Written so that a compiler makes one load of each.
 */
#ifndef TS_NETWORK_ORDER_H
#define TS_NETWORK_ORDER_H

#include "compiler.h"

#include <stdint.h>

static ALWAYS_INLINE uint16_t read16(const uint8_t *bytes)
{
  return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static ALWAYS_INLINE uint32_t read32(const uint8_t *bytes)
{
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static ALWAYS_INLINE uint64_t read64(const uint8_t *bytes)
{
  return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 | (uint64_t)bytes[2] << 40 | (uint64_t)bytes[3] << 32 |
         (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 | (uint64_t)bytes[6] << 8 | bytes[7];
}

#endif
