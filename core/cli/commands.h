/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"
#include "output/writer.h"

struct command {
  const char *name;
  const char *summary;                      /* for --help */
  const struct writer *writers[FORM_COUNT]; /* NULL: the command has no such form */
};

/* The first one is the default. Ends with a command without name. */
extern const struct command commands[];

/* NULL if there is none of that name. */
const struct command *command_find(const char *name);

const char *form_name(enum form form);

/* False if there is none of that name. */
bool form_find(const char *name, enum form *form);

#endif
