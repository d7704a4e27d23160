/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Most frames are TCP in IP in Ethernet and nothing else: they are read in a straight line, as the layers would read
 * them. In a header, for it is worth having where the frames are read.
 */
#ifndef CLI_PLAIN_FRAME_H
#define CLI_PLAIN_FRAME_H

#include "../../src/checksum.h"
#include "../../src/internet_sum.h"
#include "../../src/tcp_header.h"

#include <stdbool.h>

/* What lies behind the IP header. */
struct plain_tcp {
  const uint8_t *at;
  size_t captured;    /* up to the end of the frame, which may lie behind that of the segment */
  size_t length;      /* as IP has it */
  uint64_t addresses; /* their sum, RFC 1071 */
};

enum {
  PLAIN_ETHERNET = 14,
  PLAIN_IPV4 = PLAIN_ETHERNET + 20, /* bytes up to TCP */
  PLAIN_IPV6 = PLAIN_ETHERNET + 40
};

/* The first four of eight bytes, and zeros, become the 16 of `to`: in whole words, as they are read again. */
static ALWAYS_INLINE void plain_read_ipv4_address(uint8_t *to, const uint8_t *bytes)
{
  static const uint8_t first_four[8] = {0xff, 0xff, 0xff, 0xff};
  const uint64_t words[2] = {word_at(bytes) & word_at(first_four)};

  memcpy(to, words, sizeof words);
}

/* True: no fragment, and TCP in it. */
static ALWAYS_INLINE bool plain_read_ipv4(tcpstate_segment *segment, const uint8_t *frame, size_t captured,
                                          struct plain_tcp *tcp)
{
  const uint8_t *ip = frame + PLAIN_ETHERNET;

  if ((read32(ip + 6) & 0x3fff00ff) != PROTOCOL_TCP || read16(ip + 2) < 20) {
    return false;
  }
  plain_read_ipv4_address(segment->src, ip + 12);
  plain_read_ipv4_address(segment->dst, ip + 16);
  tcp->addresses = word_at(ip + 12);
  segment->ip_version = 4;
  segment->ttl = ip[8];
  tcp->at = frame + PLAIN_IPV4;
  tcp->captured = captured - PLAIN_IPV4;
  tcp->length = read16(ip + 2) - (size_t)20;
  return true;
}

static ALWAYS_INLINE uint64_t plain_sum_of_ipv6(const uint8_t *addresses)
{
  struct internet_sum sum = {word_at(addresses), 0};

  sum_add(&sum, word_at(addresses + 8));
  sum_add(&sum, word_at(addresses + 16));
  sum_add(&sum, word_at(addresses + 24));
  return sum_word(sum);
}

static ALWAYS_INLINE bool plain_read_ipv6(tcpstate_segment *segment, const uint8_t *frame, size_t captured,
                                          struct plain_tcp *tcp)
{
  const uint8_t *ip = frame + PLAIN_ETHERNET;

  if (captured < PLAIN_IPV6 + FIXED_HEADER || ip[6] != PROTOCOL_TCP) {
    return false;
  }
  memcpy(segment->src, ip + 8, 16);
  memcpy(segment->dst, ip + 24, 16);
  tcp->addresses = plain_sum_of_ipv6(ip + 8);
  segment->ip_version = 6;
  segment->ttl = ip[7];
  tcp->at = frame + PLAIN_IPV6;
  tcp->captured = captured - PLAIN_IPV6;
  tcp->length = read16(ip + 4);
  return true;
}

static ALWAYS_INLINE bool plain_read_ip(tcpstate_segment *segment, const uint8_t *frame, size_t captured,
                                        struct plain_tcp *tcp)
{
  uint32_t kind;

  if (captured < PLAIN_IPV4 + FIXED_HEADER) {
    return false;
  }
  kind = read32(frame + PLAIN_ETHERNET - 2); /* EtherType, version, and IPv4's header length */
  if (kind >> 8 == 0x080045) {
    return plain_read_ipv4(segment, frame, captured, tcp);
  }
  return kind >> 12 == 0x86dd6 && plain_read_ipv6(segment, frame, captured, tcp);
}

static ALWAYS_INLINE struct internet_sum plain_pseudo_header(const struct plain_tcp *tcp)
{
  struct internet_sum sum = {0};

  sum_add_field(&sum, PROTOCOL_TCP);
  sum_add_field(&sum, (unsigned)tcp->length);
  sum_add(&sum, tcp->addresses);
  return sum;
}

/* Of a SYN: all that is asked for. */
static ALWAYS_INLINE void plain_judge_unfinished(tcpstate_segment *segment, const uint8_t *tcp,
                                                 struct internet_sum pseudo_header)
{
  if (segment->flags & TCPSTATE_SYN) {
    segment->unfinished_checksum = sum_fold(pseudo_header) == checksum_field(tcp);
  }
}

/* What does not add up is rare: only then it is asked whether it is damaged. */
static ALWAYS_INLINE void plain_judge_checksum(tcpstate_segment *segment, const struct plain_tcp *tcp)
{
  struct internet_sum sum;

  if (tcp->captured < tcp->length || tcp->length > LONGEST_ON_A_WIRE) {
    plain_judge_unfinished(segment, tcp->at, plain_pseudo_header(tcp));
    return;
  }
  sum = plain_pseudo_header(tcp);
  plain_judge_unfinished(segment, tcp->at, sum);
  sum_add_tcp(&sum, tcp->at, tcp->length);
  if (UNLIKELY(sum_fold(sum) != 0xffff) &&
      ts_checksum_is_bad(tcp->at, tcp->length, segment->src, segment->dst, segment->ip_version)) {
    segment->facts |= TCPSTATE_BAD_CHECKSUM;
  }
}

/* All of `segment`, and where it stood. False, with both in any state: this is no plain frame, or no TCP header that
 * makes sense. */
static ALWAYS_INLINE bool plain_frame_read(tcpstate_segment *segment, struct plain_tcp *tcp, int64_t time_ns,
                                           const uint8_t *frame, size_t captured)
{
  size_t header_length;

  segment->time_ns = time_ns;
  segment->domain = 0;
  memset(&segment->ts_value, 0, sizeof *segment - offsetof(tcpstate_segment, ts_value)); /* and the padding */
  if (!plain_read_ip(segment, frame, captured, tcp)) {
    return false;
  }
  header_length = tcp_header_read_fields(segment, tcp->at);
  if (header_length < FIXED_HEADER || header_length > tcp->length) {
    return false;
  }
  segment->payload_length = (uint32_t)(tcp->length - header_length);
  if (LIKELY(tcp->captured >= header_length)) {
    tcp_header_read_options(segment, tcp->at + FIXED_HEADER, header_length - FIXED_HEADER);
  } else {
    segment->facts = TCPSTATE_NO_CAPTURED_OPTIONS;
    tcp_header_read_options(segment, tcp->at + FIXED_HEADER, tcp->captured - FIXED_HEADER);
  }
  plain_judge_checksum(segment, tcp);
  return true;
}

#endif
