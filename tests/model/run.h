/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A script, and running it from the beginning. */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "checker.h"

enum { SCRIPT_MAX = 1024 };

struct script {
  struct step step[SCRIPT_MAX];
  unsigned count;
};

struct run {
  struct sim sim;
  struct history history;
  struct checker checker;
  tcpstate_segment *segments; /* what was fed, and what was said of it; SCRIPT_MAX of each */
  tcpstate_annotation *annotations;
};

bool run_init(struct run *run);
void run_free(struct run *run);
void run_begin(struct run *run);
bool run_step(struct run *run, const struct step *step);
void run_end(struct run *run);

/* All of it; prints every step, segment and annotation if `trace` is not NULL. */
void run_script(struct run *run, const struct script *script, FILE *trace);

bool script_read(struct script *script, FILE *file);

/* How far a made-up run may go. */
enum level {
  LEVEL_PLAIN = 1, /* one connection; loss, and overtaking behind the capture point; no wait of a second */
  LEVEL_ROUGH, /* ports used again, crashes, timeouts, calls at any time, long waits, the RFC's text followed literally
                */
  LEVEL_WILD   /* duplicates and old duplicates, overtaking before the capture point, captures that begin late */
};

/* generate.c: a script made up as it runs, every step chosen in sight of where the simulation stands. */
void generate(struct run *run, struct script *script, uint64_t seed, unsigned level);

/* shrink.c: leaves out and makes smaller whatever the violation does not need. */
void shrink(struct run *run, struct script *script);

/* exhaustive.c: every interleaving of one scenario, of all of them ("all"), or of all but the long ones (NULL). Returns
 * how many have failed, and 1 if there is none of that name. */
unsigned exhaustive(FILE *out, const char *name);

#endif
