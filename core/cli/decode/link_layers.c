/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From the link layer to IP.
 */
#include "layers.h"

enum link_type { /* https://www.tcpdump.org/linktypes.html */
                 LINK_NULL = 0,
                 LINK_PPP = 9,
                 LINK_RAW_BSD = 12, /* DLT_RAW, on most systems */
                 LINK_RAW_OPENBSD = 14,
                 LINK_PPP_HDLC = 50,
                 LINK_PPP_ETHER = 51,
                 LINK_RAW = 101,
                 LINK_CISCO_HDLC = 104,
                 LINK_LOOP = 108,
                 LINK_SLL = 113,
                 LINK_PPP_PPPD = 166,
                 LINK_PPP_WITH_DIRECTION = 204,
                 LINK_MPLS = 219,
                 LINK_IPV4 = 228,
                 LINK_IPV6 = 229,
                 LINK_SLL2 = 276
};

enum ethertype {
  ETHERTYPE_MAX_LENGTH = 1500, /* up to here it is a length: IEEE 802.3 with LLC */
  ETHERTYPE_IPV4 = 0x0800,
  ETHERTYPE_BRIDGED = 0x6558, /* a whole Ethernet frame */
  ETHERTYPE_VLAN = 0x8100,
  ETHERTYPE_IPV6 = 0x86dd,
  ETHERTYPE_MPLS = 0x8847,
  ETHERTYPE_MPLS_MULTICAST = 0x8848,
  ETHERTYPE_PPPOE = 0x8864,
  ETHERTYPE_PROVIDER_VLAN = 0x88a8,
  ETHERTYPE_OLD_PROVIDER_VLAN = 0x9100
};

enum layer layer_of_link_type(unsigned link_type)
{
  switch (link_type) {
  case LINK_ETHERNET:
    return LAYER_ETHERNET;
  case LINK_NULL:
  case LINK_LOOP:
    return LAYER_NULL;
  case LINK_RAW_BSD:
  case LINK_RAW_OPENBSD:
  case LINK_RAW:
    return LAYER_IP;
  case LINK_IPV4:
    return LAYER_IPV4;
  case LINK_IPV6:
    return LAYER_IPV6;
  case LINK_SLL:
    return LAYER_SLL;
  case LINK_SLL2:
    return LAYER_SLL2;
  case LINK_PPP:
  case LINK_PPP_HDLC:
    return LAYER_PPP;
  case LINK_PPP_PPPD:
  case LINK_PPP_WITH_DIRECTION:
    return LAYER_PPP_WITH_DIRECTION;
  case LINK_PPP_ETHER:
    return LAYER_PPPOE;
  case LINK_CISCO_HDLC:
    return LAYER_HDLC;
  case LINK_MPLS:
    return LAYER_MPLS;
  default:
    return LAYER_END;
  }
}

enum layer layer_of_ethertype(unsigned ethertype)
{
  switch (ethertype) {
  case ETHERTYPE_IPV4:
    return LAYER_IPV4;
  case ETHERTYPE_IPV6:
    return LAYER_IPV6;
  case ETHERTYPE_VLAN:
  case ETHERTYPE_PROVIDER_VLAN:
  case ETHERTYPE_OLD_PROVIDER_VLAN:
    return LAYER_VLAN;
  case ETHERTYPE_MPLS:
  case ETHERTYPE_MPLS_MULTICAST:
    return LAYER_MPLS;
  case ETHERTYPE_PPPOE:
    return LAYER_PPPOE;
  case ETHERTYPE_BRIDGED:
    return LAYER_ETHERNET;
  default:
    return LAYER_END;
  }
}

/* A type field at `offset`, the content right behind `header` bytes. */
static enum layer typed_content(struct walk *walk, size_t offset, size_t header)
{
  unsigned type;

  if (!bytes_have(&walk->rest, header)) {
    return LAYER_END;
  }
  type = bytes_u16(&walk->rest, offset);
  bytes_skip(&walk->rest, header);
  if (type > ETHERTYPE_MAX_LENGTH) {
    return layer_of_ethertype(type);
  }
  if (type < walk->rest.length) {
    bytes_set_length(&walk->rest, type); /* padding follows */
  }
  return LAYER_LLC;
}

enum layer layer_ethernet(struct walk *walk)
{
  return typed_content(walk, 12, 14);
}

/* FNV-1a: which VLAN, or which VLAN inside which. Untagged frames have domain 0.
 * Connections whose two directions ride on different VLANs are not joined here: whoever decides that needs to see
 * both directions, which the decoder cannot. */
static uint32_t domain_add(uint32_t domain, unsigned vlan_id)
{
  domain = domain == 0 ? 2166136261u : domain;
  domain = (domain ^ (vlan_id >> 8)) * 16777619u;
  return (domain ^ (vlan_id & 0xff)) * 16777619u;
}

enum layer layer_vlan(struct walk *walk)
{
  unsigned vlan_id;

  if (!bytes_have(&walk->rest, 4)) {
    return LAYER_END;
  }
  vlan_id = bytes_u16(&walk->rest, 0) & 0x0fff;
  if (vlan_id != 0) { /* IEEE 802.1Q 9.6: 0 is a priority tag and names no VLAN */
    walk->decoded->segment.domain = domain_add(walk->decoded->segment.domain, vlan_id);
  }
  return typed_content(walk, 2, 4);
}

enum layer layer_sll(struct walk *walk)
{
  return typed_content(walk, 14, 16);
}

enum layer layer_sll2(struct walk *walk)
{
  return typed_content(walk, 0, 20);
}

/* The address family in the byte order of the machine that captured (LINKTYPE_LOOP: big-endian), and with the
 * number that this machine's system has for IPv6. */
enum layer layer_null(struct walk *walk)
{
  uint32_t family;

  if (!bytes_have(&walk->rest, 4)) {
    return LAYER_END;
  }
  family = bytes_u32(&walk->rest, 0);
  if (family > 0xffff) {
    family = (uint32_t)walk->rest.at[1] << 8 | walk->rest.at[0];
  }
  bytes_skip(&walk->rest, 4);
  switch (family) {
  case 2:
    return LAYER_IPV4;
  case 10: /* Linux */
  case 24: /* NetBSD, OpenBSD */
  case 28: /* FreeBSD */
  case 30: /* macOS */
    return LAYER_IPV6;
  default:
    return LAYER_END;
  }
}

enum layer layer_llc(struct walk *walk)
{
  const struct bytes *rest = &walk->rest;

  if (bytes_have(rest, 8) && bytes_u16(rest, 0) == 0xaaaa && rest->at[2] == 3 && bytes_u16(rest, 3) == 0 &&
      rest->at[5] == 0) { /* SNAP: the organization code of Ethernet types */
    return typed_content(walk, 6, 8);
  }
  if (bytes_have(rest, 3) && bytes_u16(rest, 0) == 0x0606 && rest->at[2] == 3) {
    bytes_skip(&walk->rest, 3);
    return LAYER_IPV4;
  }
  return LAYER_END;
}
