/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options_check.h"

#include "commands.h"
#include "message.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_same_file(const char *left, const char *right)
{
  struct stat a;
  struct stat b;

  return stat(left, &a) == 0 && stat(right, &b) == 0 && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

/* Sections and interfaces of several files cannot be kept as they are in one. */
static bool can_copy(const struct options *options)
{
  const bool compares = options->command->run != NULL;

  if (!compares && (options->command != commands || options->tcpdump_text || options->file_count > 1)) {
    complain("-w needs the command annotate and one capture, or compare");
    return false;
  }
  for (const char **file = options->files; *file != NULL; file++) {
    if (is_same_file(*file, options->write_file)) {
      complain("-w: %s is the input", options->write_file);
      return false;
    }
  }
  return true;
}

/* Who reads what he writes never comes to an end. */
static bool writes_to_input(const struct options *options)
{
  struct stat output;

  if (fstat(STDOUT_FILENO, &output) != 0 || !S_ISREG(output.st_mode) || output.st_size == 0) {
    return false; /* one that is empty has nothing to read: its own complaint says more */
  }
  for (const char **file = options->files; *file != NULL; file++) {
    struct stat input;
    const bool there = strcmp(*file, "-") == 0 ? fstat(STDIN_FILENO, &input) == 0 : stat(*file, &input) == 0;

    if (there && input.st_dev == output.st_dev && input.st_ino == output.st_ino) {
      complain("standard output is the input %s", *file);
      return true;
    }
  }
  return false;
}

bool options_hang_together(const struct options *options)
{
  if (writes_to_input(options)) {
    return false;
  }
  if (!command_has_form(options->command, options->form)) {
    complain("%s has no output form %s", options->command->name, form_name(options->form));
    return false;
  }
  if ((options->form == FORM_FIELDS) != (options->field_count > 0)) {
    complain("-T fields and -e belong together");
    return false;
  }
  if (options->interface != NULL && options->tcpdump_text) {
    complain("-i and --tcpdump-text exclude each other");
    return false;
  }
  if (options->explain && (options->command->run == NULL || options->form != FORM_TEXT)) {
    complain("--explain needs the command compare and the output form text");
    return false;
  }
  return options->write_file == NULL || can_copy(options);
}
