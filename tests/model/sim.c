/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Carries out one step of a script. */
#include "network.h"
#include <string.h>

void sim_init(struct sim *sim)
{
  memset(sim, 0, sizeof *sim);
  sim->capturing = true;
  sim->now_ms = 1000;
  sim->tick_ms = 1;
  sim->lifetime_ms = MSL_MS;
  for (unsigned side = 0; side < SIDES; side++) {
    endpoint_init(&sim->end[side]);
  }
}

/* What the endpoint has said goes onto its first leg. */
static void post(struct sim *sim, struct history *history, unsigned side, struct outbox *out)
{
  for (unsigned i = 0; i < out->count; i++) {
    struct segment *segment = &out->segment[i];
    segment->sender = (uint8_t)side;
    segment->epoch = endpoint_epoch(&sim->end[side], segment);
    segment->number = sim->sent++;
    if (!network_put(&sim->leg[side][0], segment)) {
      sim->lost++;
    }
    if (history) {
      history->segment[history->count++ % HISTORY_MAX] = *segment;
    }
  }
}

static struct context context_of(const struct sim *sim, unsigned side, struct outbox *out)
{
  struct context context = {&sim->end[side].options, out, sim->now_ms};
  out->count = 0;
  return context;
}

static bool user_step(struct sim *sim, struct history *history, const struct step *step)
{
  struct outbox out;
  struct context context = context_of(sim, step->side, &out);
  bool done = endpoint_call(&sim->end[step->side], &context, step, !sim->something_passed);
  post(sim, history, step->side, &out);
  return done;
}

static bool deliver(struct sim *sim, struct history *history, const struct step *step)
{
  unsigned to = 1u - step->side;
  struct segment segment;
  struct outbox out;
  struct context context = context_of(sim, to, &out);
  if (!network_take(&sim->leg[step->side][1], step->argument, &segment)) {
    return false;
  }
  sim->arrived++;
  endpoint_arrives(&sim->end[to], &context, &segment);
  post(sim, history, to, &out);
  return true;
}

static bool pass(struct sim *sim, const struct step *step, struct segment *segment)
{
  if (!network_take(&sim->leg[step->side][0], step->argument, segment)) {
    return false;
  }
  sim->passed++;
  sim->now_ms += sim->tick_ms;
  sim->something_passed = true;
  endpoint_shows(&sim->end[step->side], segment);
  if (!network_put(&sim->leg[step->side][1], segment)) {
    sim->lost++;
  }
  return true;
}

static bool lose(struct sim *sim, const struct step *step, unsigned leg)
{
  struct segment segment;
  if (!network_take(&sim->leg[step->side][leg], step->argument, &segment)) {
    return false;
  }
  sim->lost++;
  return true;
}

static bool replay(struct sim *sim, const struct history *history, const struct step *step)
{
  const struct segment *segment;
  if (!history || step->argument >= history->count || step->argument >= HISTORY_MAX) {
    return false;
  }
  segment = &history->segment[(history->count - 1 - step->argument) % HISTORY_MAX];
  if (segment->sender != step->side || sim->now_ms - segment->born_ms >= sim->lifetime_ms) {
    return false;
  }
  return network_put(&sim->leg[step->side][0], segment);
}

static bool wait_step(struct sim *sim, const struct step *step)
{
  sim->now_ms += step->argument;
  for (unsigned side = 0; side < SIDES; side++) {
    for (unsigned leg = 0; leg < LEGS; leg++) {
      sim->lost += network_expire(&sim->leg[side][leg], sim->now_ms - sim->lifetime_ms);
    }
  }
  return true;
}

static bool option_step(struct options *options, const struct step *step)
{
  switch (step->op) {
  case OP_BUFFER:
    options->buffer = step->argument;
    return true;
  case OP_MSS:
    options->mss = step->argument > 0 && step->argument <= 65535 ? step->argument : 1;
    return true;
  case OP_ISN:
    options->isn = step->argument;
    return true;
  case OP_TIMESTAMPS:
    options->timestamps = step->argument != 0;
    return true;
  case OP_SCALE:
    options->scaling = step->argument != 0;
    options->scale = (uint8_t)(step->argument ? (step->argument - 1) % 15 : 0);
    return true;
  case OP_VARIANTS:
    options->variants = (uint8_t)(step->argument & VARIANT_ALL);
    return true;
  default:
    return false;
  }
}

static bool carry_out(struct sim *sim, struct history *history, const struct step *step, struct segment *passed)
{
  switch (step->op) {
  case OP_PASS:
    return pass(sim, step, passed);
  case OP_LOSE:
  case OP_LOSE_LATE:
    return lose(sim, step, step->op == OP_LOSE_LATE);
  case OP_DOUBLE:
  case OP_DOUBLE_LATE:
    return network_double(&sim->leg[step->side][step->op == OP_DOUBLE_LATE], step->argument);
  case OP_DELIVER:
    return deliver(sim, history, step);
  case OP_REPLAY:
    return replay(sim, history, step);
  case OP_WAIT:
    return wait_step(sim, step);
  case OP_LIFETIME:
    sim->lifetime_ms = step->argument < MSL_MS ? step->argument : MSL_MS;
    return true;
  case OP_CAPTURE:
    sim->capturing = step->argument != 0;
    return true;
  default:
    if (step->op <= OP_ACK) {
      return user_step(sim, history, step);
    }
    return sim->end[step->side].now.state == TCPSTATE_CLOSED && option_step(&sim->end[step->side].options, step);
  }
}

/* A capture that begins with a SYN in the midst of other segments: nothing tells it from one of a fresh connection, and
 * sets that allowed for all the rest would be as good as none at every SYN. The capture begins behind it. */
static bool misleads(const struct sim *sim, const struct segment *segment)
{
  return !sim->watched && sim->unwatched && (segment->flags & TCPSTATE_SYN) != 0;
}

struct outcome sim_step(struct sim *sim, struct history *history, const struct step *step, struct segment *passed)
{
  struct outcome outcome = {false, false, NULL};
  outcome.done = carry_out(sim, history, step, passed);
  for (unsigned side = 0; side < SIDES; side++) {
    endpoint_clock(&sim->end[side], sim->now_ms);
  }
  if (outcome.done && step->op == OP_PASS) {
    outcome.captured = sim->capturing && !misleads(sim, passed);
    sim->watched |= outcome.captured;
    sim->unwatched |= !outcome.captured;
    outcome.segment = passed;
  }
  return outcome;
}
