/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * ICMP errors that quote TCP: evidence about the connection of the segment they quote, not segments.
 */
#include "layers.h"

enum { ICMP_HEADER = 8, IPV4_HEADER = 20, IPV6_HEADER = 40, PROTOCOL_TCP = 6 };

enum icmp4 { ICMP4_UNREACHABLE = 3, ICMP4_TIME_EXCEEDED = 11, ICMP4_PARAMETER = 12 };
enum icmp6 { ICMP6_UNREACHABLE = 1, ICMP6_TIME_EXCEEDED = 3, ICMP6_PARAMETER = 4 };

/* The quoted bytes start with the TCP header; RFC 792 promises eight of them: ports and sequence number. */
static enum layer quoted_tcp(struct walk *walk, bool hard)
{
  const struct bytes *rest = &walk->rest;
  tcpstate_segment *segment = &walk->decoded->segment;

  if (!bytes_have(rest, 8)) {
    return LAYER_END;
  }
  segment->src_port = bytes_u16(rest, 0);
  segment->dst_port = bytes_u16(rest, 2);
  segment->seq = bytes_u32(rest, 4);
  walk->decoded->hard = hard;
  walk->decoded->kind = DECODED_ICMP_ERROR;
  return LAYER_END;
}

/* RFC 1122 4.2.3.9 calls codes 2 to 4 hard; 4 (fragmentation needed) has been path MTU discovery since RFC 1191. */
enum layer layer_icmp4(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  size_t header;
  bool hard;

  if (!bytes_have(rest, ICMP_HEADER + IPV4_HEADER) ||
      (rest->at[0] != ICMP4_UNREACHABLE && rest->at[0] != ICMP4_TIME_EXCEEDED && rest->at[0] != ICMP4_PARAMETER)) {
    return LAYER_END;
  }
  hard = rest->at[0] == ICMP4_UNREACHABLE && (rest->at[1] == 2 || rest->at[1] == 3);
  bytes_skip(rest, ICMP_HEADER);
  header = (size_t)(rest->at[0] & 0x0f) * 4;
  if (rest->at[0] >> 4 != 4 || header < IPV4_HEADER || !bytes_have(rest, header) || rest->at[9] != PROTOCOL_TCP ||
      (bytes_u16(rest, 6) & 0x1fff) != 0) {
    return LAYER_END;
  }
  layer_set_addresses(walk, 4, 12, 4);
  bytes_skip(rest, header);
  return quoted_tcp(walk, hard);
}

/* RFC 5461 2.1 carries the classes over to ICMPv6: codes 1 (administratively prohibited) and 4 (port) are hard. */
enum layer layer_icmp6(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  bool hard;

  if (!bytes_have(rest, ICMP_HEADER + IPV6_HEADER) ||
      (rest->at[0] != ICMP6_UNREACHABLE && rest->at[0] != ICMP6_TIME_EXCEEDED && rest->at[0] != ICMP6_PARAMETER)) {
    return LAYER_END;
  }
  hard = rest->at[0] == ICMP6_UNREACHABLE && (rest->at[1] == 1 || rest->at[1] == 4);
  bytes_skip(rest, ICMP_HEADER);
  if (rest->at[0] >> 4 != 6 || rest->at[6] != PROTOCOL_TCP) {
    return LAYER_END;
  }
  layer_set_addresses(walk, 6, 8, 16);
  bytes_skip(rest, IPV6_HEADER);
  return quoted_tcp(walk, hard);
}
