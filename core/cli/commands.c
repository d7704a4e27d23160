/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "commands.h"

#include "compare/compare_command.h"

#include <string.h>

const struct command commands[] = {
    {.name = "annotate",
     .summary = "one line for each TCP segment (default)",
     .writers = {[FORM_TEXT] = &writer_text,
                 [FORM_CSV] = &writer_csv,
                 [FORM_JSON] = &writer_json,
                 [FORM_FIELDS] = &writer_fields}},
    {.name = "conns",
     .summary = "one row for each connection",
     .writers = {[FORM_TEXT] = &conns_text, [FORM_CSV] = &conns_csv, [FORM_JSON] = &conns_json}},
    {.name = "explain",
     .summary = "the story of each connection, in at most 200 steps",
     .writers = {[FORM_TEXT] = &explain_text}},
    {.name = "diagram",
     .summary = "each connection as a picture: sequence ladder or state diagram",
     .writers = {[FORM_TEXT] = &diagram_text, [FORM_SVG] = &diagram_svg}},
    {.name = "compare",
     .summary = "the same connections captured at two places: FILE_A FILE_B",
     .run = compare_command,
     .forms = 1u << FORM_TEXT | 1u << FORM_CSV | 1u << FORM_JSON | 1u << FORM_SVG},
    {0},
};

static const char *const form_names[FORM_COUNT] = {
    [FORM_TEXT] = "text", [FORM_CSV] = "csv", [FORM_JSON] = "json", [FORM_FIELDS] = "fields", [FORM_SVG] = "svg",
};

const struct command *command_find(const char *name)
{
  for (const struct command *command = commands; command->name != NULL; command++) {
    if (strcmp(command->name, name) == 0) {
      return command;
    }
  }
  return NULL;
}

bool command_has_form(const struct command *command, enum form form)
{
  return command->writers[form] != NULL || (command->forms & 1u << form) != 0;
}

const char *form_name(enum form form)
{
  return form_names[form];
}

bool form_find(const char *name, enum form *form)
{
  for (unsigned i = 0; i < FORM_COUNT; i++) {
    if (strcmp(form_names[i], name) == 0) {
      *form = (enum form)i;
      return true;
    }
  }
  return false;
}
