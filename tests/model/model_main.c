/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * model_test: the engine against two simulated endpoints. */
#include "run.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXAMPLES_MAX = 200, TEXT_SIZE = 480 };

/* One example of each fault: the shortest. */
struct example {
  char text[TEXT_SIZE];
  uint64_t seed;
  uint64_t times;
  struct script script;
};

struct settings {
  uint64_t seed;
  uint64_t runs;
  unsigned level;
  double seconds; /* 0: no limit */
  const char *script;
  bool exhaustive;
  const char *scenario; /* NULL: all but the long ones */
  bool trace;
};

struct totals {
  uint64_t runs;
  uint64_t segments;
  uint64_t failures;
  uint64_t set_size;
  uint64_t sets;
  uint64_t observed;
};

/* What a script needs beyond one connection, its calls, and loss and delay; the more of it, the less pressing. */
enum trait {
  TRAIT_SLOW = 0x80, /* a second or more passes while a segment is on its way, or an endpoint idle */
  TRAIT_TEXT = 0x40, /* an endpoint that follows the text of the RFC where its figures and the world do otherwise */
  TRAIT_REOPENED = 0x01,
  TRAIT_CRASH = 0x02,
  TRAIT_DOUBLED = 0x04,
  TRAIT_OVERTAKEN = 0x08,
  TRAIT_OLD_DUPLICATE = 0x10,
  TRAIT_LATE_CAPTURE = 0x20
};

static unsigned traits_of(const struct script *script)
{
  unsigned opened[SIDES] = {0, 0};
  unsigned traits = 0;
  uint64_t waited = 0;
  for (unsigned i = 0; i < script->count; i++) {
    const struct step *step = &script->step[i];
    opened[step->side] += step->op == OP_OPEN || step->op == OP_LISTEN;
    traits |= step->op == OP_CAPTURE ? TRAIT_LATE_CAPTURE : 0;
    traits |= step->op == OP_REPLAY ? TRAIT_OLD_DUPLICATE : 0;
    traits |= (step->op == OP_PASS && step->argument > 0) || step->op == OP_DOUBLE ? TRAIT_OVERTAKEN : 0;
    waited += step->op == OP_WAIT ? step->argument : 0;
    traits |= step->op == OP_DOUBLE_LATE ? TRAIT_DOUBLED : 0;
    traits |= step->op == OP_VARIANTS &&
                      (step->argument & (VARIANT_BARE_ACK | VARIANT_TEXT_NOT_FIGURE | VARIANT_FIN_IN_WINDOW))
                  ? TRAIT_TEXT
                  : 0;
    traits |= step->op == OP_CRASH || step->op == OP_GIVE_UP ? TRAIT_CRASH : 0;
  }
  traits |= waited >= 1000 ? TRAIT_SLOW : 0;
  return traits | (opened[0] > 1 || opened[1] > 1 ? TRAIT_REOPENED : 0);
}

static void traits_text(unsigned traits, char *text, size_t size)
{
  snprintf(text, size, "%s%s%s%s%s%s%s%s%s", traits ? "" : "plain ", traits & TRAIT_SLOW ? "slow " : "",
           traits & TRAIT_TEXT ? "text not figure " : "", traits & TRAIT_REOPENED ? "reopened " : "",
           traits & TRAIT_CRASH ? "crash " : "", traits & TRAIT_DOUBLED ? "doubled behind the capture point " : "",
           traits & TRAIT_OVERTAKEN ? "overtaken before the capture point " : "",
           traits & TRAIT_OLD_DUPLICATE ? "old duplicate " : "", traits & TRAIT_LATE_CAPTURE ? "late capture " : "");
}

static void note(struct example *examples, unsigned *count, struct run *run, struct script *script, uint64_t seed)
{
  char text[TEXT_SIZE];
  char traits[160];
  unsigned i = 0;
  shrink(run, script);
  run_script(run, script, NULL);
  traits_text(traits_of(script), traits, sizeof traits);
  snprintf(text, sizeof text, "[ %s] %s: %s", traits, violation_name(run->checker.violation.kind),
           run->checker.violation.text);
  while (i < *count && strcmp(examples[i].text, text) != 0) {
    i++;
  }
  if (i == EXAMPLES_MAX) {
    return;
  }
  if (i == *count) {
    (*count)++;
    memcpy(examples[i].text, text, sizeof text);
    examples[i].times = 0;
  }
  examples[i].times++;
  if (examples[i].times == 1 || script->count < examples[i].script.count) {
    examples[i].script = *script;
    examples[i].seed = seed;
  }
}

static int plainer_first(const void *left, const void *right)
{
  const struct example *a = left;
  const struct example *b = right;
  unsigned traits_a = traits_of(&a->script);
  unsigned traits_b = traits_of(&b->script);
  if (traits_a != traits_b) {
    return traits_a < traits_b ? -1 : 1;
  }
  return (a->script.count > b->script.count) - (a->script.count < b->script.count);
}

static void print_examples(struct run *run, struct example *examples, unsigned count)
{
  qsort(examples, count, sizeof *examples, plainer_first);
  for (unsigned i = 0; i < count; i++) {
    printf("\n%u. %s (%" PRIu64 " times, seed %" PRIu64 ")\n", i + 1, examples[i].text, examples[i].times,
           examples[i].seed);
    run_script(run, &examples[i].script, stdout);
  }
}

static void add(struct totals *totals, const struct checker *checker)
{
  totals->runs++;
  totals->segments += checker->fed;
  totals->failures += checker->violation.kind != VIOLATION_NONE;
  totals->set_size += checker->set_size;
  totals->sets += checker->sets;
  totals->observed += checker->observed;
}

static bool time_is_up(const struct settings *settings, clock_t begun)
{
  return settings->seconds > 0 && (double)(clock() - begun) / CLOCKS_PER_SEC >= settings->seconds;
}

static int random_runs(struct run *run, const struct settings *settings)
{
  static struct script script;
  struct example *examples = calloc(EXAMPLES_MAX, sizeof *examples);
  struct totals totals = {0};
  unsigned count = 0;
  clock_t begun = clock();
  for (uint64_t i = 0; examples && i < settings->runs && !time_is_up(settings, begun); i++) {
    generate(run, &script, settings->seed + i, settings->level);
    add(&totals, &run->checker);
    if (run->checker.violation.kind != VIOLATION_NONE) {
      note(examples, &count, run, &script, settings->seed + i);
    }
  }
  if (examples) {
    print_examples(run, examples, count);
  }
  printf("model: %" PRIu64 " runs from seed %" PRIu64 ", %" PRIu64 " segments, %" PRIu64
         " runs with a violation, %u kinds; mean size of possible %.3f, observed %.1f %%\n",
         totals.runs, settings->seed, totals.segments, totals.failures, count,
         totals.sets ? (double)totals.set_size / (double)totals.sets : 0.0,
         totals.sets ? 100.0 * (double)totals.observed / (double)totals.sets : 0.0);
  free(examples);
  return totals.failures != 0 || totals.segments == 0;
}

static int one_script(struct run *run, const char *name)
{
  static struct script script;
  FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
  bool good = file && script_read(&script, file);
  if (file && file != stdin) {
    fclose(file);
  }
  if (!good) {
    fprintf(stderr, "model_test: no script in %s\n", name);
    return 2;
  }
  run_script(run, &script, stdout);
  return run->checker.violation.kind != VIOLATION_NONE;
}

static int one_trace(struct run *run, const struct settings *settings)
{
  static struct script script;
  generate(run, &script, settings->seed, settings->level);
  run_script(run, &script, stdout);
  return run->checker.violation.kind != VIOLATION_NONE;
}

static bool read_options(struct settings *settings, int argc, char **argv)
{
  static const struct option options[] = {
      {"level", required_argument, NULL, 'l'},   {"seed", required_argument, NULL, 's'},
      {"runs", required_argument, NULL, 'r'},    {"script", required_argument, NULL, 'f'},
      {"seconds", required_argument, NULL, 't'}, {"exhaustive", optional_argument, NULL, 'x'},
      {"trace", no_argument, NULL, 'v'},         {NULL, 0, NULL, 0}};
  int option;
  while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
    switch (option) {
    case 's':
      settings->seed = strtoull(optarg, NULL, 10);
      break;
    case 'l':
      settings->level = (unsigned)strtoul(optarg, NULL, 10);
      break;
    case 'r':
      settings->runs = strtoull(optarg, NULL, 10);
      break;
    case 'f':
      settings->script = optarg;
      break;
    case 't':
      settings->seconds = strtod(optarg, NULL);
      break;
    case 'x':
      settings->exhaustive = true;
      settings->scenario = optarg;
      break;
    case 'v':
      settings->trace = true;
      break;
    default:
      return false;
    }
  }
  return optind == argc;
}

int main(int argc, char **argv)
{
  struct settings settings = {.seed = 1, .runs = 10000, .level = LEVEL_WILD};
  struct run run;
  int status = 2;
  if (!read_options(&settings, argc, argv)) {
    fputs("usage: model_test [--level 1..3] [--seed N] [--runs N] [--seconds S] [--trace] [--script FILE] "
          "[--exhaustive[=SCENARIO]]\n",
          stderr);
    return 2;
  }
  if (!run_init(&run)) {
    return 2;
  }
  if (settings.exhaustive) {
    status = exhaustive(stdout, settings.scenario) != 0;
  } else if (settings.script) {
    status = one_script(&run, settings.script);
  } else if (settings.trace) {
    status = one_trace(&run, &settings);
  } else {
    status = random_runs(&run, &settings);
  }
  run_free(&run);
  return status;
}
