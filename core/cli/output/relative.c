/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kept by the tracker's slots, which it uses again, so that this table is never larger than the tracker's own.
 */
#include "relative.h"

#include <stdlib.h>
#include <string.h>

struct start {
  uint32_t stream;
  bool used;
  bool known[2];
  uint32_t base[2]; /* by direction: roles may be corrected later */
};

struct relative {
  struct start *starts;
  size_t count;
  bool incomplete;
};

struct relative *relative_new(void)
{
  return calloc(1, sizeof(struct relative));
}

void relative_free(struct relative *relative)
{
  free(relative->starts);
  free(relative);
}

bool relative_is_incomplete(const struct relative *relative)
{
  return relative->incomplete;
}

static bool grow(struct relative *relative, size_t needed)
{
  size_t count = needed + needed / 2 + 16;
  struct start *starts = realloc(relative->starts, count * sizeof *starts);

  if (starts == NULL) {
    relative->incomplete = true;
    return false;
  }
  memset(starts + relative->count, 0, (count - relative->count) * sizeof *starts);
  relative->starts = starts;
  relative->count = count;
  return true;
}

static struct start *find(struct relative *relative, const tcpstate_annotation *annotation)
{
  struct start *start;

  if (annotation->stream == UINT32_MAX ||
      (annotation->slot >= relative->count && !grow(relative, (size_t)annotation->slot + 1))) {
    return NULL;
  }
  start = &relative->starts[annotation->slot];
  if (!start->used || start->stream != annotation->stream) {
    *start = (struct start){.stream = annotation->stream, .used = true};
  }
  return start;
}

/* 0 or 1, the same for all packets of one direction. */
static unsigned direction(const tcpstate_segment *segment)
{
  int order = memcmp(segment->src, segment->dst, sizeof segment->src);

  return order != 0 ? order > 0 : segment->src_port > segment->dst_port;
}

static uint32_t from_start(struct start *start, unsigned side, uint32_t number, uint32_t base)
{
  if (!start->known[side]) {
    start->known[side] = true;
    start->base[side] = base;
  }
  return number - start->base[side];
}

void relative_numbers(struct relative *relative, const struct packet *packet, struct relative_numbers *numbers)
{
  const tcpstate_segment *segment = packet->segment;
  struct start *start = find(relative, packet->annotation);
  unsigned sender = direction(segment);

  numbers->seq = segment->seq;
  numbers->ack = segment->ack;
  if (start == NULL) {
    return;
  }
  if (segment->flags & TCPSTATE_SYN) { /* the true start, whatever was taken for it before */
    start->known[sender] = false;
  }
  numbers->seq =
      from_start(start, sender, segment->seq, segment->flags & TCPSTATE_SYN ? segment->seq : segment->seq - 1);
  if (segment->flags & TCPSTATE_ACK) {
    numbers->ack = from_start(start, !sender, segment->ack, segment->ack - 1);
  }
}
