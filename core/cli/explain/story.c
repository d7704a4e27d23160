/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "story.h"

#include <stdlib.h>
#include <string.h>

#define EVENT(name) (UINT64_C(1) << TCPSTATE_EVENT_##name)

static unsigned sender(const struct packet *packet)
{
  return packet->annotation->src_role == TCPSTATE_SERVER;
}

/* ---------------------------------------------------------------- runs */

static bool is_repeated(uint64_t events)
{
  return (events & (EVENT(SYN_RETRANSMITTED) | EVENT(SYN_ACK_RETRANSMITTED) | EVENT(FIN_RETRANSMITTED))) != 0;
}

static enum step_kind kind_of(const tcpstate_annotation *annotation)
{
  const uint64_t probing = EVENT(KEEP_ALIVE) | EVENT(KEEP_ALIVE_ANSWERED);

  if (tcpstate_annotation_changed(annotation) || annotation->teardown_steps != 0 ||
      (annotation->handshake_role != TCPSTATE_HANDSHAKE_NONE && !is_repeated(annotation->events))) {
    return STEP_SEGMENT;
  }
  if (annotation->events & ~(probing | EVENT(HALF_CLOSE))) {
    return STEP_EVENT;
  }
  return annotation->events & probing ? STEP_PROBES : STEP_DATA;
}

/* Neither moves anybody, nor has anything moved somebody in between. */
static bool may_join(const struct step *step, const struct step *next)
{
  return step->kind != STEP_SEGMENT && next->kind != STEP_SEGMENT && !next->roles_swapped &&
         memcmp(step->annotation.state, next->annotation.previous, sizeof step->annotation.state) == 0;
}

static bool goes_on(const struct step *step, const struct step *next)
{
  if (!may_join(step, next) || (step->kind != next->kind && step->kind != STEP_MIXED)) {
    return false;
  }
  return step->kind != STEP_EVENT ||
         (step->annotation.events == next->annotation.events && step->flags == next->flags &&
          step->annotation.src_role == next->annotation.src_role);
}

static void join(struct step *step, const struct step *next)
{
  uint64_t events = step->annotation.events;
  uint8_t sender_role = step->annotation.src_role;

  step->annotation = next->annotation;
  step->annotation.events |= events;
  if (next->annotation.events == 0) { /* an event's sender, not that of the acknowledgement after it */
    step->annotation.src_role = sender_role;
  }
  step->last_frame = next->last_frame;
  step->last_ns = next->last_ns;
  step->count++;
  step->probes += next->probes;
  step->answers += next->answers;
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    step->bytes[role] += next->bytes[role];
    step->carriers[role] += next->carriers[role];
    step->packets[role] += next->packets[role];
  }
}

/* ---------------------------------------------------------------- numbers */

/* Where the SYNs and FINs are, so that it can be said which of them an acknowledgement is for. */
static void note_numbers(struct story *story, const struct packet *packet, struct step *step)
{
  const tcpstate_segment *segment = packet->segment;
  unsigned role = sender(packet);
  bool fin = packet->annotation->teardown_steps & (TCPSTATE_TEARDOWN_FIN_1 | TCPSTATE_TEARDOWN_FIN_2);

  if (segment->flags & TCPSTATE_SYN && packet->annotation->handshake_role != TCPSTATE_HANDSHAKE_NONE) {
    step->syn_repeated = story->has_syn[role];
    story->syn[role] = step->numbers.seq;
    story->has_syn[role] = true;
  }
  if (fin) {
    story->fin[role] = step->numbers.seq + segment->payload_length + (segment->flags & TCPSTATE_SYN ? 1 : 0);
    story->has_fin[role] = true;
  }
}

/* Neither in the handshake of figure 6 nor with anything else to say: the ACK of a simultaneous open, a refusal. */
static bool is_answer_to_syn(const struct story *story, const struct packet *packet, const struct step *step)
{
  bool refusal = packet->annotation->events & EVENT(REFUSED);

  return packet->annotation->teardown_steps == 0 && (refusal || !(packet->segment->flags & TCPSTATE_RST)) &&
         step->numbers.ack == story->syn[!sender(packet)] + 1;
}

static void note_acknowledged(const struct story *story, const struct packet *packet, struct step *step)
{
  const tcpstate_annotation *annotation = packet->annotation;
  unsigned peer = !sender(packet);
  bool handshake =
      annotation->handshake_role == TCPSTATE_HANDSHAKE_SYN_ACK || annotation->handshake_role == TCPSTATE_HANDSHAKE_ACK;

  if (!(packet->segment->flags & TCPSTATE_ACK)) {
    return;
  }
  if (annotation->teardown_steps & (TCPSTATE_TEARDOWN_ACK_1 | TCPSTATE_TEARDOWN_ACK_2) && story->has_fin[peer]) {
    step->acknowledged = ACKNOWLEDGED_FIN;
    step->base = story->fin[peer];
  } else if (story->has_syn[peer] && (handshake || is_answer_to_syn(story, packet, step))) {
    step->acknowledged = ACKNOWLEDGED_SYN;
    step->base = story->syn[peer];
  }
}

/* The engine may correct who is the client. */
static bool note_roles(struct story *story, const struct packet *packet)
{
  const tcpstate_segment *segment = packet->segment;
  bool server = sender(packet) == TCPSTATE_SERVER;
  uint16_t port = server ? segment->dst_port : segment->src_port;
  uint8_t client[sizeof story->client];
  bool swapped;

  memcpy(client, server ? segment->dst : segment->src, 16);
  memcpy(client + 16, &port, sizeof port);
  swapped = story->has_client && memcmp(client, story->client, sizeof client) != 0;
  memcpy(story->client, client, sizeof client);
  story->has_client = true;
  return swapped;
}

static void swap_numbers(struct story *story)
{
  const struct story old = *story;

  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    story->syn[role] = old.syn[!role];
    story->fin[role] = old.fin[!role];
    story->has_syn[role] = old.has_syn[!role];
    story->has_fin[role] = old.has_fin[!role];
  }
}

/* ---------------------------------------------------------------- steps */

static struct step step_of(struct story *story, const struct packet *packet, const struct relative_numbers *numbers)
{
  const tcpstate_annotation *annotation = packet->annotation;
  struct step step = {
      .first_frame = packet->frame,
      .last_frame = packet->frame,
      .first_ns = packet->segment->time_ns,
      .last_ns = packet->segment->time_ns,
      .count = 1,
      .probes = (annotation->events & EVENT(KEEP_ALIVE)) != 0,
      .answers = (annotation->events & EVENT(KEEP_ALIVE_ANSWERED)) != 0,
      .numbers = *numbers,
      .initial = packet->segment->seq,
      .annotation = *annotation,
      .kind = (uint8_t)kind_of(annotation),
      .flags = packet->segment->flags,
      .has_time = !(packet->segment->facts & TCPSTATE_NO_TIME),
  };

  step.bytes[sender(packet)] = packet->segment->payload_length;
  step.carriers[sender(packet)] = packet->segment->payload_length > 0;
  step.packets[sender(packet)] = 1;
  step.roles_swapped = note_roles(story, packet);
  if (step.roles_swapped) {
    swap_numbers(story);
    story->roles_turned = !story->roles_turned;
  }
  step.roles_turned = story->roles_turned;
  note_numbers(story, packet, &step);
  note_acknowledged(story, packet, &step);
  return step;
}

static size_t place_of(uint64_t number)
{
  return number < STORY_HEAD ? (size_t)number : STORY_HEAD + (size_t)((number - STORY_HEAD) % STORY_RING);
}

/* Twice the room, for a story that is not yet at its longest. */
static size_t grow(struct story *story)
{
  size_t room = story->room == 0 ? 4 : 2 * story->room;
  struct step *steps;
  size_t more;

  room = room < STORY_HEAD + STORY_RING ? room : STORY_HEAD + STORY_RING;
  steps = realloc(story->steps, room * sizeof *steps);
  if (steps == NULL) {
    return 0;
  }
  more = room - story->room;
  story->steps = steps;
  story->room = room;
  return more;
}

static struct step *step_from_end(const struct story *story, uint64_t distance)
{
  return &story->steps[place_of(story->count - distance)];
}

/* The last `count` steps become one. */
static struct step *fold(struct story *story, uint64_t count)
{
  struct step *run = step_from_end(story, count);

  for (uint64_t distance = count - 1; distance > 0; distance--) {
    join(run, step_from_end(story, distance));
  }
  story->count -= count - 1;
  story->loose -= count - 1;
  story->alike = 1;
  return run;
}

/* The packet goes on the last step, so that no step of its own is needed. */
static bool joins(struct story *story, const struct step *step)
{
  struct step *run = story->count > 0 ? step_from_end(story, 1) : NULL;
  bool alike = run != NULL && goes_on(run, step);

  if (alike && run->count == 1 && story->alike < story->singles) {
    story->alike++;
    return false;
  }
  if (!alike) {
    story->alike = 1;
    return false;
  }
  if (run->count == 1) {
    run = fold(story, story->alike);
  }
  join(run, step);
  return true;
}

/* A step has been added. Too many in a line that move nobody become one, whatever they are. */
static void fold_loose(struct story *story)
{
  bool loose = story->count > 1 && may_join(step_from_end(story, 2), step_from_end(story, 1));

  story->loose = loose ? story->loose + 1 : 1;
  if (story->singles > 0 && story->loose > STORY_LOOSE_MAX) {
    fold(story, story->loose)->kind = STEP_MIXED;
  }
}

size_t story_add(struct story *story, const struct packet *packet, const struct relative_numbers *numbers,
                 bool may_grow)
{
  const struct step step = step_of(story, packet, numbers);
  size_t place = place_of(story->count);
  size_t more = 0;

  story->events |= packet->annotation->events;
  if (story->lost_packets > 0) { /* no step may go on beyond what is missing */
    story->lost_packets++;
    return 0;
  }
  if (joins(story, &step)) {
    return 0;
  }
  if (place >= story->room && may_grow) {
    more = grow(story);
  }
  if (place >= story->room) {
    story->lost_packets++;
    return more;
  }
  story->steps[place] = step;
  story->count++;
  fold_loose(story);
  return more;
}

size_t story_kept(const struct story *story)
{
  return story->count < STORY_MAX ? (size_t)story->count : STORY_MAX;
}

uint64_t story_lost_before(const struct story *story, size_t index)
{
  return index == STORY_HEAD && story->count > STORY_MAX ? story->count - STORY_MAX : 0;
}

const struct step *story_step(const struct story *story, size_t index)
{
  uint64_t number = index;

  if (index >= STORY_HEAD && story->count > STORY_MAX) {
    number += story->count - STORY_MAX;
  }
  return &story->steps[place_of(number)];
}

void story_free(struct story *story)
{
  free(story->steps);
}
