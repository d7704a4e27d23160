/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_file.h"

#include "../decode/packet_decoder.h"
#include "../message.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct capture_file {
  pcap_t *pcap;
  const char *name;
  bool has_filter;
  struct bpf_program filter;
};

static bool compile_filter(struct capture_file *file, const char *expression)
{
  if (pcap_compile(file->pcap, &file->filter, expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
    complain("filter \"%s\": %s", expression, pcap_geterr(file->pcap));
    return false;
  }
  file->has_filter = true;
  return true;
}

struct capture_file *capture_file_open(const char *name, const char *filter, int *code)
{
  char error[PCAP_ERRBUF_SIZE] = "";
  struct capture_file *file = calloc(1, sizeof *file);

  if (file == NULL) {
    complain("%s: no memory", name);
    *code = EXIT_UNREADABLE;
    return NULL;
  }
  file->name = strcmp(name, "-") == 0 ? "standard input" : name;
  file->pcap = pcap_open_offline_with_tstamp_precision(name, PCAP_TSTAMP_PRECISION_NANO, error);
  if (file->pcap == NULL) {
    complain("%s: %s", file->name, error);
    *code = EXIT_UNREADABLE;
    free(file);
    return NULL;
  }
  if (filter != NULL && !compile_filter(file, filter)) {
    *code = EXIT_USAGE;
    capture_file_close(file);
    return NULL;
  }
  if (!packet_link_is_known((unsigned)pcap_datalink(file->pcap))) {
    complain("%s: no TCP can be found in link type %d", file->name, pcap_datalink(file->pcap));
  }
  return file;
}

/* A damaged time stamp must not overflow: 64 bits of nanoseconds reach to the year 2262. */
static int64_t to_nanoseconds(const struct timeval *time)
{
  const int64_t limit = INT64_MAX / 1000000000 - 5;

  if (time->tv_sec > limit || time->tv_sec < -limit) {
    return time->tv_sec > 0 ? INT64_MAX : INT64_MIN;
  }
  return (int64_t)time->tv_sec * 1000000000 + (int32_t)time->tv_usec;
}

static enum read_status damaged(const struct capture_file *file)
{
  long byte = ftell(pcap_file(file->pcap));

  if (byte >= 0) {
    complain("%s: damaged at byte %ld: %s", file->name, byte, pcap_geterr(file->pcap));
  } else {
    complain("%s: damaged: %s", file->name, pcap_geterr(file->pcap));
  }
  return READ_DAMAGED;
}

enum read_status capture_file_read(struct capture_file *file, struct frame *frame)
{
  struct pcap_pkthdr *header;
  const u_char *bytes;
  int result = pcap_next_ex(file->pcap, &header, &bytes);

  if (result == PCAP_ERROR_BREAK) {
    return READ_END;
  }
  if (result != 1) {
    return damaged(file);
  }
  frame->bytes = bytes;
  frame->captured = header->caplen;
  frame->length = header->len;
  frame->time_ns = to_nanoseconds(&header->ts);
  frame->link_type = (unsigned)pcap_datalink(file->pcap);
  frame->passes = !file->has_filter || pcap_offline_filter(&file->filter, header, bytes) != 0;
  return READ_FRAME;
}

void capture_file_close(struct capture_file *file)
{
  if (file->has_filter) {
    pcap_freecode(&file->filter);
  }
  pcap_close(file->pcap);
  free(file);
}
