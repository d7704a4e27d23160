/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a process can do inside, and what no longer. Exit status 77: there is no sandbox here.
 */
#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_refused(long result)
{
  return result == -1 && errno == ENOSYS;
}

static bool opens_socket(void)
{
  return is_refused(socket(AF_INET, SOCK_STREAM, 0)) && is_refused(socket(AF_UNIX, SOCK_DGRAM, 0));
}

static bool makes_process(void)
{
  char program[] = "/bin/true";
  char *const words[] = {program, NULL};

  return is_refused(fork()) && is_refused(execve(program, words, NULL));
}

static bool touches_others(void)
{
  return is_refused(kill(getppid(), 0)) && is_refused(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static bool writes_files(void)
{
  return is_refused(open("/dev/null", O_WRONLY)) && is_refused(open("/dev/null", O_RDWR)) &&
         is_refused(open("/tmp/tcpstate-never", O_RDONLY | O_CREAT, 0600)) &&
         is_refused(unlink("/tmp/tcpstate-never")) && is_refused(rename("/tmp/tcpstate-never", "/tmp/tcpstate-ever")) &&
         is_refused(chmod("/dev/null", 0666));
}

static bool runs_new_code(void)
{
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  bool refused = page != MAP_FAILED && is_refused(mprotect(page, 4096, PROT_READ | PROT_EXEC));

  return refused && mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static bool still_works(void)
{
  const int file = open("/dev/zero", O_RDONLY);
  char byte = 1;
  void *memory = malloc((size_t)1 << 22);
  const bool done = file >= 0 && read(file, &byte, 1) == 1 && byte == 0 && close(file) == 0 && memory != NULL &&
                    sandbox_enter() && isatty(0) >= 0;

  free(memory);
  return done;
}

/* In a process of its own: there is no way back out. */
static void check(bool (*holds)(void))
{
  int status;
  const pid_t child = fork();

  if (child == 0) {
    _exit(sandbox_enter() ? holds() ? 0 : 1 : 77);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) {
    skip();
  }
  assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_all(void **state)
{
  static bool (*const checks[])(void) = {opens_socket, makes_process, touches_others,
                                         writes_files, runs_new_code, still_works};

  (void)state;
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
    check(checks[i]);
  }
}

/* The rest of the system sees that it can be switched off. */
static bool is_off(void)
{
  return socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

static void test_switched_off(void **state)
{
  int status;
  pid_t child;

  (void)state;
  setenv("TCPSTATE_NO_SANDBOX", "1", 1);
  child = fork();
  if (child == 0) {
    _exit(!sandbox_enter() && is_off() ? 0 : 1);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  unsetenv("TCPSTATE_NO_SANDBOX");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_all), cmocka_unit_test(test_switched_off)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
