/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source_name.h"

#include "../character.h"

#include <stdio.h>
#include <string.h>

static void append_name(char *text, const char *name, bool utf8)
{
  size_t used = 0;
  int count = 0;

  while (*name != '\0' && count++ < SOURCE_NAME_MAX) {
    uint32_t character;
    size_t length = character_read(name, &character);

    if (character_is_harmless(character) && (utf8 || character < 0x80)) {
      memcpy(text + used, name, length);
      used += length;
    } else {
      text[used++] = '?';
    }
    name += length;
  }
  snprintf(text + used, SOURCE_NAME_SIZE - used, "%s", *name != '\0' ? "..." : "");
}

void source_name(char text[SOURCE_NAME_SIZE], const struct options *options, bool utf8)
{
  const char *name = options->interface != NULL ? options->interface : options->files[0];
  const char *slash = strrchr(name, '/');

  append_name(text, strcmp(name, "-") == 0 ? "standard input" : slash != NULL ? slash + 1 : name, utf8);
  if (options->file_count > 1) {
    size_t used = strlen(text);

    snprintf(text + used, SOURCE_NAME_SIZE - used, " and %zu more", options->file_count - 1);
  }
}
