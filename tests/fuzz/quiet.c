/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stands in for what prints straight away (the linker's --wrap). A complaint is made and looked at, but not shown. */
#include "quiet.h"

#include "target.h"

#include <stdarg.h>
#include <string.h>

static char last[COMPLAINT_SIZE];

void __wrap_help_print(void);
void __wrap_version_print(void);
void __wrap_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

void __wrap_complain(const char *format, ...)
{
  va_list arguments;
  int length;

  va_start(arguments, format);
  /* A false alarm: va_start() stands right above. NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
  length = vsnprintf(last, sizeof last, format, arguments);
  va_end(arguments);
  FUZZ_CHECK(length > 0);
}

void __wrap_help_print(void)
{
}

void __wrap_version_print(void)
{
}

void complaint_forget(void)
{
  last[0] = '\0';
}

void complaint_copy(char text[COMPLAINT_SIZE], const char *start)
{
  const char *found = strstr(last, start);

  snprintf(text, COMPLAINT_SIZE, "%s", found != NULL ? found : "");
}
