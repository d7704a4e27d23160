/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcap_records.h"

enum { MOST_CAPTURED = STREAM_PEEK_MOST - PCAP_RECORD_HEADER };

/* In the byte order of this machine. */
struct file_header {
  uint32_t magic;
  uint16_t version[2];
  uint32_t zone;
  uint32_t accuracy;
  uint32_t snap_length;
  uint32_t link_type;
};

/* Those whose numbers and contents libpcap hands out as they are. */
static bool is_plain_link_type(uint32_t link_type)
{
  return link_type == 1 || link_type == 101 || link_type == 113 || link_type == 276;
}

/* Nothing is at hand. */
static void have_nothing(struct pcap_records *records)
{
  records->window = records->at = records->end = records->header;
}

bool pcap_records_open(struct pcap_records *records, struct byte_stream *stream)
{
  const uint8_t *bytes = byte_stream_peek(stream, PCAP_FILE_HEADER);
  struct file_header header;

  _Static_assert(sizeof header == PCAP_FILE_HEADER, "as it lies in the file");
  if (bytes == NULL) {
    return false;
  }
  memcpy(&header, bytes, sizeof header);
  if ((header.magic != 0xa1b2c3d4 && header.magic != 0xa1b23c4d) || header.version[0] != 2 || header.version[1] != 4 ||
      header.snap_length == 0 || header.snap_length > MOST_CAPTURED || !is_plain_link_type(header.link_type)) {
    return false;
  }
  records->common = (struct frame){.link_type = header.link_type, .snap_length = header.snap_length, .has_time = true};
  records->unit = header.magic == 0xa1b2c3d4 ? 1000 : 1;
  memcpy(records->header, bytes, sizeof records->header);
  have_nothing(records);
  byte_stream_skip(stream, PCAP_FILE_HEADER);
  return true;
}

/* The stream is told what was taken. */
static void give_back(struct pcap_records *records, struct byte_stream *stream)
{
  byte_stream_skip(stream, (size_t)(records->at - records->window));
  have_nothing(records);
}

/* The next `count` bytes; the stream is asked only where what it has given out does not hold them. */
static const uint8_t *peek(struct pcap_records *records, struct byte_stream *stream, size_t count)
{
  if ((size_t)(records->end - records->at) < count) {
    const uint8_t *bytes;
    size_t available;

    give_back(records, stream);
    bytes = byte_stream_window(stream, count, &available);
    if (bytes == NULL) {
      return NULL;
    }
    records->window = records->at = bytes;
    records->end = bytes + available;
  }
  return records->at;
}

/* The next record, with the stream's help. */
static const uint8_t *next_record(struct pcap_records *records, struct byte_stream *stream,
                                  struct pcap_record_header *header)
{
  const uint8_t *bytes = peek(records, stream, PCAP_RECORD_HEADER);

  if (bytes == NULL) {
    return NULL;
  }
  memcpy(header, bytes, sizeof *header);
  if (!pcap_records_are_plain(records, header)) {
    return NULL;
  }
  bytes = peek(records, stream, PCAP_RECORD_HEADER + header->captured);
  return bytes == NULL ? NULL : bytes + PCAP_RECORD_HEADER;
}

bool pcap_records_lack(struct pcap_records *records, struct byte_stream *stream)
{
  struct pcap_record_header header;
  const uint8_t *bytes;

  if (pcap_records_peek(records, &header, &bytes)) {
    return false;
  }
  give_back(records, stream);
  if (byte_stream_lacks(stream, PCAP_RECORD_HEADER)) {
    return true;
  }
  bytes = byte_stream_peek(stream, PCAP_RECORD_HEADER);
  if (bytes == NULL) {
    return false;
  }
  memcpy(&header, bytes, sizeof header);
  return pcap_records_are_plain(records, &header) && byte_stream_lacks(stream, PCAP_RECORD_HEADER + header.captured);
}

bool pcap_records_read(struct pcap_records *records, struct byte_stream *stream, struct frame *frame)
{
  struct pcap_record_header header;
  const uint8_t *bytes = next_record(records, stream, &header);

  if (bytes == NULL) {
    give_back(records, stream);
    return false;
  }
  pcap_records_take(records, &header);
  *frame = records->common;
  frame->bytes = bytes;
  frame->captured = header.captured;
  frame->length = header.length;
  frame->time_ns = pcap_records_time(records, &header);
  return true;
}
