/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An allow-list of system calls. What is not on it fails with ENOSYS, so that a C library that tries a newer call first
 * falls back on the one that is.
 */
#include "sandbox.h"

#ifndef TCPSTATE_SECCOMP

bool sandbox_enter(void)
{
  return false;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Some exist on some architectures only; libseccomp knows where. */
static const int allowed[] = {
    /* reading, writing, waiting */
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(lseek),
    SCMP_SYS(_llseek), SCMP_SYS(close), SCMP_SYS(dup), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64),
    SCMP_SYS(eventfd2),
    /* what files are */
    SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64),
    SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    /* memory */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(futex_time64),
    /* time, random numbers, signals, the end */
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(getpid),
    SCMP_SYS(gettid), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn),
    SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
    /* what the C library does as a thread begins */
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
    /* on the device that is open: its packets, counters and whether it is still there */
    SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(getsockname)};

/* What is asked of terminals, and of a device that is down. */
static const unsigned requests[] = {TCGETS, TIOCGWINSZ, SIOCGIFFLAGS};

enum { WRITING = O_ACCMODE | O_CREAT | O_TRUNC };

static bool allow_all(scmp_filter_ctx filter)
{
  bool done = true;

  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
    done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
  }
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    done =
        done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, requests[i], 0)) == 0;
  }
  return done;
}

static bool allow_without(scmp_filter_ctx filter, int call, unsigned argument, uint64_t bits)
{
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, bits, 0)) == 0;
}

/* A thread, but no process. What it shall be is in memory with clone3, so that one is not there. */
static bool allow_thread(scmp_filter_ctx filter)
{
#ifdef __s390x__
  const struct scmp_arg_cmp is_thread = SCMP_A1(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
#else
  const struct scmp_arg_cmp is_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
#endif

  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, is_thread) == 0;
}

/* Files to read, memory that is no program, signals to oneself. */
static bool allow_some(scmp_filter_ctx filter)
{
  const scmp_datum_t self = (scmp_datum_t)getpid();

  return allow_without(filter, SCMP_SYS(open), 1, WRITING) && allow_without(filter, SCMP_SYS(openat), 2, WRITING) &&
         allow_without(filter, SCMP_SYS(mmap), 2, PROT_EXEC) && allow_without(filter, SCMP_SYS(mmap2), 2, PROT_EXEC) &&
         allow_without(filter, SCMP_SYS(mprotect), 2, PROT_EXEC) &&
         seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, self, 0)) == 0;
}

/* It shares the process with us and needs more. */
static bool runs_in_valgrind(void)
{
  const char *preloaded = getenv("LD_PRELOAD");

  return preloaded != NULL && strstr(preloaded, "/vgpreload_") != NULL;
}

bool sandbox_enter(void)
{
  static bool entered;
  scmp_filter_ctx filter;

  if (entered || getenv("TCPSTATE_NO_SANDBOX") != NULL || runs_in_valgrind()) {
    return entered;
  }
  filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
  if (filter != NULL) {
    entered = allow_all(filter) && allow_some(filter) && allow_thread(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
  }
  return entered;
}

#endif
