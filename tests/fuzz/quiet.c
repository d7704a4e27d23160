/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stands in for what prints straight away (the linker's --wrap). A complaint is made and looked at, but not shown. */
#include "target.h"

#include <stdarg.h>

enum { SENTENCE_SIZE = 1024 };

void __wrap_help_print(void);
void __wrap_version_print(void);
void __wrap_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

void __wrap_complain(const char *format, ...)
{
  char sentence[SENTENCE_SIZE];
  va_list arguments;
  int length;

  va_start(arguments, format);
  /* A false alarm: va_start() stands right above. NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
  length = vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  FUZZ_CHECK(length > 0);
}

void __wrap_help_print(void)
{
}

void __wrap_version_print(void)
{
}
