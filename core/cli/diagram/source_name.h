/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was read, as a heading. A file's name is foreign text: it may hold anything.
 */
#ifndef CLI_SOURCE_NAME_H
#define CLI_SOURCE_NAME_H

#include "../options.h"

enum { SOURCE_NAME_MAX = 48, SOURCE_NAME_SIZE = 4 * SOURCE_NAME_MAX + 48 };

/* Name of the first file without its folder, or of the device. What a terminal or XML must not see is a question mark;
 * without `utf8` so is all that is not ASCII. At most SOURCE_NAME_MAX characters of the name. */
void source_name(char text[SOURCE_NAME_SIZE], const struct options *options, bool utf8);

#endif
