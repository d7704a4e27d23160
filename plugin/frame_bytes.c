/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame_bytes.h"

#include <string.h>
#include <wiretap/pcap-encap.h>
#include <wiretap/wtap.h>

enum {
  ETHERNET_SIZE = 14,
  LINK_TYPE_END = 512 /* beyond every LINKTYPE_ number */
};

/* Wireshark has its own numbers for link types and exports the way to them only. */
static unsigned search_link_type(int encapsulation)
{
  unsigned link_type;

  for (link_type = 0; link_type < LINK_TYPE_END; link_type++) {
    if (packet_link_is_known(link_type) && wtap_pcap_encap_to_wtap_encap((int)link_type) == encapsulation) {
      break;
    }
  }
  return link_type;
}

/* Nearly every file has one link type only: the last answer is kept. */
static unsigned link_type_of(int encapsulation)
{
  static int last_encapsulation = WTAP_ENCAP_UNKNOWN;
  static unsigned last_link_type = LINK_TYPE_END;

  if (encapsulation != last_encapsulation) {
    last_link_type = search_link_type(encapsulation);
    last_encapsulation = encapsulation;
  }
  return last_link_type;
}

int frame_bytes_start_with_ip(tvbuff_t *tvb, const packet_info *pinfo, const uint8_t *header)
{
  return pinfo->rec->rec_header.packet_header.pkt_encap == WTAP_ENCAP_ETHERNET &&
         tvb_bytes_exist(tvb, ETHERNET_SIZE, 1) && tvb_get_ptr(tvb, ETHERNET_SIZE, 1) == header;
}

void frame_bytes_decode(struct decoded *decoded, tvbuff_t *tvb, const packet_info *pinfo)
{
  int captured = (int)tvb_captured_length(tvb);
  unsigned link_type = LINK_TYPE_END;

  memset(decoded, 0, sizeof *decoded);
  if (pinfo->rec->rec_type == REC_TYPE_PACKET) {
    link_type = link_type_of(pinfo->rec->rec_header.packet_header.pkt_encap);
  }
  if (link_type != LINK_TYPE_END) {
    packet_decode(decoded, link_type, tvb_get_ptr(tvb, 0, captured), (size_t)captured, tvb_reported_length(tvb));
  }
}
