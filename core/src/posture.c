/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "posture.h"

enum { FIRST_ROOM = 64 };

/* ---------------------------------------------------------------- memory */

enum { LINE = 64 };

/* Zeroed, and at the start of a cache line; right before it stands how far that is from the start of the block. */
static void *get_lines(struct memory *memory, size_t size)
{
  uint8_t *block = memory_get(memory, size + LINE);
  if (!block) {
    return NULL;
  }
  uint8_t ahead = (uint8_t)(LINE - (uintptr_t)block % LINE);
  block[ahead - 1] = ahead;
  return block + ahead;
}

static void put_lines(struct memory *memory, void *lines, size_t size)
{
  if (lines) {
    uint8_t *first = lines;
    memory_put(memory, first - first[-1], size + LINE);
  }
}

static size_t list_size(uint32_t room)
{
  return room * sizeof(struct posture);
}

static size_t index_size(uint32_t room)
{
  return (size_t)2 * room * sizeof(uint16_t);
}

static size_t steps_size(uint32_t room)
{
  return room * sizeof(struct step);
}

int postures_init(struct postures *postures, struct memory *memory, uint64_t secret)
{
  *postures = (struct postures){.memory = memory,
                                .count = POSTURE_FIRST,
                                .factor = secret | 1u,
                                .room = FIRST_ROOM,
                                .step_count = 1,
                                .step_room = FIRST_ROOM};
  postures->at = get_lines(memory, list_size(FIRST_ROOM));
  postures->index = memory_get(memory, index_size(FIRST_ROOM));
  postures->steps = get_lines(memory, steps_size(FIRST_ROOM));
  return postures->at && postures->index && postures->steps ? TCPSTATE_OK : TCPSTATE_ERROR_NO_MEMORY;
}

static void clear_list(struct postures *postures)
{
  put_lines(postures->memory, postures->at, list_size(postures->room));
  memory_put(postures->memory, postures->index, index_size(postures->room));
}

void postures_clear(struct postures *postures)
{
  clear_list(postures);
  put_lines(postures->memory, postures->steps, steps_size(postures->step_room));
}

/* ---------------------------------------------------------------- index */

static uint32_t hash_of(const struct postures *postures, const struct stance *stance)
{
  const uint64_t words[4] = {stance->end[0], stance->end[1], stance->history, stance->rest};
  uint64_t sum = 0;
  for (unsigned i = 0; i < 4; i++) {
    sum = (sum ^ words[i]) * postures->factor;
    sum ^= sum >> 29;
  }
  return (uint32_t)(sum >> 32);
}

/* Where the stance is in the index, or the empty place where it would be. */
static uint32_t place_of(const struct postures *postures, const struct stance *stance)
{
  uint32_t last = 2 * postures->room - 1;
  uint32_t i = hash_of(postures, stance) & last;
  while (postures->index[i] && !stance_equal(&postures->at[postures->index[i]].stance, stance)) {
    i = (i + 1) & last;
  }
  return i;
}

static bool grow(struct postures *postures)
{
  struct postures grown = *postures;
  grown.room = 2 * postures->room;
  grown.at = get_lines(postures->memory, list_size(grown.room));
  grown.index = memory_get(postures->memory, index_size(grown.room));
  if (!grown.at || !grown.index) {
    clear_list(&grown);
    return false;
  }
  memcpy(grown.at, postures->at, list_size(postures->room));
  for (uint32_t number = POSTURE_FIRST; number < grown.count; number++) {
    grown.index[place_of(&grown, &grown.at[number].stance)] = (uint16_t)number;
  }
  clear_list(postures);
  *postures = grown;
  return true;
}

/* ---------------------------------------------------------------- numbers */

uint16_t postures_find(struct postures *postures, const struct stance *stance)
{
  uint32_t place = place_of(postures, stance);
  if (postures->index[place]) {
    return postures->index[place];
  }
  if (postures->count == POSTURE_MOST || (postures->count == postures->room && !grow(postures))) {
    return POSTURE_NONE;
  }
  uint16_t number = (uint16_t)postures->count++;
  postures->index[place_of(postures, stance)] = number;
  struct posture *posture = &postures->at[number];
  posture->stance = *stance;
  posture->exchanges =
      stance_state(stance, 0) == TCPSTATE_ESTABLISHED && stance_state(stance, 1) == TCPSTATE_ESTABLISHED;
  for (unsigned e = 0; e < 2; e++) {
    posture->holes = (uint8_t)(posture->holes | (unsigned)((stance_facts(stance, e) & EP_HOLE) != 0) << e);
  }
  return number;
}

/* ---------------------------------------------------------------- steps */

static bool grow_steps(struct postures *postures)
{
  uint32_t room = 2 * postures->step_room;
  struct step *steps = get_lines(postures->memory, steps_size(room));
  if (!steps) {
    return false;
  }
  memcpy(steps, postures->steps, steps_size(postures->step_room));
  put_lines(postures->memory, postures->steps, steps_size(postures->step_room));
  postures->steps = steps;
  postures->step_room = room;
  return true;
}

static bool is_alike(const struct step *left, const struct step *right)
{
  return left->sign == right->sign && left->way == right->way && left->flags == right->flags;
}

/* 0 if there is no room for it. */
static uint16_t add_step(struct postures *postures)
{
  if (postures->step_count == STEP_MOST || (postures->step_count == postures->step_room && !grow_steps(postures))) {
    return 0;
  }
  return (uint16_t)postures->step_count++;
}

static void put_step(struct postures *postures, uint16_t number, const struct step *step, uint16_t other)
{
  postures->steps[number] = *step;
  postures->steps[number].other = other;
}

void postures_learn(struct postures *postures, unsigned from, unsigned x, enum step_kind kind, const struct step *step)
{
  uint16_t *first = &postures->at[from].step[x][kind];
  uint16_t number = *first;
  unsigned others = 0;
  while (number && !is_alike(&postures->steps[number], step)) {
    number = postures->steps[number].other;
    others++;
  }
  if (!number && others < STEP_OTHERS) {
    number = add_step(postures);
    if (number) {
      put_step(postures, number, step, *first);
      *first = number;
    }
    return;
  }
  number = number ? number : *first;
  put_step(postures, number, step, postures->steps[number].other);
}
