/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The two-endpoint handshake and teardown, all of it: each scenario fixes the calls of both sides, and every
 * interleaving of these calls, of segments passing and arriving, of 2 losses, 1 duplicate, 1 overtaking and 2
 * retransmissions is walked. Two walks that have fed the same segments and left the same world behind go on alike, so
 * what follows is walked once and its paths are counted as often. */
#include "memo.h"
#include "run.h"
#include <string.h>

enum { CALLS_MAX = 4, PATH_MAX_STEPS = 200, REPORTS_MAX = 10 };

/* What the network and the timers may still do, and how far the calls have come. */
struct budget {
  uint8_t losses;
  uint8_t doubles;
  uint8_t overtakings;
  uint8_t retransmissions;
  uint8_t calls_done[SIDES];
};

struct scenario {
  const char *name;
  bool listens;     /* the server, before anything else */
  bool established; /* the client has opened, and nothing happened on the way: the budget is all for what follows */
  bool long_one;
  uint8_t calls[SIDES][CALLS_MAX];
  uint8_t count[SIDES];
  struct budget budget;
};

/* Where a walk stands. */
struct world {
  struct sim sim;
  struct checker checker; /* its tracker is the walker's, and may be elsewhere */
  struct budget budget;
  uint64_t fed_hash;
};

struct walker {
  const struct scenario *scenario;
  struct memo memo;
  struct script path;
  tcpstate_segment fed[SCRIPT_MAX]; /* along the path */
  uint32_t fed_count;
  tcpstate_tracker *tracker;
  uint64_t tracker_hash; /* of what it was fed with */
  uint64_t steps;
  uint64_t segments;
  unsigned violations;
  bool complete;
  char reported[REPORTS_MAX][256];
  FILE *out;
};

static double walk(struct walker *walker, const struct world *world);

static void blank_segment(struct segment *segment)
{
  segment->number = 0;
  segment->born_ms = 0;
}

/* Counters and birthdays do not matter for what follows. */
static uint64_t hash_world(const struct world *world)
{
  struct sim sim = world->sim;
  uint64_t hash = world->fed_hash;
  sim.sent = sim.passed = sim.arrived = sim.lost = 0;
  hash = memo_hash(hash, sim.end, sizeof sim.end);
  for (unsigned side = 0; side < SIDES; side++) {
    for (unsigned leg = 0; leg < LEGS; leg++) {
      struct leg *at = &sim.leg[side][leg];
      for (unsigned i = 0; i < at->count; i++) {
        blank_segment(&at->segment[i]);
      }
      hash = memo_hash(hash, &at->count, sizeof at->count);
      hash = memo_hash(hash, at->segment, at->count * sizeof *at->segment);
    }
  }
  hash = memo_hash(hash, &world->budget, sizeof world->budget);
  return memo_hash(hash, world->checker.observed_due, sizeof world->checker.observed_due);
}

/* The tracker may have gone down another path since: feed it afresh. */
static void rewind_tracker(struct walker *walker, const struct world *world)
{
  tcpstate_annotation ignored;
  if (walker->tracker && walker->tracker_hash == world->fed_hash) {
    return;
  }
  tcpstate_free(walker->tracker);
  if (tcpstate_new(&walker->tracker, NULL) != TCPSTATE_OK) {
    walker->tracker = NULL;
    walker->complete = false;
    return;
  }
  for (uint32_t i = 0; i < walker->fed_count; i++) {
    tcpstate_feed(walker->tracker, &walker->fed[i], &ignored);
  }
}

static void feed(struct walker *walker, struct world *world, const struct segment *segment)
{
  tcpstate_segment *observed = &walker->fed[walker->fed_count];
  rewind_tracker(walker, world);
  if (!walker->tracker) {
    return;
  }
  world->sim.now_ms = 1000 + walker->fed_count;
  checker_describe(observed, segment, world->sim.now_ms);
  world->checker.tracker = walker->tracker;
  checker_segment(&world->checker, &world->sim, segment);
  world->sim.now_ms = 1000;
  world->fed_hash = memo_hash(world->fed_hash, observed, sizeof *observed);
  walker->tracker_hash = world->fed_hash;
  walker->fed_count++;
  walker->segments++;
}

static void report_violation(struct walker *walker, const struct world *world)
{
  const struct violation *violation = &world->checker.violation;
  unsigned i = 0;
  walker->violations++;
  while (i < REPORTS_MAX && walker->reported[i][0] && strcmp(walker->reported[i], violation->text) != 0) {
    i++;
  }
  if (i == REPORTS_MAX || walker->reported[i][0]) {
    return;
  }
  memcpy(walker->reported[i], violation->text, sizeof violation->text);
  fprintf(walker->out, "  %s: %c %s\n", violation_name(violation->kind), violation->side ? 's' : 'c', violation->text);
  for (unsigned step = 0; step < walker->path.count; step++) {
    fputs("    ", walker->out);
    step_print(walker->out, &walker->path.step[step]);
    fputc('\n', walker->out);
  }
}

/* False: it cannot be taken. */
static bool take(struct walker *walker, struct world *world, struct step step)
{
  struct segment passed;
  struct outcome outcome = sim_step(&world->sim, NULL, &step, &passed);
  if (!outcome.done) {
    return false;
  }
  walker->steps++;
  walker->path.step[walker->path.count++] = step;
  if (outcome.captured) {
    feed(walker, world, outcome.segment);
  }
  checker_point(&world->checker, &world->sim);
  return true;
}

/* Takes one step from `from` and walks on. Returns the number of paths through it. */
static double follow(struct walker *walker, const struct world *from, const struct budget *budget, struct step step)
{
  struct world world = *from;
  uint32_t fed_count = walker->fed_count;
  double paths = 1;
  world.budget = *budget;
  if (!take(walker, &world, step)) {
    return 0;
  }
  if (world.checker.violation.kind != VIOLATION_NONE) {
    report_violation(walker, &world);
  } else if (walker->path.count < PATH_MAX_STEPS) {
    paths = walk(walker, &world);
  } else {
    walker->complete = false;
  }
  walker->path.count--;
  walker->fed_count = fed_count;
  return paths;
}

static double walk_network(struct walker *walker, const struct world *world, unsigned side, unsigned leg)
{
  static const uint8_t on[LEGS] = {OP_PASS, OP_DELIVER};
  static const uint8_t off[LEGS] = {OP_LOSE, OP_LOSE_LATE};
  static const uint8_t again[LEGS] = {OP_DOUBLE, OP_DOUBLE_LATE};
  unsigned count = world->sim.leg[side][leg].count;
  struct budget left = world->budget;
  double paths = 0;
  if (count == 0) {
    return 0;
  }
  paths += follow(walker, world, &left, (struct step){on[leg], (uint8_t)side, 0});
  if (left.losses > 0) {
    left.losses--;
    paths += follow(walker, world, &left, (struct step){off[leg], (uint8_t)side, 0});
    left.losses++;
  }
  if (left.doubles > 0) {
    left.doubles--;
    paths += follow(walker, world, &left, (struct step){again[leg], (uint8_t)side, 0});
    left.doubles++;
  }
  if (left.overtakings > 0) {
    left.overtakings--;
    for (unsigned i = 1; i < count; i++) {
      paths += follow(walker, world, &left, (struct step){on[leg], (uint8_t)side, i});
    }
  }
  return paths;
}

static double walk_endpoint(struct walker *walker, const struct world *world, unsigned side)
{
  const struct scenario *scenario = walker->scenario;
  struct budget left = world->budget;
  double paths = 0;
  if (left.calls_done[side] < scenario->count[side]) {
    uint8_t op = scenario->calls[side][left.calls_done[side]];
    left.calls_done[side]++;
    paths += follow(walker, world, &left, (struct step){op, (uint8_t)side, op == OP_SEND});
    left.calls_done[side]--;
  }
  if (left.retransmissions > 0 && world->sim.leg[side][0].count + world->sim.leg[side][1].count == 0) {
    left.retransmissions--;
    paths += follow(walker, world, &left, (struct step){OP_RETRANSMIT, (uint8_t)side, 0});
  }
  return paths;
}

static double walk(struct walker *walker, const struct world *world)
{
  uint64_t key = hash_world(world);
  double paths = 0;
  if (memo_find(&walker->memo, key, &paths)) {
    return paths;
  }
  paths = 0;
  for (unsigned side = 0; side < SIDES; side++) {
    paths += walk_endpoint(walker, world, side);
    for (unsigned leg = 0; leg < LEGS; leg++) {
      paths += walk_network(walker, world, side, leg);
    }
  }
  paths = paths > 0 ? paths : 1;
  walker->complete = memo_add(&walker->memo, key, paths) && walker->complete;
  return paths;
}

static void begin(struct world *world, const struct scenario *scenario)
{
  struct step listen = {OP_LISTEN, 1, 0};
  struct segment passed;
  memset(world, 0, sizeof *world);
  sim_init(&world->sim);
  world->sim.tick_ms = 0;
  world->budget = scenario->budget;
  for (unsigned i = 0; i < STREAMS_MAX; i++) {
    world->checker.said[i].stream = UINT32_MAX;
  }
  if (scenario->listens) {
    sim_step(&world->sim, NULL, &listen, &passed);
  }
}

/* RFC 9293 figure 6. */
static void establish(struct walker *walker, struct world *world)
{
  static const struct step steps[] = {{OP_OPEN, 0, 0},    {OP_PASS, 0, 0}, {OP_DELIVER, 0, 0}, {OP_PASS, 1, 0},
                                      {OP_DELIVER, 1, 0}, {OP_PASS, 0, 0}, {OP_DELIVER, 0, 0}};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    walker->complete = take(walker, world, steps[i]) && walker->complete;
  }
}

static bool run_scenario(const struct scenario *scenario, FILE *out)
{
  static struct walker walker;
  struct world world;
  double paths;
  memset(&walker, 0, sizeof walker);
  walker.scenario = scenario;
  walker.complete = true;
  walker.out = out;
  if (!memo_init(&walker.memo)) {
    return false;
  }
  begin(&world, scenario);
  if (scenario->established) {
    establish(&walker, &world);
  }
  paths = walk(&walker, &world);
  fprintf(out, "%s: %.4g paths, %llu worlds, %llu steps, %llu segments fed, %u violations%s\n", scenario->name, paths,
          (unsigned long long)walker.memo.used, (unsigned long long)walker.steps, (unsigned long long)walker.segments,
          walker.violations, walker.complete ? "" : ", NOT COMPLETE");
  fflush(out);
  tcpstate_free(walker.tracker);
  memo_free(&walker.memo);
  return walker.violations == 0 && walker.complete;
}

static bool is_asked_for(const struct scenario *scenario, const char *name)
{
  if (!name) {
    return !scenario->long_one;
  }
  return strcmp(name, "all") == 0 || strcmp(name, scenario->name) == 0;
}

unsigned exhaustive(FILE *out, const char *name)
{
  static const struct scenario scenarios[] = {
      {"refused", false, false, false, {{OP_OPEN}, {0}}, {1, 0}, {2, 1, 1, 2, {0, 0}}},
      {"handshake", true, false, false, {{OP_OPEN}, {0}}, {1, 0}, {2, 1, 1, 2, {0, 0}}},
      {"simultaneous-open-short", false, false, false, {{OP_OPEN}, {OP_OPEN}}, {1, 1}, {1, 1, 0, 1, {0, 0}}},
      {"client-closes-short", true, false, false, {{OP_OPEN, OP_SHUTDOWN}, {0}}, {2, 0}, {1, 1, 0, 1, {0, 0}}},
      {"client-aborts-short", true, false, false, {{OP_OPEN, OP_ABORT}, {0}}, {2, 0}, {1, 1, 0, 1, {0, 0}}},
      {"both-close-short", true, false, false, {{OP_OPEN, OP_SHUTDOWN}, {OP_SHUTDOWN}}, {2, 1}, {1, 1, 0, 1, {0, 0}}},
      {"simultaneous-open", false, false, true, {{OP_OPEN}, {OP_OPEN}}, {1, 1}, {2, 1, 1, 2, {0, 0}}},
      {"client-aborts", true, false, true, {{OP_OPEN, OP_ABORT}, {0}}, {2, 0}, {2, 1, 1, 2, {0, 0}}},
      {"server-aborts", true, false, true, {{OP_OPEN}, {OP_ABORT}}, {1, 1}, {2, 1, 1, 2, {0, 0}}},
      {"client-closes", true, false, true, {{OP_OPEN, OP_SHUTDOWN}, {0}}, {2, 0}, {2, 1, 1, 2, {0, 0}}},
      {"teardown", true, true, true, {{OP_SHUTDOWN}, {OP_SHUTDOWN}}, {1, 1}, {2, 1, 1, 2, {0, 0}}},
      {"teardown-by-reset", true, true, true, {{OP_SHUTDOWN}, {OP_ABORT}}, {1, 1}, {2, 1, 1, 2, {0, 0}}},
      {"both-close", true, false, true, {{OP_OPEN, OP_SHUTDOWN}, {OP_SHUTDOWN}}, {2, 1}, {2, 1, 1, 2, {0, 0}}},
  };
  unsigned failed = 0;
  bool found = false;
  for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
    if (is_asked_for(&scenarios[i], name)) {
      found = true;
      failed += !run_scenario(&scenarios[i], out);
    }
  }
  return found ? failed : 1;
}
