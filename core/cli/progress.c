/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES_BETWEEN_LOOKS = 2048, BAR_WIDTH = 30, LINE_SIZE = 128 };

static const double first_after = 0.5; /* seconds: who waits less needs no bar */
static const double again_after = 0.2;

struct progress {
  uint64_t next_look; /* frames */
  double start;
  double next_draw;
  bool drawn;
};

static double now(void)
{
  struct timespec time;

  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct progress *progress_new(enum when when, bool quiet_output)
{
  bool person = isatty(STDERR_FILENO) && (quiet_output || !isatty(STDOUT_FILENO));
  struct progress *progress = NULL;

  if (when == WHEN_ALWAYS || (when == WHEN_AUTO && person)) {
    progress = calloc(1, sizeof *progress);
  }
  if (progress != NULL) {
    progress->start = now();
    progress->next_draw = progress->start + (when == WHEN_ALWAYS ? 0 : first_after);
  }
  return progress;
}

static void format_bar(char line[LINE_SIZE], double share)
{
  int full = (int)(share * BAR_WIDTH);
  char bar[BAR_WIDTH + 1];

  memset(bar, ' ', BAR_WIDTH);
  memset(bar, '#', (size_t)full);
  bar[BAR_WIDTH] = '\0';
  snprintf(line, LINE_SIZE, "[%s] %3.0f%% ", bar, 100 * share);
}

static void format_left(char *text, size_t size, double seconds)
{
  if (seconds < 100) {
    snprintf(text, size, ", %.0f s left", seconds);
  } else {
    snprintf(text, size, ", %.0f min left", seconds / 60);
  }
}

static void draw(struct progress *progress, uint64_t frames, uint64_t bytes, uint64_t total, double elapsed)
{
  char bar[LINE_SIZE] = "";
  char left[LINE_SIZE] = "";
  double share = total > 0 ? (double)bytes / (double)total : 0;

  share = share > 1 ? 1 : share;
  if (total > 0) {
    format_bar(bar, share);
    if (share > 0) {
      format_left(left, sizeof left, elapsed / share - elapsed);
    }
  }
  /* The cursor goes back: a message would be written over the bar. */
  fprintf(stderr, "%s%" PRIu64 " frames, %.2f million/s%s\033[K\r", bar, frames,
          elapsed > 0 ? (double)frames / elapsed / 1e6 : 0, left);
  fflush(stderr);
  progress->drawn = true;
}

void progress_show(struct progress *progress, uint64_t frames, uint64_t bytes, uint64_t total)
{
  double time;

  if (progress == NULL || frames < progress->next_look) {
    return;
  }
  progress->next_look = frames + FRAMES_BETWEEN_LOOKS;
  time = now();
  if (time >= progress->next_draw) {
    progress->next_draw = time + again_after;
    draw(progress, frames, bytes, total, time - progress->start);
  }
}

void progress_free(struct progress *progress)
{
  if (progress != NULL && progress->drawn) {
    fputs("\r\033[K", stderr);
    fflush(stderr);
  }
  free(progress);
}
