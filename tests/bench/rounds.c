/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rounds.h"

#include "../../core/cli/huge_pages.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_ROUNDS = 99 };

int64_t rounds_now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool move_to_huge_pages(struct segments *segments)
{
  size_t size = segments->count * sizeof *segments->at;
  tcpstate_segment *at = huge_pages_get(size);
  if (at) {
    memcpy(at, segments->at, size);
    free(segments->at);
    segments->at = at;
  }
  return at != NULL;
}

bool rounds_open(int count, char **arguments, struct segments *segments, size_t *rounds)
{
  *segments = (struct segments){NULL, 0, 0};
  *rounds = count > 2 ? strtoul(arguments[2], NULL, 10) : 5;
  if (count < 2 || *rounds < 1 || *rounds > MOST_ROUNDS || !segments_load(segments, arguments[1]) ||
      segments->count == 0 || !move_to_huge_pages(segments)) {
    fprintf(stderr, "usage: %s FILE [ROUNDS]\n", arguments[0]);
    return false;
  }
  return true;
}

void rounds_close(struct segments *segments)
{
  huge_pages_put(segments->at, segments->count * sizeof *segments->at);
}

static int compare(const void *left, const void *right)
{
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

double rounds_median(size_t rounds, double (*round)(void *user), void *user)
{
  double said[MOST_ROUNDS];
  double last = round(user);
  for (size_t i = 0; last >= 0 && i < rounds; i++) {
    last = said[i] = round(user);
  }
  if (last < 0) {
    return last;
  }
  qsort(said, rounds, sizeof *said, compare);
  return said[rounds / 2];
}

struct kept {
  struct kept *next;
  size_t size;
};

static struct kept *kept;

void *rounds_get(size_t size)
{
  for (struct kept **at = &kept; *at; at = &(*at)->next) {
    if ((*at)->size == size) {
      struct kept *found = *at;
      *at = found->next;
      return found;
    }
  }
  return huge_pages_get(size < sizeof(struct kept) ? sizeof(struct kept) : size); /* as in the command */
}

void rounds_put(void *memory, size_t size)
{
  struct kept *block = memory;
  *block = (struct kept){kept, size};
  kept = block;
}
