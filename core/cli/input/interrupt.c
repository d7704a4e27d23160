/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A handler has no other way to tell. */
static volatile sig_atomic_t signal_came;
static int event = -1; /* can be read once a signal came, so that none slips in before a wait */

static void note(int number)
{
  const uint64_t one = 1;

  signal_came = number;
  signal(SIGTERM, SIG_DFL); /* the other one is reset by SA_RESETHAND */
  if (write(event, &one, sizeof one) < 0) {
    return; /* the flag is set all the same */
  }
}

/* One that is ignored stays so where the input ends by itself: the background job of a script must not hear its Ctrl-C.
 */
static void heed(int number, bool live)
{
  struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
  struct sigaction before;

  sigemptyset(&action.sa_mask);
  if (sigaction(number, NULL, &before) == 0 && (live || before.sa_handler != SIG_IGN)) {
    sigaction(number, &action, NULL);
  }
}

void interrupt_catch(bool live)
{
  event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  heed(SIGINT, live);
  heed(SIGTERM, live);
}

int interrupt_signal(void)
{
  return signal_came;
}

bool interrupt_wait(int descriptor, int timeout)
{
  struct pollfd descriptors[] = {{.fd = event, .events = POLLIN}, {.fd = descriptor, .events = POLLIN}};

  while (signal_came == 0 && poll(descriptors, 2, timeout) < 0 && errno == EINTR) {
  }
  return signal_came == 0;
}

bool interrupt_need_not_wait(int descriptor)
{
  struct pollfd there = {.fd = descriptor, .events = POLLIN};

  return signal_came != 0 || poll(&there, 1, 0) != 0;
}

void interrupt_shun(void)
{
  sigset_t all;

  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
}

void interrupt_end(void)
{
  if (signal_came != 0) {
    signal(signal_came, SIG_DFL);
    raise(signal_came);
  }
}
