/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source_name.h"

#include <stdio.h>
#include <string.h>

/* Length of the UTF-8 sequence that begins here, and its character; 1 and 0 if it is none (RFC 3629 4). */
static size_t read_character(const char *text, uint32_t *character)
{
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *bytes = (const unsigned char *)text;
  size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xc0 ? 0 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;

  *character = 0;
  if (length == 0 || bytes[0] > 0xf4) {
    return 1;
  }
  *character = length == 1 ? bytes[0] : bytes[0] & (0x7fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((bytes[i] & 0xc0) != 0x80) {
      *character = 0;
      return 1;
    }
    *character = *character << 6 | (bytes[i] & 0x3f);
  }
  if (*character < smallest[length]) {
    *character = 0;
  }
  return length;
}

/* Neither a control character, nor one that turns the direction of writing or has no width, nor none at all. */
static bool is_harmless(uint32_t character)
{
  bool control = character < 0x20 || (character >= 0x7f && character < 0xa0);
  bool invisible = (character >= 0x200b && character <= 0x200f) || (character >= 0x2028 && character <= 0x202e) ||
                   (character >= 0x2060 && character <= 0x206f) || character == 0x061c || character == 0xfeff;
  bool none = (character >= 0xd800 && character <= 0xdfff) || (character & 0xfffe) == 0xfffe || character > 0x10ffff;

  return !control && !invisible && !none;
}

static void append_name(char *text, const char *name, bool utf8)
{
  size_t used = 0;
  int count = 0;

  while (*name != '\0' && count++ < SOURCE_NAME_MAX) {
    uint32_t character;
    size_t length = read_character(name, &character);

    if (is_harmless(character) && (utf8 || character < 0x80)) {
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
