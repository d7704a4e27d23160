/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "filter.h"

#include "../message.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

/* Programs are compiled for a link type; more of them than this in one capture are not kept. */
enum { PROGRAMS = 16, SNAP_LENGTH = 262144 };

struct program {
  unsigned link_type;
  bool valid;
  bool no_memory; /* or it would be */
  struct bpf_program code;
};

struct filter {
  const char *expression;
  bool no_memory; /* for a program: what it lets pass is missing */
  size_t count;
  struct program programs[PROGRAMS];
};

enum link_type {
  LINK_RAW_OPENBSD = 14,
  LINK_RAW = 101,
  LINK_PPP_PPPD = 166,
  LINK_PPP_WITH_DIRECTION = 204,
  LINK_MPLS = 219
};

/* The link type for the compiler, which wants the system's DLT_RAW for files' LINKTYPE_RAW, and does not know some
 * links that only stand in front of one that it knows. */
static int to_dlt(unsigned link_type)
{
  switch (link_type) {
  case LINK_RAW_OPENBSD:
  case LINK_RAW:
  case LINK_MPLS:
    return DLT_RAW;
  case LINK_PPP_WITH_DIRECTION:
    return DLT_PPP;
  default:
    return (int)link_type;
  }
}

/* What stands in front of the link that the program was compiled for. */
static size_t unknown_header(const struct frame *frame)
{
  size_t labels = 0;

  if (frame->link_type == LINK_PPP_WITH_DIRECTION) {
    return 1;
  }
  if (frame->link_type == LINK_PPP_PPPD) { /* the direction replaces the address 0xff, or stands before it */
    return frame->captured > 1 && frame->bytes[1] == 0xff ? 1 : 0;
  }
  if (frame->link_type != LINK_MPLS) {
    return 0;
  }
  while (labels + 4 <= frame->captured && !(frame->bytes[labels + 2] & 1)) {
    labels += 4;
  }
  return labels + 4; /* RFC 3032: the label at the bottom is marked */
}

static bool compile(struct program *program, const char *expression, bool complaining)
{
  pcap_t *dead = pcap_open_dead(to_dlt(program->link_type), SNAP_LENGTH);

  errno = 0; /* libpcap's words do not tell want of memory from a filter that the link cannot have */
  program->valid = dead != NULL && pcap_compile(dead, &program->code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
  program->no_memory = !program->valid && (dead == NULL || errno == ENOMEM);
  if (!program->valid && complaining) {
    complain("filter \"%s\": %s", expression, program->no_memory ? "no memory" : pcap_geterr(dead));
  }
  if (dead != NULL) {
    pcap_close(dead);
  }
  return program->valid;
}

static bool makes_sense(const char *expression)
{
  static const unsigned common[] = {DLT_RAW, DLT_LINUX_SLL, DLT_EN10MB}; /* the last one's complaint is shown */
  const size_t count = sizeof common / sizeof *common;

  for (size_t i = 0; i < count; i++) {
    struct program program = {.link_type = common[i]};

    if (compile(&program, expression, i + 1 == count)) {
      pcap_freecode(&program.code);
      return true;
    }
  }
  return false;
}

struct filter *filter_new(const char *expression)
{
  struct filter *filter;

  if (!makes_sense(expression)) {
    return NULL;
  }
  filter = calloc(1, sizeof *filter);
  if (filter == NULL) {
    complain("no memory");
    return NULL;
  }
  filter->expression = expression;
  return filter;
}

bool filter_ran_out(const struct filter *filter)
{
  return filter->no_memory;
}

void filter_free(struct filter *filter)
{
  for (size_t i = 0; i < filter->count; i++) {
    if (filter->programs[i].valid) {
      pcap_freecode(&filter->programs[i].code);
    }
  }
  free(filter);
}

static struct program *find_or_compile(struct filter *filter, unsigned link_type)
{
  struct program *program;

  for (size_t i = 0; i < filter->count; i++) {
    if (filter->programs[i].link_type == link_type) {
      return &filter->programs[i];
    }
  }
  if (filter->count == PROGRAMS) {
    filter->count--;
    if (filter->programs[filter->count].valid) {
      pcap_freecode(&filter->programs[filter->count].code);
    }
  }
  program = &filter->programs[filter->count++];
  program->link_type = link_type;
  compile(program, filter->expression, true);
  filter->no_memory = filter->no_memory || program->no_memory;
  return program;
}

bool filter_passes(struct filter *filter, const struct frame *frame)
{
  const struct program *program = find_or_compile(filter, frame->link_type);
  const size_t skip = unknown_header(frame);
  const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)(frame->captured - skip),
                                     .len = (bpf_u_int32)(frame->length - skip)};

  return program->valid && skip <= frame->captured && skip <= frame->length &&
         pcap_offline_filter(&program->code, &header, frame->bytes + skip) != 0;
}
