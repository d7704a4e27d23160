/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes of a TCP header (RFC 9293 3.1) to a tcpstate_segment.
 */
#include "tcpstate/tcpstate.h"

enum {
  FIXED_HEADER = 20, /* bytes, without options */
  MAX_WINDOW_SCALE = 14
};

enum option_kind {
  OPTION_END = 0,
  OPTION_NO_OPERATION = 1,
  OPTION_MSS = 2,
  OPTION_WINDOW_SCALE = 3,
  OPTION_TIMESTAMP = 8,
  OPTION_FAST_OPEN = 34,
  OPTION_EXPERIMENT = 254 /* RFC 6994: a 16-bit identifier follows */
};

enum { EXPERIMENT_FAST_OPEN = 0xf989 };

static uint16_t read16(const uint8_t *bytes)
{
  return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t read32(const uint8_t *bytes)
{
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* RFC 7413 4.1.1: no cookie (a request), or 4 to 16 bytes of it, an even number. */
static int is_cookie_length(size_t length)
{
  return length == 0 || (length >= 4 && length <= 16 && length % 2 == 0);
}

/* Options that only a SYN may carry: RFC 9293 3.7.1, RFC 7323 2.2, RFC 7413 4.1.1. */
static void parse_syn_option(tcpstate_segment *segment, const uint8_t *option, size_t length)
{
  switch (option[0]) {
  case OPTION_MSS:
    if (length == 4) {
      segment->mss = read16(option + 2);
      segment->facts |= TCPSTATE_HAS_MSS;
    }
    break;
  case OPTION_WINDOW_SCALE:
    if (length == 3) {
      /* RFC 7323 2.3: a larger shift counts as 14. */
      segment->window_scale = option[2] > MAX_WINDOW_SCALE ? MAX_WINDOW_SCALE : option[2];
      segment->facts |= TCPSTATE_HAS_WINDOW_SCALE;
    }
    break;
  case OPTION_FAST_OPEN:
    if (is_cookie_length(length - 2)) {
      segment->facts |= TCPSTATE_HAS_FAST_OPEN;
    }
    break;
  case OPTION_EXPERIMENT:
    if (length >= 4 && read16(option + 2) == EXPERIMENT_FAST_OPEN && is_cookie_length(length - 4)) {
      segment->facts |= TCPSTATE_HAS_FAST_OPEN;
    }
    break;
  default:
    break;
  }
}

static void parse_option(tcpstate_segment *segment, const uint8_t *option, size_t length)
{
  if (option[0] == OPTION_TIMESTAMP) {
    if (length == 10) {
      segment->ts_value = read32(option + 2);
      segment->ts_echo = read32(option + 6);
      segment->facts |= TCPSTATE_HAS_TIMESTAMP;
    }
  } else if (segment->flags & TCPSTATE_SYN) {
    parse_syn_option(segment, option, length);
  }
}

/* As RFC 7323 appendix A lays it out, and nearly every segment of a connection with time stamps has it. */
static int is_timestamp_only(const uint8_t *options, size_t size)
{
  return size == 12 && options[0] == OPTION_NO_OPERATION && options[1] == OPTION_NO_OPERATION &&
         options[2] == OPTION_TIMESTAMP && options[3] == 10;
}

/* Stops at the first option whose length makes no sense: what follows cannot be found any more. */
static void parse_options(tcpstate_segment *segment, const uint8_t *options, size_t size)
{
  size_t at = 0;

  if (is_timestamp_only(options, size)) {
    parse_option(segment, options + 2, 10);
    return;
  }
  while (at < size && options[at] != OPTION_END) {
    if (options[at] == OPTION_NO_OPERATION) {
      at++;
      continue;
    }
    if (size - at < 2 || options[at + 1] < 2 || options[at + 1] > size - at) {
      return;
    }
    parse_option(segment, options + at, options[at + 1]);
    at += options[at + 1];
  }
}

int tcpstate_segment_parse(tcpstate_segment *segment, const uint8_t *header, size_t captured, size_t length)
{
  size_t header_length;
  size_t payload;

  if (segment == NULL || header == NULL) {
    return TCPSTATE_ERROR_INVALID_ARGUMENT;
  }
  if (length < FIXED_HEADER) {
    return TCPSTATE_ERROR_MALFORMED;
  }
  if (captured < FIXED_HEADER) {
    return TCPSTATE_ERROR_TRUNCATED;
  }
  header_length = (size_t)(header[12] >> 4) * 4;
  if (header_length < FIXED_HEADER || header_length > length) {
    return TCPSTATE_ERROR_MALFORMED;
  }
  payload = length - header_length;
  segment->src_port = read16(header);
  segment->dst_port = read16(header + 2);
  segment->seq = read32(header + 4);
  segment->ack = read32(header + 8);
  segment->flags = header[13];
  segment->window = read16(header + 14);
  segment->payload_length = payload > UINT32_MAX ? UINT32_MAX : (uint32_t)payload;
  segment->ts_value = 0;
  segment->ts_echo = 0;
  segment->mss = 0;
  segment->window_scale = 0;
  segment->facts = captured < header_length ? TCPSTATE_NO_CAPTURED_OPTIONS : 0;
  if (captured > header_length) {
    captured = header_length;
  }
  parse_options(segment, header + FIXED_HEADER, captured - FIXED_HEADER);
  return TCPSTATE_OK;
}
