/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs a script: simulator and checker side by side. */
#include "run.h"
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_LENGTH = 256 };

bool run_init(struct run *run)
{
  memset(run, 0, sizeof *run);
  run->segments = malloc(SCRIPT_MAX * sizeof *run->segments);
  run->annotations = malloc(SCRIPT_MAX * sizeof *run->annotations);
  return run->segments && run->annotations;
}

void run_free(struct run *run)
{
  checker_free(&run->checker);
  free(run->segments);
  free(run->annotations);
}

void run_begin(struct run *run)
{
  checker_free(&run->checker);
  sim_init(&run->sim);
  run->history.count = 0;
  if (!checker_init(&run->checker)) {
    fputs("model: no memory for a tracker\n", stderr);
    exit(2);
  }
}

/* True if the step was possible. */
bool run_step(struct run *run, const struct step *step)
{
  struct segment passed;
  struct outcome outcome = sim_step(&run->sim, &run->history, step, &passed);
  if (outcome.captured) {
    uint32_t at = run->checker.fed % SCRIPT_MAX;
    checker_describe(&run->segments[at], outcome.segment, run->sim.now_ms);
    checker_segment(&run->checker, &run->sim, outcome.segment);
    run->annotations[at] = run->checker.last;
  }
  checker_point(&run->checker, &run->sim);
  return outcome.done;
}

/* feed_batch, in pieces of 1, 2, 3 ... segments, must say the same. */
static void compare_batch(struct run *run)
{
  tcpstate_annotation annotations[SCRIPT_MAX];
  tcpstate_tracker *tracker;
  uint32_t done = 0;
  uint32_t piece = 1;
  if (tcpstate_new(&tracker, NULL) != TCPSTATE_OK) {
    return;
  }
  while (done < run->checker.fed) {
    uint32_t count = run->checker.fed - done < piece ? run->checker.fed - done : piece;
    if (tcpstate_feed_batch(tracker, run->segments + done, count, annotations + done) != TCPSTATE_OK) {
      break;
    }
    done += count;
    piece++;
  }
  for (uint32_t i = 0; i < run->checker.fed && run->checker.violation.kind == VIOLATION_NONE; i++) {
    if (i >= done || !annotations_agree(&annotations[i], &run->annotations[i])) {
      run->checker.violation.kind = VIOLATION_BATCH;
      strcpy(run->checker.violation.text, "feed_batch says something else than feed");
    }
  }
  tcpstate_free(tracker);
}

void run_end(struct run *run)
{
  checker_end(&run->checker);
  if (run->checker.violation.kind == VIOLATION_NONE) {
    compare_batch(run);
  }
}

static void trace_step(const struct run *run, const struct step *step, bool done, uint32_t fed, FILE *trace)
{
  step_print(trace, step);
  if (!done) {
    fputs("   (not possible)", trace);
  }
  if (run->checker.fed != fed) {
    const struct leg *leg = &run->sim.leg[step->side][1];
    if (leg->count) {
      fputs("\n      ", trace);
      segment_print(trace, &leg->segment[leg->count - 1]);
    }
    fputs("\n      ", trace);
    annotation_print(trace, &run->checker.last);
    fputs("\n     ", trace);
  }
  fputs("   [", trace);
  for (unsigned side = 0; side < SIDES; side++) {
    const struct endpoint *end = &run->sim.end[side];
    fprintf(trace, "%s%s", side ? " s=" : "c=", tcpstate_state_name(endpoint_true(end)));
    if (endpoint_true(end) != endpoint_shown(end)) {
      fprintf(trace, " (shown %s)", tcpstate_state_name(endpoint_shown(end)));
    }
  }
  fputs("]\n", trace);
}

void run_script(struct run *run, const struct script *script, FILE *trace)
{
  run_begin(run);
  for (unsigned i = 0; i < script->count && run->checker.violation.kind == VIOLATION_NONE; i++) {
    uint32_t fed = run->checker.fed;
    bool done = run_step(run, &script->step[i]);
    if (trace) {
      trace_step(run, &script->step[i], done, fed, trace);
    }
  }
  if (run->checker.violation.kind == VIOLATION_NONE) {
    run_end(run);
  }
  if (trace && run->checker.violation.kind != VIOLATION_NONE) {
    fprintf(trace, "  => %s: %c %s\n", violation_name(run->checker.violation.kind),
            run->checker.violation.side ? 's' : 'c', run->checker.violation.text);
  }
}

bool script_read(struct script *script, FILE *file)
{
  char line[LINE_MAX_LENGTH];
  script->count = 0;
  while (fgets(line, sizeof line, file) && script->count < SCRIPT_MAX) {
    script->count += step_parse(line, &script->step[script->count]);
  }
  return script->count > 0;
}
