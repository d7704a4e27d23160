/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What tcpdump does without -S: a segment without ACK is printed with absolute numbers, and so is the first one with
 * ACK of a connection and every SYN-ACK; all later ones are relative to these. With -S all are absolute. Which of the
 * two was used is told once for each connection, by what comes closer to the number that is expected next.
 */
#include "text_numbers.h"

#include <stdlib.h>
#include <string.h>

/* A bounded memory: the oldest connection of a full set is forgotten. */
enum { SETS = 1 << 14, WAYS = 4 };

enum form { FORM_UNKNOWN, FORM_ABSOLUTE, FORM_RELATIVE };

struct side {
  uint32_t base; /* relative numbers count from here */
  uint32_t next; /* sequence number expected next; valid if known */
  bool known;
};

struct conversation {
  uint8_t address[2][16]; /* in the order of `direction` */
  uint16_t port[2];
  uint8_t ip_version; /* 0: unused */
  bool printed;       /* a segment with ACK was, so later ones may be relative */
  enum form form;
  struct side sides[2];
};

struct text_numbers {
  struct conversation sets[SETS][WAYS]; /* newest first */
};

struct text_numbers *text_numbers_new(void)
{
  return calloc(1, sizeof(struct text_numbers));
}

void text_numbers_free(struct text_numbers *numbers)
{
  free(numbers);
}

/* ---------------------------------------------------------------- conversations */

/* 0 or 1: which of the two sides sent the segment. */
static unsigned direction(const tcpstate_segment *segment)
{
  int order = memcmp(segment->src, segment->dst, sizeof segment->src);

  return order != 0 ? order > 0 : segment->src_port > segment->dst_port;
}

static void set_key(struct conversation *key, const tcpstate_segment *segment)
{
  unsigned sender = direction(segment);

  memset(key, 0, sizeof *key);
  memcpy(key->address[sender], segment->src, sizeof segment->src);
  memcpy(key->address[!sender], segment->dst, sizeof segment->dst);
  key->port[sender] = segment->src_port;
  key->port[!sender] = segment->dst_port;
  key->ip_version = segment->ip_version;
}

static bool is_same(const struct conversation *a, const struct conversation *b)
{
  return a->ip_version == b->ip_version && memcmp(a->address, b->address, sizeof a->address) == 0 &&
         memcmp(a->port, b->port, sizeof a->port) == 0;
}

static size_t hash(const struct conversation *key)
{
  uint32_t value = 2166136261u;

  for (size_t i = 0; i < sizeof key->address; i++) {
    value = (value ^ key->address[i / 16][i % 16]) * 16777619u;
  }
  value = (value ^ key->port[0]) * 16777619u;
  value = (value ^ key->port[1]) * 16777619u;
  return (value ^ value >> 15) % SETS;
}

static struct conversation *find_or_add(struct text_numbers *numbers, const tcpstate_segment *segment)
{
  struct conversation key;
  struct conversation *set;

  set_key(&key, segment);
  set = numbers->sets[hash(&key)];
  for (size_t i = 0; i < WAYS; i++) {
    if (is_same(&set[i], &key)) {
      return &set[i];
    }
  }
  memmove(set + 1, set, (WAYS - 1) * sizeof *set);
  set[0] = key;
  return &set[0];
}

/* ---------------------------------------------------------------- numbers */

static uint32_t distance(uint32_t a, uint32_t b)
{
  return a - b < b - a ? a - b : b - a;
}

static bool is_relative(const struct side *side, uint32_t printed)
{
  return distance(printed + side->base, side->next) < distance(printed, side->next);
}

/* Undecided as long as neither number can be compared with an expected one. */
static enum form tell_form(const struct conversation *conversation, const tcpstate_segment *segment, unsigned sender,
                           bool has_seq)
{
  const struct side *own = &conversation->sides[sender];
  const struct side *other = &conversation->sides[!sender];

  if (other->known) {
    return is_relative(other, segment->ack) ? FORM_RELATIVE : FORM_ABSOLUTE;
  }
  if (has_seq && own->known) {
    return is_relative(own, segment->seq) ? FORM_RELATIVE : FORM_ABSOLUTE;
  }
  return FORM_UNKNOWN;
}

static void make_absolute(struct conversation *conversation, tcpstate_segment *segment, unsigned sender, bool has_seq)
{
  if (conversation->form == FORM_UNKNOWN) {
    conversation->form = tell_form(conversation, segment, sender, has_seq);
  }
  if (conversation->form == FORM_RELATIVE) {
    segment->seq += conversation->sides[sender].base;
    segment->ack += conversation->sides[!sender].base;
  }
}

static void expect(struct side *side, uint32_t next)
{
  if (!side->known || next - side->next < 0x80000000u) { /* not back */
    side->next = next;
    side->known = true;
  }
}

/* A SYN-ACK starts tcpdump's count anew. A SYN does not: it may be a stray in a connection that goes on. */
static void start_anew(struct conversation *conversation, const tcpstate_segment *segment, unsigned sender)
{
  struct side *own = &conversation->sides[sender];
  struct side *other = &conversation->sides[!sender];

  if (segment->flags & TCPSTATE_ACK) {
    *own = (struct side){.base = segment->seq};
    *other = (struct side){.base = segment->ack - 1, .next = segment->ack, .known = true};
    conversation->printed = true;
  } else if (!conversation->printed) {
    *own = (struct side){.base = segment->seq};
  }
}

/* How far the segment reaches in the sequence space of its sender. */
static uint32_t end_of(const tcpstate_segment *segment)
{
  return segment->seq + segment->payload_length + ((segment->flags & TCPSTATE_SYN) != 0) +
         ((segment->flags & TCPSTATE_FIN) != 0);
}

bool text_numbers_resolve(struct text_numbers *numbers, tcpstate_segment *segment, bool has_seq)
{
  unsigned sender = direction(segment);
  struct conversation *conversation = find_or_add(numbers, segment);
  struct side *own = &conversation->sides[sender];
  struct side *other = &conversation->sides[!sender];
  bool is_ack = (segment->flags & TCPSTATE_ACK) != 0;

  if (segment->flags & TCPSTATE_SYN) {
    start_anew(conversation, segment, sender);
  } else if (is_ack && (conversation->printed || own->known)) {
    make_absolute(conversation, segment, sender, has_seq);
  }
  if (!has_seq) {
    segment->seq = own->next;
    has_seq = own->known;
  }
  if (has_seq && (is_ack || !conversation->printed)) { /* not a stray SYN's */
    expect(own, end_of(segment));
  }
  if (is_ack) {
    if (!conversation->printed) {
      own->base = has_seq ? segment->seq : 0;
      other->base = segment->ack - 1;
      conversation->printed = true;
    }
    expect(other, segment->ack);
  }
  return has_seq;
}
