/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What compilers can be told beyond C11. */
#ifndef TS_COMPILER_H
#define TS_COMPILER_H

/* LIKELY, UNLIKELY: where nothing is said, a compiler takes the end of a long row of conditions for something that
 * hardly ever happens, and makes it small rather than fast. HOT: the same of a function, which is not
 * mixed with others. */
#if defined(__GNUC__)
#define PREFETCH(address)   __builtin_prefetch(address)
#define ALWAYS_INLINE       inline __attribute__((always_inline))
#define HOT                 __attribute__((hot, noinline))
#define OUT_OF_LINE         __attribute__((noinline, cold))
#define LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define PREFETCH(address) (void)(address)
#define ALWAYS_INLINE     inline
#define HOT
#define OUT_OF_LINE
#define LIKELY(condition)   (condition)
#define UNLIKELY(condition) (condition)
#endif

/* Number of the lowest bit that is set; there is one. */
static inline unsigned lowest_bit(unsigned bits)
{
#if defined(__GNUC__)
  return (unsigned)__builtin_ctz(bits);
#else
  unsigned number = 0;
  while (!(bits >> number & 1u)) {
    number++;
  }
  return number;
#endif
}

#endif
