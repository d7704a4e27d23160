/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "forms.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8 };

/* ---------------------------------------------------------------- JSON */

/* Each takes what it knows off the front, or gives NULL. */
static const char *json_value(const char *at, unsigned depth);

static const char *json_string(const char *at)
{
  if (*at++ != '"') {
    return NULL;
  }
  for (; *at != '"'; at++) {
    if ((unsigned char)*at < ' ') {
      return NULL;
    }
    if (*at == '\\') {
      at++;
      if (*at == '\0' || strchr("\"\\/bfnrtu", *at) == NULL) {
        return NULL;
      }
    }
  }
  return at + 1;
}

static const char *json_number(const char *at)
{
  const char *start = at += *at == '-';

  while (isdigit((unsigned char)*at)) {
    at++;
  }
  if (at == start || (*start == '0' && at > start + 1)) {
    return NULL;
  }
  if (*at == '.') {
    const char *fraction = ++at;

    while (isdigit((unsigned char)*at)) {
      at++;
    }
    return at > fraction ? at : NULL;
  }
  return at;
}

static const char *json_members(const char *at, unsigned depth, char close, bool named)
{
  if (*++at == close) {
    return at + 1;
  }
  for (;;) {
    if (named) {
      at = json_string(at);
      if (at == NULL || *at++ != ':') {
        return NULL;
      }
    }
    at = json_value(at, depth + 1);
    if (at == NULL || (*at != ',' && *at != close)) {
      return NULL;
    }
    if (*at++ == close) {
      return at;
    }
  }
}

static const char *json_word(const char *at)
{
  static const char *const words[] = {"true", "false", "null"};

  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strncmp(at, words[i], strlen(words[i])) == 0) {
      return at + strlen(words[i]);
    }
  }
  return NULL;
}

static const char *json_value(const char *at, unsigned depth)
{
  if (depth > DEPTH) {
    return NULL;
  }
  switch (*at) {
  case '{':
    return json_members(at, depth, '}', true);
  case '[':
    return json_members(at, depth, ']', false);
  case '"':
    return json_string(at);
  case 't':
  case 'f':
  case 'n':
    return json_word(at);
  default:
    return json_number(at);
  }
}

const char *json_lines_wrong(const char *text)
{
  while (*text != '\0') {
    const char *end = *text == '{' ? json_value(text, 0) : NULL;

    if (end == NULL || *end != '\n') {
      return "a line is no JSON object";
    }
    text = end + 1;
  }
  return NULL;
}

/* ---------------------------------------------------------------- CSV */

/* A minus sign may begin a number, nothing else may look like a formula. */
static bool is_formula(const char *field)
{
  char *end;

  if (*field == '-') {
    strtod(field, &end);
    return end == field || (*end != ',' && *end != '\n');
  }
  return *field != '\0' && strchr("=+@\t\r", *field) != NULL;
}

const char *csv_wrong(const char *text)
{
  size_t first = 0;

  while (*text != '\0') {
    size_t fields = 1;

    if (is_formula(text)) {
      return "a field is a formula";
    }
    for (; *text != '\n'; text++) {
      if (*text == '\0' || *text == '"') {
        return "a row does not end, or is quoted";
      }
      fields += *text == ',';
      if (*text == ',' && is_formula(text + 1)) {
        return "a field is a formula";
      }
    }
    text++;
    first = first == 0 ? fields : first;
    if (fields != first) {
      return "a row has another number of fields";
    }
  }
  return NULL;
}

/* ---------------------------------------------------------------- text */

static size_t utf8_length(unsigned char lead)
{
  return lead < 0x80                   ? 1
         : lead >= 0xc2 && lead < 0xe0 ? 2
         : lead >= 0xe0 && lead < 0xf0 ? 3
         : lead >= 0xf0 && lead < 0xf5 ? 4
                                       : 0;
}

const char *plain_wrong(const char *text)
{
  while (*text != '\0') {
    unsigned char lead = (unsigned char)*text;
    size_t length = utf8_length(lead);

    if ((lead < ' ' && lead != '\n' && lead != '\t') || lead == 0x7f || length == 0 ||
        (lead == 0xc2 && (unsigned char)text[1] < 0xa0)) {
      return "a control character, or no UTF-8";
    }
    for (size_t i = 1; i < length; i++) {
      if (((unsigned char)text[i] & 0xc0) != 0x80) {
        return "no UTF-8";
      }
    }
    text += length;
  }
  return NULL;
}
