/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Paragraphs, wrapped to the width of the terminal: between words, and between Chinese characters, which take two
 * columns each and need no blank.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "../output/style.h"
#include "fill.h"

enum { PARAGRAPH_SIZE = 8192 };

struct page {
  struct output *output;
  const char *space; /* between two sentences */
  size_t width;
  size_t indent;  /* of the first line of the paragraph */
  size_t hanging; /* of its other lines */
  bool colour;
  size_t used;
  char paragraph[PARAGRAPH_SIZE];
};

void page_begin(struct page *page, size_t indent, size_t hanging);

/* Adds to the paragraph. What does not fit is left out. */
void page_text(struct page *page, const char *text);
void page_fill(struct page *page, const char *sentence, const struct values *values);

/* The same, with a space before it unless it is the first. */
void page_sentence(struct page *page, const char *sentence, const struct values *values);

void page_style(struct page *page, enum style style);
void page_plain(struct page *page);

/* Prints the paragraph, if there is anything in it. */
void page_end(struct page *page);

#endif
