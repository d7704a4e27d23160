/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200).
 */
#include "layers.h"

#include <string.h>

enum protocol {
  PROTOCOL_HOP_BY_HOP = 0,
  PROTOCOL_ICMP = 1,
  PROTOCOL_IPV4 = 4,
  PROTOCOL_TCP = 6,
  PROTOCOL_UDP = 17,
  PROTOCOL_IPV6 = 41,
  PROTOCOL_ROUTING = 43,
  PROTOCOL_FRAGMENT = 44,
  PROTOCOL_GRE = 47,
  PROTOCOL_AUTHENTICATION = 51,
  PROTOCOL_ICMPV6 = 58,
  PROTOCOL_DESTINATION = 60,
  PROTOCOL_MOBILITY = 135,
  PROTOCOL_MPLS = 137,
  PROTOCOL_HIP = 139,
  PROTOCOL_SHIM6 = 140
};

enum { IPV4_HEADER = 20, IPV6_HEADER = 40 };

static enum layer layer_of_protocol(unsigned protocol)
{
  switch (protocol) {
  case PROTOCOL_TCP:
    return LAYER_TCP;
  case PROTOCOL_ICMP:
    return LAYER_ICMP4;
  case PROTOCOL_ICMPV6:
    return LAYER_ICMP6;
  case PROTOCOL_UDP:
    return LAYER_UDP;
  case PROTOCOL_GRE:
    return LAYER_GRE;
  case PROTOCOL_IPV4:
    return LAYER_IPV4;
  case PROTOCOL_IPV6:
    return LAYER_IPV6;
  case PROTOCOL_MPLS:
    return LAYER_MPLS;
  default:
    return LAYER_END;
  }
}

enum layer layer_ip(struct walk *walk)
{
  if (!bytes_have(&walk->rest, 1)) {
    return LAYER_END;
  }
  switch (walk->rest.at[0] >> 4) {
  case 4:
    return LAYER_IPV4;
  case 6:
    return LAYER_IPV6;
  default:
    return LAYER_END;
  }
}

void layer_set_addresses(struct walk *walk, uint8_t ip_version, size_t offset, size_t size)
{
  tcpstate_segment *segment = &walk->decoded->segment;

  memset(segment->src, 0, sizeof segment->src);
  memset(segment->dst, 0, sizeof segment->dst);
  memcpy(segment->src, walk->rest.at + offset, size);
  memcpy(segment->dst, walk->rest.at + offset + size, size);
  segment->ip_version = ip_version;
}

/* `rest` is the fragment's part of the payload. */
static enum layer fragment(struct walk *walk, struct fragment part)
{
  part.bytes = walk->rest.at;
  part.size = walk->rest.captured;
  part.length = walk->rest.length;
  walk->decoded->fragment = part;
  walk->decoded->kind = DECODED_FRAGMENT;
  return LAYER_END;
}

enum layer layer_ipv4(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  size_t header;
  size_t total;
  struct fragment part = {0};

  if (!bytes_have(rest, IPV4_HEADER) || rest->at[0] >> 4 != 4) {
    return LAYER_END;
  }
  header = (size_t)(rest->at[0] & 0x0f) * 4;
  total = bytes_u16(rest, 2);
  if (total == 0) { /* segmentation offload: the card will cut this and fill in the lengths */
    total = rest->length;
  }
  if (header < IPV4_HEADER || total < header) {
    return LAYER_END;
  }
  bytes_set_length(rest, total);
  if (!bytes_have(rest, header)) {
    return LAYER_END;
  }
  part.more = (bytes_u16(rest, 6) & 0x2000) != 0;
  part.offset = (uint32_t)(bytes_u16(rest, 6) & 0x1fff) * 8;
  part.id = bytes_u16(rest, 4);
  part.protocol = rest->at[9];
  walk->decoded->headers.ip_id = (uint16_t)part.id;
  walk->decoded->headers.ttl = rest->at[8];
  layer_set_addresses(walk, 4, 12, 4);
  bytes_skip(rest, header);
  return part.more || part.offset > 0 ? fragment(walk, part) : layer_of_ip_content(walk, part.protocol);
}

/* Length of an extension header, 0 if `protocol` is none. */
static size_t extension_length(const struct bytes *rest, unsigned protocol)
{
  switch (protocol) {
  case PROTOCOL_HOP_BY_HOP:
  case PROTOCOL_ROUTING:
  case PROTOCOL_DESTINATION:
  case PROTOCOL_MOBILITY:
  case PROTOCOL_HIP:
  case PROTOCOL_SHIM6:
    return ((size_t)rest->at[1] + 1) * 8;
  case PROTOCOL_AUTHENTICATION: /* RFC 4302 2.2: in words of four bytes, minus two */
    return ((size_t)rest->at[1] + 2) * 4;
  case PROTOCOL_FRAGMENT:
    return 8;
  default:
    return 0;
  }
}

/* RFC 8200 4.5 */
static enum layer ipv6_fragment(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  struct fragment part = {
      .more = (rest->at[3] & 1) != 0,
      .offset = bytes_u16(rest, 2) & 0xfff8,
      .id = bytes_u32(rest, 4),
      .protocol = rest->at[0],
  };

  bytes_skip(rest, 8);
  return fragment(walk, part);
}

/* IPv4 has none of these headers but the one for authentication; the numbers mean the same. */
enum layer layer_of_ip_content(struct walk *walk, unsigned protocol)
{
  struct bytes *rest = &walk->rest;

  while (layer_of_protocol(protocol) == LAYER_END) {
    size_t length = bytes_have(rest, 8) ? extension_length(rest, protocol) : 0;

    if (length == 0 || !bytes_have(rest, length)) {
      return LAYER_END;
    }
    /* RFC 6946: offset 0 and no more to come is an atomic fragment, a whole datagram. */
    if (protocol == PROTOCOL_FRAGMENT && (bytes_u16(rest, 2) & 0xfff9) != 0) {
      return ipv6_fragment(walk);
    }
    protocol = rest->at[0];
    bytes_skip(rest, length);
  }
  return layer_of_protocol(protocol);
}

enum layer layer_ipv6(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  size_t payload;
  unsigned protocol;

  if (!bytes_have(rest, IPV6_HEADER) || rest->at[0] >> 4 != 6) {
    return LAYER_END;
  }
  payload = bytes_u16(rest, 4);
  protocol = rest->at[6];
  walk->decoded->headers.ip_id = 0;
  walk->decoded->headers.ttl = rest->at[7];
  layer_set_addresses(walk, 6, 8, 16);
  bytes_skip(rest, IPV6_HEADER);
  if (payload != 0) { /* 0: a jumbogram (RFC 2675) or segmentation offload */
    bytes_set_length(rest, payload);
  }
  return layer_of_ip_content(walk, protocol);
}
