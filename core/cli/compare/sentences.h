/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMPARE_SENTENCES_H
#define CLI_COMPARE_SENTENCES_H

#include "sheet.h"

/* What is odd about a row and what it means, as a line of its own; nothing if it is not odd. */
void put_sentence(struct output *output, const struct line *line, enum language language);

#endif
