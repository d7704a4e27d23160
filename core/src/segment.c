/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes of a TCP header (RFC 9293 3.1) to a tcpstate_segment.
 */
#include "tcp_header.h"

enum { MAX_WINDOW_SCALE = 14 };

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

/* RFC 7323 2.3: a larger shift counts as 14. */
static uint8_t window_scale_of(uint8_t shift)
{
  return shift > MAX_WINDOW_SCALE ? MAX_WINDOW_SCALE : shift;
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
      segment->window_scale = window_scale_of(option[2]);
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
      read_timestamp(segment, option + 2);
      segment->facts |= TCPSTATE_HAS_TIMESTAMP;
    }
  } else if (segment->flags & TCPSTATE_SYN) {
    parse_syn_option(segment, option, length);
  }
}

/* As Linux lays them out: MSS, SACK permitted, time stamp, no operation, window scale. 0: they are others. */
static int read_usual_syn(tcpstate_segment *segment, const uint8_t *options, size_t size)
{
  const uint64_t all_but_mss = 0xffff0000ffffffff;

  if (size != 20 || (read64(options) & all_but_mss) != 0x020400000402080a || read32(options + 16) >> 8 != 0x010303 ||
      !(segment->flags & TCPSTATE_SYN)) {
    return 0;
  }
  segment->mss = read16(options + 2);
  read_timestamp(segment, options + 8);
  segment->window_scale = window_scale_of(options[19]);
  segment->facts |= TCPSTATE_HAS_TIMESTAMP | TCPSTATE_HAS_WINDOW_SCALE | TCPSTATE_HAS_MSS;
  return 1;
}

/* Stops at the first option whose length makes no sense: what follows cannot be found any more. */
void ts_tcp_options_read(tcpstate_segment *segment, const uint8_t *options, size_t size)
{
  size_t at = read_usual_syn(segment, options, size) ? size : 0;

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
  header_length = tcp_header_length(header);
  if (header_length < FIXED_HEADER || header_length > length) {
    return TCPSTATE_ERROR_MALFORMED;
  }
  payload = length - header_length;
  tcp_header_read_fields(segment, header);
  segment->payload_length = payload > UINT32_MAX ? UINT32_MAX : (uint32_t)payload;
  segment->ts_value = 0;
  segment->ts_echo = 0;
  segment->mss = 0;
  segment->window_scale = 0;
  segment->facts = captured < header_length ? TCPSTATE_NO_CAPTURED_OPTIONS : 0;
  if (captured > header_length) {
    captured = header_length;
  }
  tcp_header_read_options(segment, header + FIXED_HEADER, captured - FIXED_HEADER);
  return TCPSTATE_OK;
}
