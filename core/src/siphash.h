/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) of whole 64-bit words: a keyed hash, so
 * that crafted tuples cost no more than random ones. */
#ifndef TS_SIPHASH_H
#define TS_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash13(const uint64_t key[2], const uint64_t *words, size_t count);

#endif
