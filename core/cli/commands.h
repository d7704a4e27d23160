/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"
#include "output/writer.h"

struct command {
  const char *name;
  const char *summary;                       /* for --help */
  const struct writer *writers[FORM_COUNT];  /* NULL: the command has no such form */
  int (*run)(const struct options *options); /* NULL: the loop of run.c with a writer */
  unsigned forms;                            /* bit (1 << enum form) for each that `run` has */
};

/* The first one is the default. Ends with a command without name. */
extern const struct command commands[];

/* NULL if there is none of that name. */
const struct command *command_find(const char *name);

bool command_has_form(const struct command *command, enum form form);

const char *form_name(enum form form);

/* False if there is none of that name. */
bool form_find(const char *name, enum form *form);

#endif
