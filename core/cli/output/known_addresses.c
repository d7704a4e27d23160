/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "known_addresses.h"

void known_address_make(struct known_address *known, const uint8_t *address)
{
  char text[ADDRESS_SIZE];

  known->size = (uint8_t)address_text(text, 6, address);
  memcpy(known->text, text, sizeof known->text);
  memcpy(known->words, address, sizeof known->words);
}
