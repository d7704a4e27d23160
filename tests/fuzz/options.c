/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line: arguments are divided by newlines. What options_read() accepts must hang together. */
#include "target.h"

#include "commands.h"
#include "options.h"

#include <getopt.h>
#include <string.h>

enum { MOST_ARGUMENTS = 64, MOST_INPUT = 4096 };

static void check(const struct options *options, int count)
{
  FUZZ_CHECK(options->command != NULL && options->command->name != NULL);
  FUZZ_CHECK(options->form < FORM_COUNT && command_has_form(options->command, options->form));
  FUZZ_CHECK(options->file_count < (size_t)count && options->field_count < (size_t)count);
  FUZZ_CHECK((options->file_count == 0) == (options->interface != NULL));
  FUZZ_CHECK(options->files[options->file_count] == NULL);
  FUZZ_CHECK((options->form == FORM_FIELDS) == (options->field_count > 0));
  FUZZ_CHECK(options->time_wait_ns >= 0);
  FUZZ_CHECK(options->filter == NULL || strlen(options->filter) < MOST_INPUT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char text[MOST_INPUT + 1];
  char program[] = "tcpstate";
  char *arguments[MOST_ARGUMENTS + 1] = {program};
  char *rest = text;
  struct options options;
  int count = 1;

  if (size > MOST_INPUT) {
    return 0;
  }
  memcpy(text, data, size);
  text[size] = '\0';
  while (rest != NULL && count < MOST_ARGUMENTS) {
    arguments[count++] = strsep(&rest, "\n");
  }
  opterr = 0;
  optind = 0; /* glibc: start anew */
  if (options_read(&options, count, arguments) == OPTIONS_RUN) {
    check(&options, count);
  }
  options_free(&options);
  return 0;
}
