/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet_decoder.h"

#include "../../src/checksum.h"
#include "layers.h"

#include <string.h>

/* Deeper nesting than any real network has ends the walk. */
enum { MAX_LAYERS = 32 };

/* The TCP members of `segment`, whose addresses stand; `ttl` is of the IP header. False: no header that makes sense. */
static bool read_tcp(tcpstate_segment *segment, const struct bytes *rest, uint8_t ttl)
{
  if (tcpstate_segment_parse(segment, rest->at, rest->captured, rest->length) != TCPSTATE_OK) {
    return false;
  }
  if (rest->captured >= rest->length &&
      ts_checksum_is_bad(rest->at, rest->length, segment->src, segment->dst, segment->ip_version)) {
    segment->facts |= TCPSTATE_BAD_CHECKSUM;
  }
  segment->ttl = ttl;
  segment->unfinished_checksum =
      (segment->flags & TCPSTATE_SYN) != 0 && /* all that is asked for */
      ts_checksum_is_unfinished(rest->at, rest->length, segment->src, segment->dst, segment->ip_version);
  return true;
}

static enum layer layer_tcp(struct walk *walk)
{
  struct decoded *decoded = walk->decoded;

  if (!read_tcp(&decoded->segment, &walk->rest, decoded->headers.ttl)) {
    decoded->kind = DECODED_MALFORMED;
    return LAYER_END;
  }
  decoded->headers.tcp = walk->rest.at;
  decoded->headers.captured = walk->rest.captured;
  decoded->kind = DECODED_SEGMENT;
  return LAYER_END;
}

static layer_function *const functions[LAYER_COUNT] = {
    [LAYER_ETHERNET] = layer_ethernet,
    [LAYER_SLL] = layer_sll,
    [LAYER_SLL2] = layer_sll2,
    [LAYER_NULL] = layer_null,
    [LAYER_VLAN] = layer_vlan,
    [LAYER_LLC] = layer_llc,
    [LAYER_PPP_WITH_DIRECTION] = layer_ppp_with_direction,
    [LAYER_PPP] = layer_ppp,
    [LAYER_PPPOE] = layer_pppoe,
    [LAYER_HDLC] = layer_hdlc,
    [LAYER_MPLS] = layer_mpls,
    [LAYER_IP] = layer_ip,
    [LAYER_IPV4] = layer_ipv4,
    [LAYER_IPV6] = layer_ipv6,
    [LAYER_ICMP4] = layer_icmp4,
    [LAYER_ICMP6] = layer_icmp6,
    [LAYER_GRE] = layer_gre,
    [LAYER_UDP] = layer_udp,
    [LAYER_VXLAN] = layer_vxlan,
    [LAYER_VXLAN_GPE] = layer_vxlan_gpe,
    [LAYER_GENEVE] = layer_geneve,
    [LAYER_GTP] = layer_gtp,
    [LAYER_TEREDO] = layer_teredo,
    [LAYER_TCP] = layer_tcp,
};

static void go(struct walk *walk, enum layer layer)
{
  for (int depth = 0; layer != LAYER_END && depth < MAX_LAYERS; depth++) {
    layer = functions[layer](walk);
  }
}

/* Most frames are TCP in IP in Ethernet and nothing else. `rest` becomes the TCP segment, as the layers would make it.
 * False: walk the layers. */
static bool skip_plain_headers(struct bytes *rest, tcpstate_segment *segment, struct headers *headers)
{
  enum { ETHERNET = 14, IPV4 = 20, IPV6 = 40, PROTOCOL_TCP = 6 };
  const uint8_t *ip = rest->at + ETHERNET;
  size_t size;

  if (bytes_have(rest, ETHERNET + IPV4) && bytes_u16(rest, 12) == 0x0800 && ip[0] == 0x45 && ip[9] == PROTOCOL_TCP &&
      (bytes_u16(rest, ETHERNET + 6) & 0x3fff) == 0 && bytes_u16(rest, ETHERNET + 2) >= IPV4) {
    memcpy(segment->src, ip + 12, 4);
    memcpy(segment->dst, ip + 16, 4);
    segment->ip_version = 4;
    headers->ip_id = (uint16_t)bytes_u16(rest, ETHERNET + 4);
    headers->ttl = ip[8];
    size = bytes_u16(rest, ETHERNET + 2) - (size_t)IPV4;
    bytes_skip(rest, ETHERNET + IPV4);
  } else if (bytes_have(rest, ETHERNET + IPV6) && bytes_u16(rest, 12) == 0x86dd && ip[0] >> 4 == 6 &&
             ip[6] == PROTOCOL_TCP && bytes_u16(rest, ETHERNET + 4) != 0) {
    memcpy(segment->src, ip + 8, 16);
    memcpy(segment->dst, ip + 24, 16);
    segment->ip_version = 6;
    headers->ttl = ip[7];
    size = bytes_u16(rest, ETHERNET + 4);
    bytes_skip(rest, ETHERNET + IPV6);
  } else {
    return false;
  }
  bytes_set_length(rest, size);
  return true;
}

bool packet_decode_plain(tcpstate_segment *segment, unsigned link_type, const uint8_t *frame, size_t captured,
                         size_t length)
{
  struct bytes rest = {frame, captured, length < captured ? captured : length};
  struct headers headers;

  memset(segment, 0, sizeof *segment);
  return link_type == LINK_ETHERNET && skip_plain_headers(&rest, segment, &headers) &&
         read_tcp(segment, &rest, headers.ttl);
}

void packet_decode_layers(struct decoded *decoded, unsigned link_type, const uint8_t *frame, size_t captured,
                          size_t length)
{
  struct walk walk = {.rest = {frame, captured, length < captured ? captured : length}, .decoded = decoded};

  memset(decoded, 0, sizeof *decoded);
  go(&walk, layer_of_link_type(link_type));
}

void packet_decode(struct decoded *decoded, unsigned link_type, const uint8_t *frame, size_t captured, size_t length)
{
  struct walk walk = {.rest = {frame, captured, length < captured ? captured : length}, .decoded = decoded};

  memset(decoded, 0, sizeof *decoded);
  if (link_type == LINK_ETHERNET && skip_plain_headers(&walk.rest, &decoded->segment, &decoded->headers)) {
    layer_tcp(&walk);
  } else {
    go(&walk, layer_of_link_type(link_type));
  }
}

void packet_decode_datagram(struct decoded *decoded, const uint8_t *bytes, size_t size)
{
  struct walk walk = {.rest = {bytes, size, size}, .decoded = decoded};

  decoded->kind = DECODED_OTHER;
  go(&walk, layer_of_ip_content(&walk, decoded->fragment.protocol));
}

bool packet_link_is_known(unsigned link_type)
{
  return layer_of_link_type(link_type) != LAYER_END;
}
