/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcap_frame.h"

/* DLT_RAW is 12 or 14, depending on the system; files have 101. */
static unsigned to_link_type(int dlt)
{
  const unsigned link_type_raw = 101;

  return dlt == DLT_RAW ? link_type_raw : (unsigned)dlt;
}

void pcap_frame_prepare(struct frame *frame, pcap_t *pcap)
{
  *frame = (struct frame){
      .link_type = to_link_type(pcap_datalink(pcap)),
      .snap_length = (uint32_t)pcap_snapshot(pcap),
      .has_time = true,
  };
}

/* A damaged time stamp must not overflow: 64 bits of nanoseconds reach to the year 2262, and a fraction may be up to
 * 4295 seconds. */
static int64_t to_nanoseconds(const struct timeval *time, int64_t unit)
{
  const int64_t limit = INT64_MAX / 1000000000 - 5000;

  if (time->tv_sec > limit || time->tv_sec < -limit) {
    return time->tv_sec > 0 ? INT64_MAX : INT64_MIN;
  }
  return (int64_t)time->tv_sec * 1000000000 + time->tv_usec * unit;
}

void pcap_frame_fill(struct frame *frame, const struct pcap_pkthdr *header, const u_char *bytes, bool nanoseconds)
{
  frame->bytes = bytes;
  frame->captured = header->caplen;
  frame->length = header->len;
  frame->time_ns = to_nanoseconds(&header->ts, nanoseconds ? 1 : 1000);
}
