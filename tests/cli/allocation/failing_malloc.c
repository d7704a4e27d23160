/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An allocator that refuses once, or from then on: TCPSTATE_FAIL_AT=N refuses the N-th request, TCPSTATE_FAIL_ON=1 all
 * later ones too. To the descriptor TCPSTATE_FAIL_TELL one byte is written for each refusal.
 *
 * Linked with --wrap it is asked by the objects of the command alone, also for large blocks, which are not malloc's,
 * and goes with sanitizers; loaded before the C library (FAILING_PRELOAD) it is asked by every library as well.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef FAILING_PRELOAD
#define OURS(name)  name
#define TRUE_(name) __libc_##name
#else
#define OURS(name)  __wrap_##name
#define TRUE_(name) __real_##name
#endif

void *TRUE_(malloc)(size_t size);
void *TRUE_(calloc)(size_t count, size_t size);
void *TRUE_(realloc)(void *memory, size_t size);
void *OURS(malloc)(size_t size);
void *OURS(calloc)(size_t count, size_t size);
void *OURS(realloc)(void *memory, size_t size);

static long number_of(const char *name)
{
  const char *text = getenv(name);

  return text != NULL ? strtol(text, NULL, 10) : 0;
}

static bool is_refused(void)
{
  static long requests;
  const long at = number_of("TCPSTATE_FAIL_AT");

  requests++;
  if (at == 0 || requests < at || (requests > at && number_of("TCPSTATE_FAIL_ON") == 0)) {
    return false;
  }
  if (write((int)number_of("TCPSTATE_FAIL_TELL"), "", 1) < 0) {
    abort();
  }
  errno = ENOMEM;
  return true;
}

void *OURS(malloc)(size_t size)
{
  return is_refused() ? NULL : TRUE_(malloc)(size);
}

void *OURS(calloc)(size_t count, size_t size)
{
  return is_refused() ? NULL : TRUE_(calloc)(count, size);
}

void *OURS(realloc)(void *memory, size_t size)
{
  return is_refused() ? NULL : TRUE_(realloc)(memory, size);
}

#ifndef FAILING_PRELOAD
void *TRUE_(huge_pages_get)(size_t size);
void *TRUE_(huge_pages_get_clear)(size_t size);
void *OURS(huge_pages_get)(size_t size);
void *OURS(huge_pages_get_clear)(size_t size);

void *OURS(huge_pages_get)(size_t size)
{
  return is_refused() ? NULL : TRUE_(huge_pages_get)(size);
}

void *OURS(huge_pages_get_clear)(size_t size)
{
  return is_refused() ? NULL : TRUE_(huge_pages_get_clear)(size);
}
#endif
