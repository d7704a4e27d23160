/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * peak COMMAND...: the most memory that the command had, in KiB, whatever it prints. The system counts the memory of
 * whoever starts a command as the command's, so it has to be somebody small. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char **command)
{
  int nowhere = open("/dev/null", O_RDWR);
  for (int descriptor = 0; descriptor < 3; descriptor++) {
    dup2(nowhere, descriptor);
  }
  execvp(command[0], command);
  _exit(127);
}

int main(int count, char **arguments)
{
  struct rusage usage;
  int status;
  if (count < 2) {
    fprintf(stderr, "usage: peak COMMAND...\n");
    return 1;
  }
  pid_t child = fork();
  if (child == 0) {
    run(arguments + 1);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "peak: %s failed\n", arguments[1]);
    return 1;
  }
  printf("%ld\n", usage.ru_maxrss);
  return 0;
}
