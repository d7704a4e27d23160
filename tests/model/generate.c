/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes up runs. Each run has a character drawn from its seed: how lossy, how talkative, where the capture is taken. */
#include "random.h"
#include "run.h"

enum where { WHERE_CLIENT = 0, WHERE_MIDDLE, WHERE_SERVER, WHERE_COUNT };

/* Chances are in parts of 256. */
struct character {
  uint64_t random;
  unsigned where;
  unsigned length;
  uint32_t network; /* a step of the network rather than of an endpoint */
  uint32_t loss;
  uint32_t doubling;
  uint32_t reorder;
  uint32_t reorder_early; /* before the capture point */
  uint32_t replay;
  uint32_t any_call; /* a call drawn blindly, however senseless */
  uint32_t wait;
  bool late_capture;
  bool tame; /* one connection, nobody crashes or gives up */
  bool short_waits;
  uint8_t variants; /* those that an endpoint may have */
};

static bool chance(struct character *character, uint32_t of256)
{
  return random_below(&character->random, 256) < of256;
}

static uint32_t pick(struct character *character, const uint32_t *from, uint32_t count)
{
  return from[random_below(&character->random, count)];
}

static void draw_character(struct character *character, uint64_t seed)
{
  static const uint32_t lengths[] = {20, 30, 40, 60, 100, 200};
  static const uint32_t networks[] = {150, 200, 230, 245};
  static const uint32_t losses[] = {0, 0, 5, 20, 60};
  static const uint32_t rare[] = {0, 0, 3, 15, 50};
  static const uint32_t reorders[] = {0, 0, 20, 128};
  static const uint32_t calls[] = {0, 0, 5, 40};
  static const uint32_t waits[] = {0, 2, 8, 20};
  character->random = seed * UINT64_C(0xd1342543de82ef95) + 1;
  character->where = random_below(&character->random, WHERE_COUNT);
  character->length = pick(character, lengths, 6);
  character->network = pick(character, networks, 4);
  character->loss = pick(character, losses, 5);
  character->doubling = pick(character, rare, 5);
  character->reorder = pick(character, reorders, 4);
  character->replay = pick(character, rare, 4);
  character->any_call = pick(character, calls, 4);
  character->wait = pick(character, waits, 4);
  character->reorder_early = character->reorder;
  character->late_capture = chance(character, 32);
  character->variants = VARIANT_ALL;
}

/* Takes away what the level does not allow. */
static void restrain(struct character *character, unsigned level)
{
  character->tame = level == LEVEL_PLAIN || chance(character, 64);
  character->short_waits = level == LEVEL_PLAIN;
  if (level == LEVEL_PLAIN) {
    character->variants =
        VARIANT_ALL & ~(VARIANT_BARE_ACK | VARIANT_TEXT_NOT_FIGURE | VARIANT_FIN_IN_WINDOW | VARIANT_LISTENER);
  }
  if (level < LEVEL_WILD) {
    character->doubling = 0;
    character->reorder_early = 0;
    character->late_capture = false;
  }
  if (character->tame || level < LEVEL_WILD) {
    character->replay = 0;
  }
  if (character->tame) {
    character->any_call = 0;
  }
}

/* A step that was not possible is left out of the script, unless the violation showed up with it. */
static void play(struct run *run, struct script *script, unsigned side, unsigned op, uint32_t argument)
{
  struct step step = {(uint8_t)op, (uint8_t)side, argument};
  if (script->count == SCRIPT_MAX || run->checker.violation.kind != VIOLATION_NONE) {
    return;
  }
  if (run_step(run, &step) || run->checker.violation.kind != VIOLATION_NONE) {
    script->step[script->count++] = step;
  }
}

static void play_options(struct run *run, struct script *script, struct character *character)
{
  static const uint32_t buffers[] = {1, 500, 1000, 3000, 65535, 200000};
  static const uint32_t sizes[] = {1, 100, 536, 1460};
  static const uint32_t isns[] = {0, 0x7fffff00u, 0xffffff00u, 0xfffffffeu};
  bool timestamps = chance(character, 80);
  for (unsigned side = 0; side < SIDES; side++) {
    uint32_t isn = chance(character, 128) ? pick(character, isns, 4) : (uint32_t)random_next(&character->random);
    play(run, script, side, OP_ISN, isn - 350000u); /* less what the clock adds at the start */
    play(run, script, side, OP_BUFFER, pick(character, buffers, 6));
    play(run, script, side, OP_MSS, pick(character, sizes, 4));
    play(run, script, side, OP_VARIANTS, random_below(&character->random, VARIANT_ALL + 1) & character->variants);
    if (timestamps && chance(character, 200)) {
      play(run, script, side, OP_TIMESTAMPS, 1);
    }
    if (chance(character, 80)) {
      play(run, script, side, OP_SCALE, 1 + random_below(&character->random, 9));
    }
  }
}

static void play_opening(struct run *run, struct script *script, struct character *character)
{
  unsigned opener = chance(character, 200) ? 0 : 1;
  if (character->short_waits) {
    play(run, script, 0, OP_LIFETIME, 450);
  }
  if (character->late_capture) {
    play(run, script, 0, OP_CAPTURE, 0);
  }
  if (chance(character, 220)) {
    play(run, script, 1 - opener, OP_LISTEN, 0);
  } else if (chance(character, 128)) {
    play(run, script, 1 - opener, OP_OPEN, 0);
  }
  play(run, script, opener, OP_OPEN, 0);
}

/* What an application might sensibly do next. */
static unsigned sensible_call(struct character *character, const struct tcb *tcb)
{
  static const uint32_t closed[] = {OP_OPEN, OP_LISTEN, OP_LISTEN};
  static const uint32_t opening[] = {OP_SEND,       OP_SEND,     OP_RETRANSMIT, OP_RETRANSMIT,
                                     OP_RETRANSMIT, OP_SHUTDOWN, OP_GIVE_UP};
  static const uint32_t open[] = {OP_SEND,    OP_SEND,     OP_SEND,  OP_SEND,       OP_RECEIVE,    OP_RECEIVE,
                                  OP_RECEIVE, OP_ACK,      OP_ACK,   OP_RETRANSMIT, OP_RETRANSMIT, OP_PROBE,
                                  OP_CLOSE,   OP_SHUTDOWN, OP_ABORT, OP_CRASH,      OP_SHUTDOWN};
  static const uint32_t closing[] = {OP_RETRANSMIT, OP_RETRANSMIT, OP_RETRANSMIT, OP_RECEIVE, OP_RECEIVE,
                                     OP_ACK,        OP_PROBE,      OP_ABORT,      OP_GIVE_UP};
  switch (tcb->state) {
  case TCPSTATE_CLOSED:
    return pick(character, closed, 3);
  case TCPSTATE_LISTEN:
    return OP_OPEN;
  case TCPSTATE_SYN_SENT:
  case TCPSTATE_SYN_RECEIVED:
    return pick(character, opening, 7);
  case TCPSTATE_ESTABLISHED:
  case TCPSTATE_CLOSE_WAIT:
    return pick(character, open, 17);
  default:
    return pick(character, closing, 9);
  }
}

static uint32_t argument_of(struct character *character, unsigned op)
{
  static const uint32_t bytes[] = {1, 10, 400, 1000, 5000};
  switch (op) {
  case OP_SEND:
  case OP_RECEIVE:
    return pick(character, bytes, 5);
  case OP_RETRANSMIT:
    return chance(character, 64) ? pick(character, bytes, 5) : 0;
  case OP_PROBE:
    return chance(character, 128);
  default:
    return 0;
  }
}

static void play_call(struct run *run, struct script *script, struct character *character)
{
  unsigned side = random_below(&character->random, SIDES);
  const struct tcb *tcb = &run->sim.end[side].now;
  bool blind = chance(character, character->any_call);
  unsigned op = blind ? random_below(&character->random, OP_PASS) : sensible_call(character, tcb);
  if (op == OP_RETRANSMIT && !blind && tcb->snd_una == tcb->snd_nxt) {
    return;
  }
  if (character->tame && (op == OP_OPEN || op == OP_LISTEN || op == OP_CRASH || op == OP_GIVE_UP)) {
    return;
  }
  play(run, script, side, op, argument_of(character, op));
}

/* Something waits on `leg` of `side`: it goes on, or is lost, or doubled. */
static void play_segment(struct run *run, struct script *script, struct character *character, unsigned side,
                         unsigned leg)
{
  static const unsigned ops[LEGS][3] = {{OP_PASS, OP_LOSE, OP_DOUBLE}, {OP_DELIVER, OP_LOSE_LATE, OP_DOUBLE_LATE}};
  uint32_t count = run->sim.leg[side][leg].count;
  uint32_t reorder = leg == 0 ? character->reorder_early : character->reorder;
  uint32_t index = chance(character, reorder) ? random_below(&character->random, count) : 0;
  if (chance(character, character->loss)) {
    play(run, script, side, ops[leg][1], index);
  } else if (chance(character, character->doubling)) {
    play(run, script, side, ops[leg][2], index);
  } else {
    play(run, script, side, ops[leg][0], index);
  }
}

/* At an endpoint's own interface nothing happens between it and the capture point. */
static bool play_at_interface(struct run *run, struct script *script, const struct character *character)
{
  unsigned side;
  if (character->where == WHERE_MIDDLE) {
    return false;
  }
  side = character->where == WHERE_SERVER;
  if (run->sim.leg[side][0].count > 0) {
    play(run, script, side, OP_PASS, 0);
    return true;
  }
  if (run->sim.leg[1 - side][1].count > 0) {
    play(run, script, 1 - side, OP_DELIVER, 0);
    return true;
  }
  return false;
}

static bool play_network(struct run *run, struct script *script, struct character *character)
{
  unsigned first = random_below(&character->random, SIDES * LEGS);
  for (unsigned i = 0; i < SIDES * LEGS; i++) {
    unsigned at = (first + i) % (SIDES * LEGS);
    if (run->sim.leg[at / LEGS][at % LEGS].count > 0) {
      play_segment(run, script, character, at / LEGS, at % LEGS);
      return true;
    }
  }
  return false;
}

static void play_wait(struct run *run, struct script *script, struct character *character)
{
  static const uint32_t times[] = {1, 40, 500, 3000, 20000, 31000, 59000, 61000, 130000};
  play(run, script, 0, OP_WAIT, pick(character, times, character->short_waits ? 3 : 9));
}

static void play_something(struct run *run, struct script *script, struct character *character)
{
  if (play_at_interface(run, script, character)) {
    return;
  }
  if (chance(character, character->wait)) {
    play_wait(run, script, character);
  } else if (chance(character, character->replay)) {
    play(run, script, random_below(&character->random, SIDES), OP_REPLAY, random_below(&character->random, 20));
  } else if (!chance(character, character->network) || !play_network(run, script, character)) {
    play_call(run, script, character);
  }
}

void generate(struct run *run, struct script *script, uint64_t seed, unsigned level)
{
  struct character character;
  unsigned capture_from;
  draw_character(&character, seed);
  restrain(&character, level);
  capture_from = character.late_capture ? random_below(&character.random, character.length) : 0;
  script->count = 0;
  run_begin(run);
  play_options(run, script, &character);
  play_opening(run, script, &character);
  for (unsigned i = 0; i < character.length && run->checker.violation.kind == VIOLATION_NONE; i++) {
    if (character.late_capture && i == capture_from) {
      play(run, script, 0, OP_CAPTURE, 1);
    }
    play_something(run, script, &character);
  }
  if (run->checker.violation.kind == VIOLATION_NONE) {
    run_end(run);
  }
}
