/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMPARE_SENTENCES_H
#define CLI_COMPARE_SENTENCES_H

#include "sheet.h"

/* What is odd about a row and what it means, as a line of its own; nothing if it is not odd. */
void put_sentence(struct output *output, const struct line *line, enum language language);

/* The sentences themselves, with places {who}, {from} and {to}. NULL: nothing to say. `change` counts bits. */
const char *sentence_of_verdict(const struct compare_row *row, enum language language);
const char *sentence_of_change(unsigned change, enum language language);

#endif
