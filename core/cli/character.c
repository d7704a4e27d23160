/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "character.h"

size_t character_read(const char *text, uint32_t *character)
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

bool character_is_harmless(uint32_t character)
{
  bool control = character < 0x20 || (character >= 0x7f && character < 0xa0);
  bool invisible = (character >= 0x200b && character <= 0x200f) || (character >= 0x2028 && character <= 0x202e) ||
                   (character >= 0x2060 && character <= 0x206f) || character == 0x061c || character == 0xfeff;
  bool none = (character >= 0xd800 && character <= 0xdfff) || (character & 0xfffe) == 0xfffe || character > 0x10ffff;

  return !control && !invisible && !none;
}
