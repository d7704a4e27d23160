/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fill.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct value *add(struct values *values, const char *name)
{
  struct value *value = NULL;

  if (values->count < VALUES_MAX) {
    value = &values->list[values->count++];
    value->name = name;
    value->text = NULL;
  }
  return value;
}

void values_text(struct values *values, const char *name, const char *text)
{
  struct value *value = add(values, name);

  if (value != NULL) {
    value->text = text;
  }
}

void values_number(struct values *values, const char *name, uint64_t number)
{
  struct value *value = add(values, name);

  if (value != NULL) {
    snprintf(value->number, sizeof value->number, "%" PRIu64, number);
  }
}

void values_seconds(struct values *values, const char *name, int64_t nanoseconds)
{
  struct value *value = add(values, name);

  if (value != NULL) {
    snprintf(value->number, sizeof value->number, "%.6f", (double)nanoseconds / 1e9);
  }
}

struct place {
  const char *name;
  size_t name_size;
  const char *forms; /* "|one|many}" or "}" */
};

/* The place that starts behind the brace. */
static struct place read_place(const char *inside)
{
  size_t size = strcspn(inside, "|}");

  return (struct place){inside, size, inside + size};
}

static const char *value_of(const struct values *values, const struct place *place)
{
  for (size_t i = 0; i < values->count; i++) {
    const struct value *value = &values->list[i];

    if (strlen(value->name) == place->name_size && memcmp(value->name, place->name, place->name_size) == 0) {
      return value->text != NULL ? value->text : value->number;
    }
  }
  return NULL;
}

struct target {
  char *text;
  size_t size;
  size_t used;
};

static void put(struct target *target, const char *bytes, size_t count)
{
  if (count < target->size - target->used) { /* all or nothing, so that no character is cut in two */
    memcpy(target->text + target->used, bytes, count);
    target->used += count;
  }
}

/* "|packet|packets}": a blank and the word for this number. */
static void put_form(struct target *target, const char *forms, const char *number)
{
  const char *word = forms + 1;
  size_t size = strcspn(word, "|}");

  if (strcmp(number, "1") != 0 && word[size] == '|') {
    word += size + 1;
    size = strcspn(word, "|}");
  }
  put(target, " ", 1);
  put(target, word, size);
}

/* Returns where the sentence goes on. */
static const char *put_place(struct target *target, const char *brace, const struct values *values)
{
  const struct place place = read_place(brace + 1);
  const char *value = value_of(values, &place);
  const char *end = strchr(place.forms, '}');

  if (value == NULL || end == NULL) {
    put(target, brace, 1);
    return brace + 1;
  }
  put(target, value, strlen(value));
  if (*place.forms == '|') {
    put_form(target, place.forms, value);
  }
  return end + 1;
}

void fill(char *text, size_t size, const char *sentence, const struct values *values)
{
  struct target target = {text, size, 0};

  while (*sentence != '\0') {
    size_t plain = strcspn(sentence, "{");

    put(&target, sentence, plain);
    sentence += plain;
    if (*sentence == '{') {
      sentence = put_place(&target, sentence, values);
    }
  }
  text[target.used] = '\0';
}
