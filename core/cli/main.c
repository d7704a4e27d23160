/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * START HERE: options, the loop (run.c), exit codes.
 */
#include "message.h"
#include "options.h"
#include "run.h"

#include <signal.h>

/* The name before getopt_long's messages and before ours, wherever the program lies. */
static char program_name[] = "tcpstate";

int main(int count, char **arguments)
{
  struct options options;
  int code = EXIT_DONE;

  /* A closed pipe shows as an error of write() and ends the run quietly. */
#ifdef SIGPIPE
  signal(SIGPIPE, SIG_IGN);
#endif
  if (count > 0) {
    arguments[0] = program_name;
  }
  switch (options_read(&options, count, arguments)) {
  case OPTIONS_RUN:
    code = run(&options);
    break;
  case OPTIONS_WRONG:
    code = EXIT_USAGE;
    break;
  case OPTIONS_NO_FILE:
    code = EXIT_UNREADABLE;
    break;
  case OPTIONS_DONE:
    break;
  }
  options_free(&options);
  return code;
}
