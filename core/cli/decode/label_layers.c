/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Short headers between a link and IP: PPP and PPPoE, Cisco HDLC, MPLS.
 */
#include "layers.h"

enum ppp_protocol { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057, PPP_MPLS = 0x0281, PPP_MPLS_MULTICAST = 0x0283 };

static enum layer layer_of_ppp_protocol(unsigned protocol)
{
  switch (protocol) {
  case PPP_IPV4:
    return LAYER_IPV4;
  case PPP_IPV6:
    return LAYER_IPV6;
  case PPP_MPLS:
  case PPP_MPLS_MULTICAST:
    return LAYER_MPLS;
  default:
    return LAYER_END;
  }
}

/* RFC 1661, in the framing of RFC 1662 or without: both may shorten their fields. */
enum layer layer_ppp(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  unsigned protocol;

  if (bytes_have(rest, 4) && (rest->at[0] == 0x0f || rest->at[0] == 0x8f)) {
    return LAYER_HDLC; /* the same link type is used for Cisco's framing */
  }
  if (bytes_have(rest, 2) && bytes_u16(rest, 0) == 0xff03) {
    bytes_skip(rest, 2);
  }
  if (!bytes_have(rest, 2)) {
    return LAYER_END;
  }
  if (rest->at[0] & 1) { /* compressed to one byte: odd ones end a protocol number */
    protocol = rest->at[0];
    bytes_skip(rest, 1);
  } else {
    protocol = bytes_u16(rest, 0);
    bytes_skip(rest, 2);
  }
  return layer_of_ppp_protocol(protocol);
}

/* In LINKTYPE_PPP_PPPD the direction replaces the address byte 0xff, so that the control byte 3 follows (no protocol
 * has that number); others put it before all. */
enum layer layer_ppp_with_direction(struct walk *walk)
{
  if (!bytes_have(&walk->rest, 2)) {
    return LAYER_END;
  }
  bytes_skip(&walk->rest, walk->rest.at[1] == 3 ? 2 : 1);
  return LAYER_PPP;
}

/* RFC 2516; code 0 is the session stage. */
enum layer layer_pppoe(struct walk *walk)
{
  struct bytes *rest = &walk->rest;
  size_t length;

  if (!bytes_have(rest, 6) || rest->at[0] != 0x11 || rest->at[1] != 0) {
    return LAYER_END;
  }
  length = bytes_u16(rest, 4);
  bytes_skip(rest, 6);
  if (length < rest->length) {
    bytes_set_length(rest, length);
  }
  return LAYER_PPP;
}

enum layer layer_hdlc(struct walk *walk)
{
  unsigned ethertype;

  if (!bytes_have(&walk->rest, 4)) {
    return LAYER_END;
  }
  ethertype = bytes_u16(&walk->rest, 2);
  bytes_skip(&walk->rest, 4);
  return layer_of_ethertype(ethertype);
}

/* RFC 3032: the label at the bottom is marked. Nothing says what follows, but IP shows by its version. */
enum layer layer_mpls(struct walk *walk)
{
  struct bytes *rest = &walk->rest;

  while (bytes_have(rest, 4)) {
    bool bottom = (rest->at[2] & 1) != 0;

    bytes_skip(rest, 4);
    if (bottom) {
      return LAYER_IP;
    }
  }
  return LAYER_END;
}
