/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Delta debugging: drops pieces of a failing script, large ones first, as long as it goes on failing in the same kind,
 * then makes the arguments small. */
#include "run.h"
#include <string.h>

/* The lifetime of segments bounds how slow the network is: without it a run would shrink into another, slower one. */
static uint32_t lifetime_of(const struct script *script)
{
  uint32_t lifetime = MSL_MS;
  for (unsigned i = 0; i < script->count; i++) {
    lifetime = script->step[i].op == OP_LIFETIME ? script->step[i].argument : lifetime;
  }
  return lifetime;
}

static bool still_fails(struct run *run, const struct script *script, unsigned kind)
{
  run_script(run, script, NULL);
  return run->checker.violation.kind == kind;
}

static bool drop_pieces(struct run *run, struct script *script, unsigned kind, unsigned size)
{
  static struct script shorter;
  bool dropped = false;
  unsigned from = 0;
  while (from < script->count) {
    unsigned end = from + size < script->count ? from + size : script->count;
    memcpy(shorter.step, script->step, from * sizeof *script->step);
    memcpy(shorter.step + from, script->step + end, (script->count - end) * sizeof *script->step);
    shorter.count = script->count - (end - from);
    if (lifetime_of(&shorter) == lifetime_of(script) && still_fails(run, &shorter, kind)) {
      *script = shorter;
      dropped = true;
    } else {
      from += size;
    }
  }
  return dropped;
}

static bool try_argument(struct run *run, struct script *script, unsigned kind, unsigned index, uint32_t argument)
{
  uint32_t old = script->step[index].argument;
  if (argument >= old) {
    return false;
  }
  script->step[index].argument = argument;
  if (still_fails(run, script, kind)) {
    return true;
  }
  script->step[index].argument = old;
  return false;
}

static void shrink_arguments(struct run *run, struct script *script, unsigned kind)
{
  for (unsigned i = 0; i < script->count; i++) {
    unsigned op = script->step[i].op;
    if (op >= OP_BUFFER && op != OP_WAIT) {
      continue; /* options go or stay */
    }
    if (!try_argument(run, script, kind, i, 0) && !try_argument(run, script, kind, i, 1)) {
      while (try_argument(run, script, kind, i, script->step[i].argument / 2)) {
      }
    }
  }
}

/* One bit of a variants argument at a time. */
static void shrink_variants(struct run *run, struct script *script, unsigned kind)
{
  for (unsigned i = 0; i < script->count; i++) {
    for (uint32_t bit = 1; script->step[i].op == OP_VARIANTS && bit <= VARIANT_ALL; bit <<= 1) {
      try_argument(run, script, kind, i, script->step[i].argument & ~bit);
    }
  }
}

void shrink(struct run *run, struct script *script)
{
  unsigned kind;
  bool again = true;
  run_script(run, script, NULL);
  kind = run->checker.violation.kind;
  while (again && kind != VIOLATION_NONE) {
    again = false;
    for (unsigned size = script->count / 2; size > 0; size /= 2) {
      again = drop_pieces(run, script, kind, size) || again;
    }
    shrink_variants(run, script, kind);
    shrink_arguments(run, script, kind);
  }
}
