/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Headers that carry packets through IP. The connection is the innermost one, as in Wireshark.
 */
#include "layers.h"

/* ---------------------------------------------------------------- GRE */

enum gre_flag {
  GRE_CHECKSUM = 0x8000,
  GRE_ROUTING = 0x4000,
  GRE_KEY = 0x2000,
  GRE_SEQUENCE = 0x1000,
  GRE_ACK = 0x0080
};
enum gre_protocol { GRE_ERSPAN_3 = 0x22eb, GRE_PPP = 0x880b, GRE_ERSPAN = 0x88be };

/* Mirrored Ethernet. Type I has no header, and GRE has no sequence number then; type II has one of 8 bytes. */
static enum layer erspan(struct walk *walk, unsigned flags)
{
  if (flags & GRE_SEQUENCE) {
    if (!bytes_have(&walk->rest, 8)) {
      return LAYER_END;
    }
    bytes_skip(&walk->rest, 8);
  }
  return LAYER_ETHERNET;
}

/* Type III: 12 bytes, and 8 more if the last bit says so. */
static enum layer erspan_3(struct walk *walk)
{
  size_t header = 12;

  if (!bytes_have(&walk->rest, header)) {
    return LAYER_END;
  }
  header += (walk->rest.at[11] & 1) ? 8 : 0;
  if (!bytes_have(&walk->rest, header)) {
    return LAYER_END;
  }
  bytes_skip(&walk->rest, header);
  return LAYER_ETHERNET;
}

/* RFC 2784, RFC 2890; version 1 is PPTP's, RFC 2637. */
enum layer layer_gre(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  size_t header = 4;
  unsigned flags;
  unsigned protocol;

  if (!bytes_have(rest, header)) {
    return LAYER_END;
  }
  flags = bytes_u16(rest, 0);
  protocol = bytes_u16(rest, 2);
  header += (flags & GRE_CHECKSUM) ? 4 : 0;
  header += (flags & GRE_KEY) ? 4 : 0;
  header += (flags & GRE_SEQUENCE) ? 4 : 0;
  header += (flags & 7) == 1 && (flags & GRE_ACK) ? 4 : 0;
  if ((flags & GRE_ROUTING) || !bytes_have(rest, header)) { /* source routes: RFC 2784 has dropped them */
    return LAYER_END;
  }
  bytes_skip(rest, header);
  switch (protocol) {
  case GRE_PPP:
    return LAYER_PPP;
  case GRE_ERSPAN:
    return erspan(walk, flags);
  case GRE_ERSPAN_3:
    return erspan_3(walk);
  default:
    return layer_of_ethertype(protocol);
  }
}

/* ---------------------------------------------------------------- over UDP */

enum udp_port {
  PORT_GTP_USER = 2152,
  PORT_TEREDO = 3544,
  PORT_VXLAN = 4789,
  PORT_VXLAN_GPE = 4790,
  PORT_GENEVE = 6081,
  PORT_MPLS = 6635
};

static enum layer layer_of_port(unsigned port)
{
  switch (port) {
  case PORT_GTP_USER:
    return LAYER_GTP;
  case PORT_TEREDO:
    return LAYER_TEREDO;
  case PORT_VXLAN:
    return LAYER_VXLAN;
  case PORT_VXLAN_GPE:
    return LAYER_VXLAN_GPE;
  case PORT_GENEVE:
    return LAYER_GENEVE;
  case PORT_MPLS:
    return LAYER_MPLS;
  default:
    return LAYER_END;
  }
}

enum layer layer_udp(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  enum layer layer;
  size_t length;

  if (!bytes_have(rest, 8)) {
    return LAYER_END;
  }
  layer = layer_of_port(bytes_u16(rest, 2));
  if (layer == LAYER_END) {
    layer = layer_of_port(bytes_u16(rest, 0));
  }
  length = bytes_u16(rest, 4);
  bytes_skip(rest, 8);
  if (length >= 8 && length - 8 < rest->length) {
    bytes_set_length(rest, length - 8);
  }
  return layer;
}

static enum layer skip_to(struct walk *walk, size_t header, enum layer layer)
{
  if (!bytes_have(&walk->rest, header)) {
    return LAYER_END;
  }
  bytes_skip(&walk->rest, header);
  return layer;
}

/* RFC 7348 */
enum layer layer_vxlan(struct walk *walk)
{
  return skip_to(walk, 8, LAYER_ETHERNET);
}

/* draft-ietf-nvo3-vxlan-gpe: the fourth byte says what follows. */
enum layer layer_vxlan_gpe(struct walk *walk)
{
  static const enum layer layers[] = {[1] = LAYER_IPV4, [2] = LAYER_IPV6, [3] = LAYER_ETHERNET};
  unsigned next = bytes_have(&walk->rest, 8) ? walk->rest.at[3] : 0;

  return next >= 1 && next <= 3 ? skip_to(walk, 8, layers[next]) : LAYER_END;
}

/* RFC 8926 */
enum layer layer_geneve(struct walk *walk)
{
  const struct bytes *rest = &walk->rest;

  if (!bytes_have(rest, 8) || rest->at[0] >> 6 != 0) {
    return LAYER_END;
  }
  return skip_to(walk, 8 + (size_t)(rest->at[0] & 0x3f) * 4, layer_of_ethertype(bytes_u16(rest, 2)));
}

/* Extension headers: their length in words first, the type of the next one last. */
static enum layer skip_gtp_extensions(struct walk *walk, unsigned next)
{
  struct bytes *rest = &walk->rest;

  while (next != 0) {
    size_t length = bytes_have(rest, 1) ? (size_t)rest->at[0] * 4 : 0;

    if (length == 0 || !bytes_have(rest, length)) {
      return LAYER_END;
    }
    next = rest->at[length - 1];
    bytes_skip(rest, length);
  }
  return LAYER_IP;
}

/* 3GPP TS 29.281: version 1, and only messages that carry a user's packet. */
enum layer layer_gtp(struct walk *walk)
{
  enum { VERSION = 0xe0, PROTOCOL = 0x10, EXTENDED = 0x04, OPTIONAL = 0x07, USER_PACKET = 255 };
  struct bytes *rest = &walk->rest;
  unsigned flags;
  unsigned next;

  if (!bytes_have(rest, 8) || (rest->at[0] & (VERSION | PROTOCOL)) != 0x30 || rest->at[1] != USER_PACKET) {
    return LAYER_END;
  }
  flags = rest->at[0];
  if (!(flags & OPTIONAL)) {
    return skip_to(walk, 8, LAYER_IP);
  }
  if (!bytes_have(rest, 12)) {
    return LAYER_END;
  }
  next = (flags & EXTENDED) ? rest->at[11] : 0;
  bytes_skip(rest, 12);
  return skip_gtp_extensions(walk, next);
}

/* RFC 4380 5.1.1: an authentication and an origin indication may come first. */
enum layer layer_teredo(struct walk *walk)
{
  struct bytes *rest = &walk->rest;

  if (bytes_have(rest, 4) && bytes_u16(rest, 0) == 1) {
    size_t header = 13 + (size_t)rest->at[2] + rest->at[3];

    if (!bytes_have(rest, header)) {
      return LAYER_END;
    }
    bytes_skip(rest, header);
  }
  if (bytes_have(rest, 8) && bytes_u16(rest, 0) == 0) {
    bytes_skip(rest, 8);
  }
  return LAYER_IPV6;
}
