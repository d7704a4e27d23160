/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packets.h"

#include "target.h"

#include <string.h>

enum {
  HEADER_SIZE = 24,
  RECORD_HEADER = 16,
  IPV4 = 20,
  IPV6 = 40,
  TCP = 20,
  OPTIONS = 20, /* MSS, window scale, time stamps, padding */
  CAPTURED_PAYLOAD = 40,
  LONGEST = 65535,
  MOST = RECORD_HEADER + IPV6 + TCP + OPTIONS + CAPTURED_PAYLOAD
};

static void put16(uint8_t *at, unsigned value)
{
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}

/* pcap files are in the byte order of who wrote them. */
static uint8_t *put_own32(uint8_t *at, uint32_t value)
{
  memcpy(at, &value, sizeof value);
  return at + sizeof value;
}

void packet_file_start(struct packet_file *file)
{
  static const uint32_t header[] = {0xa1b23c4d, 0x00040002, 0, 0, 0x40000, 101};

  file->room = 1 << 16;
  file->bytes = malloc(file->room);
  FUZZ_CHECK(file->bytes != NULL);
  memcpy(file->bytes, header, HEADER_SIZE);
  file->size = HEADER_SIZE;
}

static size_t put_ip(uint8_t *at, const tcpstate_segment *segment, const struct packet_extras *extras, size_t rest)
{
  if (segment->ip_version == 4) {
    at[0] = 0x45;
    put16(at + 2, (unsigned)(rest + IPV4));
    put16(at + 4, extras->ip_id);
    at[8] = extras->ttl;
    at[9] = 6;
    memcpy(at + 12, segment->src, 4);
    memcpy(at + 16, segment->dst, 4);
    return IPV4;
  }
  at[0] = 0x60;
  put16(at + 4, (unsigned)rest);
  at[6] = 6;
  at[7] = extras->ttl;
  memcpy(at + 8, segment->src, 16);
  memcpy(at + 24, segment->dst, 16);
  return IPV6;
}

static size_t put_options(uint8_t *at, const tcpstate_segment *segment)
{
  size_t size = 0;

  if (segment->facts & TCPSTATE_HAS_MSS) {
    put16(at, 0x0204);
    put16(at + 2, segment->mss);
    size = 4;
  }
  if (segment->facts & TCPSTATE_HAS_WINDOW_SCALE) {
    put32(at + size, 0x01030300U | segment->window_scale);
    size += 4;
  }
  if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
    put32(at + size, 0x0101080a);
    put32(at + size + 4, segment->ts_value);
    put32(at + size + 8, segment->ts_echo);
    size += 12;
  }
  return size;
}

static size_t put_tcp(uint8_t *at, const tcpstate_segment *segment, size_t options)
{
  put16(at, segment->src_port);
  put16(at + 2, segment->dst_port);
  put32(at + 4, segment->seq);
  put32(at + 8, segment->ack);
  at[12] = (uint8_t)((TCP + options) << 2);
  at[13] = segment->flags;
  put16(at + 14, segment->window);
  return TCP + options;
}

void packet_file_add(struct packet_file *file, const tcpstate_segment *segment, const struct packet_extras *extras)
{
  uint8_t options[OPTIONS];
  size_t option_size = put_options(options, segment);
  size_t most = (size_t)LONGEST - IPV6 - TCP - option_size;
  size_t payload = segment->payload_length < most ? segment->payload_length : most;
  size_t captured = payload < CAPTURED_PAYLOAD ? payload : CAPTURED_PAYLOAD;
  size_t size;
  uint8_t *record;
  uint8_t *at;

  if (file->room - file->size < MOST) {
    file->room *= 2;
    file->bytes = realloc(file->bytes, file->room);
    FUZZ_CHECK(file->bytes != NULL);
  }
  record = file->bytes + file->size;
  memset(record, 0, MOST);
  at = record + RECORD_HEADER;
  at += put_ip(at, segment, extras, TCP + option_size + payload);
  memcpy(at + TCP, options, option_size);
  at += put_tcp(at, segment, option_size);
  memset(at, extras->payload, captured);
  size = (size_t)(at - record) - RECORD_HEADER;
  record = put_own32(record, (uint32_t)(segment->time_ns / 1000000000));
  record = put_own32(record, (uint32_t)((uint64_t)segment->time_ns % 1000000000));
  record = put_own32(record, (uint32_t)(size + captured));
  put_own32(record, (uint32_t)(size + payload));
  file->size += RECORD_HEADER + size + captured;
}
