/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of a plain pcap file, in place: to hand each to libpcap and back costs more than to judge it. What is not
 * plain (another byte order or version, an unusual link type, a damaged record) is left to libpcap.
 */
#ifndef CLI_PCAP_RECORDS_H
#define CLI_PCAP_RECORDS_H

#include "byte_stream.h"
#include "frame.h"

enum { PCAP_FILE_HEADER = 24 };

struct pcap_records {
  struct frame common;              /* what all frames have in common */
  int32_t unit;                     /* nanoseconds in one of the time stamp's fraction */
  uint8_t header[PCAP_FILE_HEADER]; /* of the file */
  const uint8_t *window;            /* what the stream has at hand */
  size_t available;
  size_t taken; /* of it, which the stream has not been told yet */
};

/* True, and the header taken, if the stream starts as a plain pcap file does. */
bool pcap_records_open(struct pcap_records *records, struct byte_stream *stream);

/* False, with nothing taken, if what follows is no plain record: then libpcap has to tell what it is. */
bool pcap_records_read(struct pcap_records *records, struct byte_stream *stream, struct frame *frame);

#endif
