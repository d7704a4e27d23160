/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "page.h"

#include <stdint.h>
#include <string.h>

/* In a paragraph, where a style begins (this plus enum style) and ends. They take no room. */
enum { MARK_PLAIN = 0x01, MARK_STYLE = 0x02, MARK_LAST = 0x08 };

void page_begin(struct page *page, size_t indent, size_t hanging)
{
  page->indent = indent;
  page->hanging = hanging;
  page->used = 0;
}

/* All or nothing, so that no character is cut in two. */
static void add(struct page *page, const char *bytes, size_t count)
{
  if (count < sizeof page->paragraph - page->used) {
    memcpy(page->paragraph + page->used, bytes, count);
    page->used += count;
  }
}

void page_text(struct page *page, const char *text)
{
  add(page, text, strlen(text));
}

void page_fill(struct page *page, const char *sentence, const struct values *values)
{
  char text[2048];

  fill(text, sizeof text, sentence, values);
  page_text(page, text);
}

void page_sentence(struct page *page, const char *sentence, const struct values *values)
{
  if (page->used > 0) {
    page_text(page, page->space);
  }
  page_fill(page, sentence, values);
}

void page_style(struct page *page, enum style style)
{
  add(page, &(char){(char)(MARK_STYLE + style)}, 1);
}

void page_plain(struct page *page)
{
  add(page, &(char){MARK_PLAIN}, 1);
}

/* ---------------------------------------------------------------- characters */

struct character {
  uint32_t code;
  size_t size;
  size_t width;
};

static bool is_wide(uint32_t code)
{
  return (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
         (code >= 0xf900 && code <= 0xfaff) || (code >= 0xff00 && code <= 0xff60);
}

/* The text is the catalogue's own and therefore sound UTF-8. */
static struct character read_character(const char *text)
{
  const unsigned char *bytes = (const unsigned char *)text;
  struct character character = {bytes[0], 1, 1};

  if (bytes[0] >= MARK_PLAIN && bytes[0] <= MARK_LAST) {
    character.width = 0;
  } else if (bytes[0] >= 0xc0) {
    character.size = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    character.code = bytes[0] & (0x7fu >> character.size);
    for (size_t i = 1; i < character.size; i++) {
      character.code = character.code << 6 | (bytes[i] & 0x3fu);
    }
    character.width = is_wide(character.code) ? 2 : 1;
  }
  return character;
}

/* Punctuation that no line may start with, and none may end with. */
static bool closes(uint32_t code)
{
  static const uint32_t codes[] = {0x3001, 0x3002, 0x300b, 0x300d, 0xff01, 0xff09, 0xff0c, 0xff1a, 0xff1b, 0xff1f};

  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    if (codes[i] == code) {
      return true;
    }
  }
  return false;
}

static bool opens(uint32_t code)
{
  return code == 0x300a || code == 0x300c || code == 0xff08;
}

static bool may_break(uint32_t before, uint32_t after)
{
  if (before == ' ') {
    return after != ' ';
  }
  return (is_wide(before) || is_wide(after)) && !closes(after) && !opens(before) && after != ' ';
}

/* ---------------------------------------------------------------- lines */

static void put_blanks(struct output *output, size_t count)
{
  while (count-- > 0) {
    put_char(output, ' ');
  }
}

static void put_line(struct page *page, const char *from, const char *to)
{
  while (to > from && to[-1] == ' ') {
    to--;
  }
  for (; from < to; from++) {
    unsigned char byte = (unsigned char)*from;

    if (byte == MARK_PLAIN) {
      style_end(page->output, page->colour);
    } else if (byte >= MARK_STYLE && byte <= MARK_LAST) {
      style_begin(page->output, page->colour, (enum style)(byte - MARK_STYLE));
    } else {
      put_char(page->output, *from);
    }
  }
  put_char(page->output, '\n');
}

static size_t width_of(const char *from, const char *to)
{
  size_t width = 0;

  while (from < to) {
    struct character character = read_character(from);

    width += character.width;
    from += character.size;
  }
  return width;
}

void page_end(struct page *page)
{
  const char *line = page->paragraph;
  const char *stop = NULL; /* the last place where the line may end */
  size_t column = page->indent;
  uint32_t before = 0;

  if (page->used == 0) {
    return;
  }
  page->paragraph[page->used] = '\0';
  put_blanks(page->output, page->indent);
  for (const char *at = line; *at != '\0';) {
    struct character character = read_character(at);

    if (character.width > 0 && before != 0 && may_break(before, character.code)) {
      stop = at;
    }
    if (column + character.width > page->width && stop != NULL && character.code != ' ') {
      put_line(page, line, stop);
      put_blanks(page->output, page->hanging);
      line = stop;
      column = page->hanging + width_of(line, at);
      stop = NULL;
    }
    column += character.width;
    before = character.width > 0 ? character.code : before;
    at += character.size;
  }
  put_line(page, line, page->paragraph + page->used);
  page->used = 0;
}
