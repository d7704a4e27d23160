/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Time as the engine needs it: 32-bit microseconds for "has it had time to arrive", and round trips in 16 bits. */
#ifndef TS_CLOCK_H
#define TS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Times beyond the years 1823 and 2116 count as those: any two can be subtracted then. */
static inline int64_t clock_bounded(int64_t time_ns)
{
  const int64_t most = INT64_MAX / 2;
  return time_ns > most ? most : time_ns < -most ? -most : time_ns;
}

/* clock_bounded(time_ns) == time_ns, in one comparison. */
static inline bool clock_is_bounded(int64_t time_ns)
{
  const uint64_t most = INT64_MAX / 2;
  return (uint64_t)time_ns + most <= 2 * most;
}

static inline uint32_t clock_us(int64_t ns)
{
  return (uint32_t)(ns / 1000);
}

/* Bounded, and since 1970: those times are simpler to reckon with. */
static inline bool clock_is_plain(int64_t time_ns)
{
  return (uint64_t)time_ns >> 62 == 0;
}

/* clock_us() of a plain time. */
static inline uint32_t clock_plain_us(int64_t ns)
{
  return (uint32_t)((uint64_t)ns / 1000);
}

/* From `earlier` to `later`, 0 if the clock stepped back; wraps after 71 minutes. */
static inline uint32_t clock_since(uint32_t later, uint32_t earlier)
{
  int32_t difference = (int32_t)(later - earlier);
  return difference < 0 ? 0 : (uint32_t)difference;
}

/* A duration in 16 bits: units of 16 us up to 1 s; 0 = not known. */
static inline uint16_t rtt_pack(uint32_t us)
{
  uint32_t units = us / 16 + 1;
  return units > 0xffff ? 0xffff : (uint16_t)units;
}

static inline uint32_t rtt_unpack(uint16_t packed)
{
  return (uint32_t)packed * 16;
}

#endif
