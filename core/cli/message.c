/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message.h"

#include "character.h"

#include <stdarg.h>
#include <stdio.h>

/* What a terminal would obey, or would hide, is shown as its bytes. */
static void put_visible(const char *text)
{
  while (*text != '\0') {
    uint32_t character;
    size_t length = character_read(text, &character);

    if (character_is_harmless(character)) {
      fwrite(text, 1, length, stderr);
    } else {
      for (size_t i = 0; i < length; i++) {
        fprintf(stderr, "\\x%02x", (unsigned char)text[i]);
      }
    }
    text += length;
  }
}

void complain(const char *format, ...)
{
  char text[8192]; /* two paths of the longest kind, or a long filter; more is cut */
  va_list arguments;

  va_start(arguments, format);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false where several files are checked at once */
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fputs("tcpstate: ", stderr);
  put_visible(text);
  fputc('\n', stderr);
}
