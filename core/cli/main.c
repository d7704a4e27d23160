/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * START HERE: options, the loop (run.c), exit codes.
 */
#include "message.h"
#include "options.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The name before getopt_long's messages and before ours, wherever the program lies. */
static char program_name[] = "tcpstate";

/* A standard stream that is closed must not be what is opened next: messages would go into the file of -w. What stands
 * in for it can be read, as empty, and not be written. */
static void open_standard_streams(void)
{
  int descriptor;

  do {
    descriptor = open("/dev/null", O_RDONLY);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor >= 0) {
    close(descriptor);
  }
}

/* Help and version go through stdio. */
static int finish_printing(void)
{
  if (fflush(stdout) != 0 && errno != EPIPE) {
    complain("standard output: %s", strerror(errno));
    return EXIT_DAMAGED;
  }
  return EXIT_DONE;
}

int main(int count, char **arguments)
{
  struct options options;
  int code = EXIT_DONE;

  open_standard_streams();
  setvbuf(stderr, NULL, _IOLBF, BUFSIZ); /* a message in one piece, whoever else writes there */
  /* A closed pipe shows as an error of write() and ends the run quietly; so does a limit of file sizes, with a word. */
#ifdef SIGPIPE
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
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
    code = finish_printing();
    break;
  }
  options_free(&options);
  return code;
}
