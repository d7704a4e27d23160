/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of a plain pcap file, in place: to hand each to libpcap and back costs more than to judge it. What is not
 * plain (another byte order or version, an unusual link type, a damaged record) is left to libpcap.
 */
#ifndef CLI_PCAP_RECORDS_H
#define CLI_PCAP_RECORDS_H

#include "byte_stream.h"
#include "frame.h"

#include <string.h>

enum { PCAP_FILE_HEADER = 24, PCAP_RECORD_HEADER = 16 };

/* In the byte order of this machine. */
struct pcap_record_header {
  uint32_t seconds;
  uint32_t fraction;
  uint32_t captured;
  uint32_t length;
};

struct pcap_records {
  struct frame common;              /* what all frames have in common */
  int32_t unit;                     /* nanoseconds in one of the time stamp's fraction */
  uint8_t header[PCAP_FILE_HEADER]; /* of the file */
  const uint8_t *window;            /* what the stream has at hand, up to `end`; what was taken up to `at` it has not
                                     * been told yet */
  const uint8_t *at;
  const uint8_t *end;
};

/* True, and the header taken, if the stream starts as a plain pcap file does. */
bool pcap_records_open(struct pcap_records *records, struct byte_stream *stream);

static inline bool pcap_records_are_plain(const struct pcap_records *records, const struct pcap_record_header *header)
{
  return header->captured <= records->common.snap_length && header->seconds <= INT32_MAX &&
         header->fraction <= INT32_MAX;
}

/* Takes nothing. True if the next record is plain and lies whole in what the stream has given out. */
static inline bool pcap_records_peek(const struct pcap_records *records, struct pcap_record_header *header,
                                     const uint8_t **bytes)
{
  size_t left = (size_t)(records->end - records->at);

  if (left < PCAP_RECORD_HEADER) {
    return false;
  }
  memcpy(header, records->at, sizeof *header);
  *bytes = records->at + PCAP_RECORD_HEADER;
  return header->captured <= left - PCAP_RECORD_HEADER && pcap_records_are_plain(records, header);
}

static inline int64_t pcap_records_time(const struct pcap_records *records, const struct pcap_record_header *header)
{
  return (int64_t)header->seconds * 1000000000 + (int64_t)header->fraction * records->unit;
}

/* Takes the record that was peeked at. */
static inline void pcap_records_take(struct pcap_records *records, const struct pcap_record_header *header)
{
  records->at += PCAP_RECORD_HEADER + header->captured;
}

/* Must the rest of the next record be waited for? */
bool pcap_records_lack(struct pcap_records *records, struct byte_stream *stream);

/* False, with nothing taken, if what follows is no plain record: then libpcap has to tell what it is. */
bool pcap_records_read(struct pcap_records *records, struct byte_stream *stream, struct frame *frame);

#endif
