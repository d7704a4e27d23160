/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * START HERE: options, the loop (run.c), exit codes.
 */
#include "message.h"
#include "options.h"
#include "run.h"

#include <signal.h>

int main(int count, char **arguments)
{
  struct options options;
  int code = EXIT_DONE;

  /* A closed pipe shows as an error of write() and ends the run quietly. */
  signal(SIGPIPE, SIG_IGN);
  switch (options_read(&options, count, arguments)) {
  case OPTIONS_RUN:
    code = run(&options);
    break;
  case OPTIONS_WRONG:
    code = EXIT_USAGE;
    break;
  case OPTIONS_DONE:
    break;
  }
  options_free(&options);
  return code;
}
