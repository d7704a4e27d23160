/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet_decoder.h"

#include "../../src/checksum.h"
#include "layers.h"
#include "plain_frame.h"

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

bool packet_decode_plain(tcpstate_segment *segment, unsigned link_type, int64_t time_ns, const uint8_t *frame,
                         size_t captured)
{
  struct plain_tcp tcp;

  return link_type == LINK_ETHERNET && plain_frame_read(segment, &tcp, time_ns, frame, captured);
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
  struct plain_tcp tcp;

  memset(decoded, 0, sizeof *decoded);
  if (link_type != LINK_ETHERNET || !plain_frame_read(&decoded->segment, &tcp, 0, frame, captured)) {
    packet_decode_layers(decoded, link_type, frame, captured, length);
    return;
  }
  decoded->kind = DECODED_SEGMENT;
  decoded->headers =
      (struct headers){.tcp = tcp.at,
                       .captured = tcp.captured < tcp.length ? tcp.captured : tcp.length,
                       .ip_id = decoded->segment.ip_version == 4 ? read16(frame + PLAIN_ETHERNET + 4) : 0,
                       .ttl = decoded->segment.ttl};
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
