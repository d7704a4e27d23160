/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Characters of foreign text: names of files and devices may hold anything, and what a terminal does on some of it is
 * worse than what it shows.
 */
#ifndef CLI_CHARACTER_H
#define CLI_CHARACTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the UTF-8 sequence that begins here, and its character; 1 and 0 if it is none (RFC 3629 4). */
size_t character_read(const char *text, uint32_t *character);

/* Neither a control character, nor one that turns the direction of writing or has no width, nor none at all. */
bool character_is_harmless(uint32_t character);

#endif
