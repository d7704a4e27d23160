/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A frame is walked layer by layer: each layer's function narrows `rest` to its content and names the next layer.
 */
#ifndef CLI_LAYERS_H
#define CLI_LAYERS_H

#include "bytes.h"
#include "packet_decoder.h"

enum layer {
  LAYER_END, /* decoded->kind has been set */
  LAYER_ETHERNET,
  LAYER_SLL,
  LAYER_SLL2,
  LAYER_NULL,
  LAYER_VLAN,
  LAYER_LLC,
  LAYER_PPP_WITH_DIRECTION,
  LAYER_PPP,
  LAYER_PPPOE,
  LAYER_HDLC,
  LAYER_MPLS,
  LAYER_IP, /* either version, told by its first four bits */
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_ICMP4,
  LAYER_ICMP6,
  LAYER_GRE,
  LAYER_UDP,
  LAYER_VXLAN,
  LAYER_VXLAN_GPE,
  LAYER_GENEVE,
  LAYER_GTP,
  LAYER_TEREDO,
  LAYER_TCP,
  LAYER_COUNT
};

struct walk {
  struct bytes rest;
  struct decoded *decoded;
};

typedef enum layer layer_function(struct walk *walk);

/* link_layers.c */
enum layer layer_of_link_type(unsigned link_type);
enum layer layer_of_ethertype(unsigned ethertype);
layer_function layer_ethernet, layer_sll, layer_sll2, layer_null, layer_vlan, layer_llc;

/* label_layers.c */
layer_function layer_ppp_with_direction, layer_ppp, layer_pppoe, layer_hdlc, layer_mpls;

/* ip_layers.c */
layer_function layer_ip, layer_ipv4, layer_ipv6;

/* Two addresses of `size` bytes, one behind the other at `offset`, become the segment's; nothing of others stays. */
void layer_set_addresses(struct walk *walk, uint8_t ip_version, size_t offset, size_t size);

/* What follows an IP header, extension headers included, by its protocol number. */
enum layer layer_of_ip_content(struct walk *walk, unsigned protocol);

/* tunnel_layers.c */
layer_function layer_gre, layer_udp, layer_vxlan, layer_vxlan_gpe, layer_geneve, layer_gtp, layer_teredo;

/* icmp_layers.c */
layer_function layer_icmp4, layer_icmp6;

#endif
