/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "catalogue.h"

#include <string.h>

const struct catalogue *catalogue_of(enum language language)
{
  return language == LANGUAGE_CHINESE ? &catalogue_chinese : &catalogue_english;
}

const char *catalogue_translate(const struct catalogue *catalogue, const char *original)
{
  const struct translation *rule = catalogue->rules;

  for (; rule != NULL && rule->original != NULL; rule++) {
    if (strcmp(rule->original, original) == 0) {
      return rule->translated;
    }
  }
  return original;
}
