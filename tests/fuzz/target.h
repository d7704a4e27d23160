/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What all fuzz targets share: libFuzzer's two entry points, and a check that stays in every build. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

static inline void fuzz_check(bool condition, const char *text, const char *file, int line)
{
  if (!condition) {
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, text);
    abort();
  }
}

#define FUZZ_CHECK(condition) fuzz_check(condition, #condition, __FILE__, __LINE__)

#endif
