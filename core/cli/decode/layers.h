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
  LAYER_IP, /* either version, told by its first four bits */
  LAYER_IPV4,
  LAYER_IPV6,
  LAYER_ICMP4,
  LAYER_ICMP6,
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

/* ip_layers.c */
layer_function layer_ip, layer_ipv4, layer_ipv6;

/* icmp_layers.c */
layer_function layer_icmp4, layer_icmp6;

#endif
