/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark hands what IP carries to whoever is registered for its protocol number. For 6 that is this file, which
 * reads the header and hands everything on to the dissector that was there before. Fields of a finished tree say the
 * same, but wanting fields makes Wireshark build a tree for every frame, which costs more than the rest of the plugin.
 *
 * A segment is what is neither a fragment nor quoted by an ICMP error. It is read from its bytes, which are the same in
 * every version and under every preference.
 */
#include "segment_epan.h"

#include "../core/src/checksum.h"
#include "compat.h"
#include "frame_bytes.h"

#include <string.h>

enum { /* offsets in the header, and the size of what is always there */
       IP_PROTOCOL_TCP = 6,
       IPV4_LENGTH = 2,
       IPV4_TTL = 8,
       IPV4_SRC = 12,
       IPV4_FIXED = 20,
       IPV6_LENGTH = 4,
       IPV6_HOP_LIMIT = 7,
       IPV6_SRC = 8,
       IPV6_FIXED = 40,
       TCP_FIXED = 20
};

static const struct segment_visitor *visitor;
static dissector_handle_t tcp;
static int protocol = -1;

/* ---------------------------------------------------------------- the IP header */

/* Bytes that belong to the frame: its own, those of a reassembled datagram, something decrypted. */
struct source {
  const uint8_t *bytes;
  size_t size;
};

static int holds(const struct source *source, const void *bytes, size_t size)
{
  uintptr_t start = (uintptr_t)source->bytes;
  uintptr_t wanted = (uintptr_t)bytes;

  return wanted >= start && wanted - start <= source->size && source->size - (wanted - start) >= size;
}

static struct source source_of(const uint8_t *segment, const packet_info *pinfo)
{
  struct source source = {NULL, 0};
  const GSList *entry;

  for (entry = pinfo->data_src; entry != NULL; entry = entry->next) {
    tvbuff_t *tvb = get_data_source_tvb((const struct data_source *)entry->data);

    source.size = tvb_captured_length(tvb);
    source.bytes = source.size == 0 ? NULL : tvb_get_ptr(tvb, 0, (int)source.size);
    if (source.bytes != NULL && holds(&source, segment, TCP_FIXED)) {
      return source;
    }
  }
  source.bytes = NULL;
  return source;
}

/* The IP header that carries a segment. */
struct ip_header {
  const uint8_t *start; /* NULL if it is not with the segment, which was put together from fragments */
  uint8_t version;
};

static int is_header(const uint8_t *start, const struct ip_header *ip, const address *src)
{
  return start[0] >> 4 == ip->version &&
         memcmp(start + (ip->version == 4 ? IPV4_SRC : IPV6_SRC), src->data, (size_t)src->len) == 0;
}

/* Looks for it in front of the segment: options of IPv4 are multiples of 4 bytes, extension headers of IPv6 of 8. */
static struct ip_header find_ip_header(const uint8_t *segment, const packet_info *pinfo)
{
  struct ip_header ip = {NULL, pinfo->net_src.type == AT_IPv4 ? 4 : 6};
  const struct source source = source_of(segment, pinfo);
  size_t step = ip.version == 4 ? 4 : 8;
  size_t size = ip.version == 4 ? IPV4_FIXED : IPV6_FIXED;
  size_t most = source.bytes == NULL ? 0 : (size_t)(segment - source.bytes);

  for (; size <= most && ip.start == NULL; size += step) {
    if (is_header(segment - size, &ip, &pinfo->net_src)) {
      ip.start = segment - size;
    }
  }
  return ip;
}

/* In both versions the destination follows the source; Wireshark's may be the last stop of a routing header instead. */
static void read_addresses(tcpstate_segment *segment, const struct ip_header *ip, const packet_info *pinfo)
{
  size_t size = ip->version == 4 ? 4 : 16;
  const uint8_t *dst = (const uint8_t *)pinfo->net_dst.data;

  if (ip->start != NULL) {
    dst = ip->start + (ip->version == 4 ? IPV4_SRC : IPV6_SRC) + size;
  }
  memcpy(segment->src, pinfo->net_src.data, size);
  memcpy(segment->dst, dst, size);
  segment->ip_version = ip->version;
}

/* What the IP header says of the length that is left at `segment`, or `otherwise` where it says nothing: the segment
 * was put together from fragments, or segmentation offload left the length 0. Wireshark believes the length of the
 * frame if that is less, but some tools that cut frames do not keep it. */
static size_t length_by_ip(const struct ip_header *ip, const uint8_t *segment, size_t otherwise)
{
  const uint8_t *field;
  size_t end;
  size_t said;

  if (ip->start == NULL) {
    return otherwise;
  }
  field = ip->start + (ip->version == 4 ? IPV4_LENGTH : IPV6_LENGTH);
  said = (size_t)field[0] << 8 | field[1];
  end = said + (ip->version == 4 ? 0 : IPV6_FIXED);
  return said == 0 || end < (size_t)(segment - ip->start) ? otherwise : end - (size_t)(segment - ip->start);
}

/* ---------------------------------------------------------------- segments */

/* 64 bits of nanoseconds reach to the year 2262, a damaged time stamp further. */
static int64_t to_nanoseconds(const nstime_t *time)
{
  const int64_t limit = INT64_MAX / 1000000000 - 3;

  if (time->secs > limit || time->secs < -limit) {
    return time->secs > 0 ? INT64_MAX : INT64_MIN;
  }
  return (int64_t)time->secs * 1000000000 + time->nsecs;
}

static void read_time(tcpstate_segment *segment, const packet_info *pinfo)
{
  if (pinfo->presence_flags & PINFO_HAS_TS) {
    segment->time_ns = to_nanoseconds(&pinfo->abs_ts);
  } else {
    segment->facts |= TCPSTATE_NO_TIME;
  }
}

/* The decoder tells connections apart by VLAN, also inside a tunnel. Most frames are IP right on Ethernet: not worth
 * walking through. */
static uint32_t read_domain(const struct ip_header *ip, const packet_info *pinfo)
{
  tvbuff_t *frame = get_data_source_tvb((const struct data_source *)pinfo->data_src->data);
  struct decoded decoded;

  if (ip->start != NULL && frame_bytes_start_with_ip(frame, pinfo, ip->start)) {
    return 0;
  }
  frame_bytes_decode(&decoded, frame, pinfo);
  return decoded.segment.domain;
}

static int read_segment(tcpstate_segment *segment, tvbuff_t *tvb, const packet_info *pinfo)
{
  struct ip_header ip;
  size_t captured = tvb_captured_length(tvb);
  const uint8_t *header;
  size_t length;

  if (captured < TCP_FIXED) {
    return 0;
  }
  header = tvb_get_ptr(tvb, 0, (int)captured);
  ip = find_ip_header(header, pinfo);
  length = length_by_ip(&ip, header, tvb_reported_length(tvb));
  memset(segment, 0, sizeof *segment);
  if (tcpstate_segment_parse(segment, header, captured, length) != TCPSTATE_OK) {
    return 0;
  }
  read_addresses(segment, &ip, pinfo);
  read_time(segment, pinfo);
  segment->domain = read_domain(&ip, pinfo);
  if (captured >= length && ts_checksum_is_bad(header, length, segment->src, segment->dst, segment->ip_version)) {
    segment->facts |= TCPSTATE_BAD_CHECKSUM;
  }
  if (ip.start != NULL) {
    segment->ttl = ip.start[ip.version == 4 ? IPV4_TTL : IPV6_HOP_LIMIT];
  }
  segment->unfinished_checksum =
      (segment->flags & TCPSTATE_SYN) != 0 && /* all that is asked for */
      ts_checksum_is_unfinished(header, length, segment->src, segment->dst, segment->ip_version);
  return 1;
}

static int is_whole_segment(const packet_info *pinfo)
{
  return !pinfo->fragmented && !pinfo->flags.in_error_pkt && pinfo->data_src != NULL &&
         (pinfo->net_src.type == AT_IPv4 || pinfo->net_src.type == AT_IPv6) && pinfo->net_src.data != NULL &&
         pinfo->net_dst.type == pinfo->net_src.type && pinfo->net_dst.data != NULL;
}

static int read_and_hand_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
  tcpstate_segment segment;

  if (visitor != NULL && !PINFO_FD_VISITED(pinfo) && is_whole_segment(pinfo) && read_segment(&segment, tvb, pinfo)) {
    visitor->segment(pinfo, &segment);
  }
  return call_dissector_only(tcp, tvb, pinfo, tree, data);
}

void segment_epan_icmp_error(tvbuff_t *frame, packet_info *pinfo)
{
  struct decoded decoded;

  frame_bytes_decode(&decoded, frame, pinfo);
  if (decoded.kind == DECODED_ICMP_ERROR) {
    read_time(&decoded.segment, pinfo);
    visitor->icmp_error(&decoded.segment, decoded.hard);
  }
}

/* ---------------------------------------------------------------- registration */

void segment_epan_visit(const struct segment_visitor *now)
{
  visitor = now;
}

/* Only a name, and part of TCP: it is no layer of its own, and is disabled with TCP, not with TCP State. */
void segment_epan_register(void)
{
  protocol = proto_register_protocol_in_name_only("TCP, read by TCP State", "TCP for TCP State", "tcpstate_tcp",
                                                  proto_get_id_by_filter_name("tcp"), FT_PROTOCOL);
}

void segment_epan_hand_off(void)
{
  dissector_table_t by_protocol_number = find_dissector_table("ip.proto");

  tcp = by_protocol_number == NULL ? NULL : dissector_get_uint_handle(by_protocol_number, IP_PROTOCOL_TCP);
  if (tcp != NULL) {
    dissector_add_uint("ip.proto", IP_PROTOCOL_TCP, create_dissector_handle(read_and_hand_on, protocol));
  }
}
