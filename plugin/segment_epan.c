/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark adds tcp.len once for each whole segment, at the start of its header, and neither for a header that an
 * ICMP error quotes nor for a fragment. So tcp.len says where the segments are; what they say is read from their bytes,
 * which are the same in every version and under every preference.
 */
#include "segment_epan.h"

#include "../core/src/checksum.h"
#include "compat.h"
#include "frame_bytes.h"

#include <string.h>

enum { /* offsets in the header, and the size of what is always there */
       IPV4_LENGTH = 2,
       IPV4_SRC = 12,
       IPV4_FIXED = 20,
       IPV6_LENGTH = 4,
       IPV6_SRC = 8,
       IPV6_FIXED = 40,
       TCP_FIXED = 20
};

/* ---------------------------------------------------------------- fields */

struct wanted {
  const char *name;
  int id;
};

/* Looked up at the first use, when every protocol has registered its fields. */
static struct wanted tcp_len = {"tcp.len", -1};
static struct wanted ipv4_src = {"ip.src", -1};
static struct wanted ipv6_src = {"ipv6.src", -1};

static void want(GArray *fields, struct wanted *wanted)
{
  wanted->id = proto_registrar_get_id_byname(wanted->name);
  if (wanted->id != -1) {
    g_array_append_val(fields, wanted->id);
  }
}

GArray *segment_epan_wanted_fields(void)
{
  GArray *fields = g_array_new(FALSE, FALSE, (guint)sizeof(int));

  want(fields, &tcp_len);
  want(fields, &ipv4_src);
  want(fields, &ipv6_src);
  return fields;
}

static guint field_count(const GPtrArray *fields)
{
  return fields == NULL ? 0 : fields->len;
}

static const GPtrArray *occurrences(proto_tree *tree, const struct wanted *wanted)
{
  return wanted->id == -1 ? NULL : proto_get_finfo_ptr_array(tree, wanted->id);
}

/* ---------------------------------------------------------------- the IP header */

/* The last of `fields` in a layer before `layer`, or NULL. */
static field_info *last_before(const GPtrArray *fields, int layer)
{
  guint i;

  for (i = field_count(fields); i > 0; i--) {
    field_info *field = (field_info *)g_ptr_array_index(fields, i - 1);

    if (field->total_layer_num < layer) {
      return field;
    }
  }
  return NULL;
}

/* The IP header that carries a segment, or a NULL tvb. */
struct ip_header {
  tvbuff_t *tvb;
  int start;
  uint8_t version;
};

/* The nearest one in a layer before that of the segment: a frame may hold several of each. */
static struct ip_header find_ip_header(proto_tree *tree, int layer)
{
  const field_info *ipv4 = last_before(occurrences(tree, &ipv4_src), layer);
  const field_info *ipv6 = last_before(occurrences(tree, &ipv6_src), layer);
  struct ip_header header = {NULL, 0, 0};

  if (ipv4 != NULL && (ipv6 == NULL || ipv4->total_layer_num > ipv6->total_layer_num)) {
    header.tvb = ipv4->ds_tvb;
    header.start = ipv4->start - IPV4_SRC;
    header.version = 4;
  } else if (ipv6 != NULL) {
    header.tvb = ipv6->ds_tvb;
    header.start = ipv6->start - IPV6_SRC;
    header.version = 6;
  }
  if (header.tvb != NULL && !tvb_bytes_exist(header.tvb, header.start, header.version == 4 ? IPV4_FIXED : IPV6_FIXED)) {
    header.tvb = NULL;
  }
  return header;
}

/* In both versions the destination follows the source. */
static void read_addresses(tcpstate_segment *segment, const struct ip_header *ip)
{
  size_t size = ip->version == 4 ? 4 : 16;
  const uint8_t *src = tvb_get_ptr(ip->tvb, ip->start + (ip->version == 4 ? IPV4_SRC : IPV6_SRC), (int)size * 2);

  memcpy(segment->src, src, size);
  memcpy(segment->dst, src + size, size);
  segment->ip_version = ip->version;
}

/* What the IP header says of the length that is left at `start`, or `otherwise` where it says nothing: the segment was
 * put together from fragments, or segmentation offload left the length 0. Wireshark believes the length of the frame if
 * that is less, but some tools that cut frames do not keep it. */
static size_t length_by_ip(const struct ip_header *ip, const tvbuff_t *tvb, int start, size_t otherwise)
{
  unsigned said = tvb_get_ntohs(ip->tvb, ip->start + (ip->version == 4 ? IPV4_LENGTH : IPV6_LENGTH));
  int end = ip->start + (int)said + (ip->version == 4 ? 0 : IPV6_FIXED);

  return ip->tvb != tvb || said == 0 || end < start ? otherwise : (size_t)(end - start);
}

/* ---------------------------------------------------------------- segments */

static void read_time(tcpstate_segment *segment, const packet_info *pinfo)
{
  if (pinfo->presence_flags & PINFO_HAS_TS) {
    segment->time_ns = (int64_t)pinfo->abs_ts.secs * 1000000000 + pinfo->abs_ts.nsecs;
  } else {
    segment->facts |= TCPSTATE_NO_TIME;
  }
}

/* tcp.len is what follows the header, whose own length stands in its byte 12. */
static int read_segment(tcpstate_segment *segment, packet_info *pinfo, proto_tree *tree, field_info *field)
{
  const struct ip_header ip = find_ip_header(tree, field->total_layer_num);
  tvbuff_t *tvb = field->ds_tvb;
  size_t captured;
  size_t length;
  const uint8_t *header;

  if (ip.tvb == NULL || !tvb_bytes_exist(tvb, field->start, TCP_FIXED)) {
    return 0;
  }
  captured = (size_t)tvb_captured_length_remaining(tvb, field->start);
  header = tvb_get_ptr(tvb, field->start, (int)captured);
  length = (size_t)compat_field_number(field) + (size_t)(header[12] >> 4) * 4;
  length = length_by_ip(&ip, tvb, field->start, length);
  memset(segment, 0, sizeof *segment);
  if (tcpstate_segment_parse(segment, header, captured, length) != TCPSTATE_OK) {
    return 0;
  }
  read_addresses(segment, &ip);
  read_time(segment, pinfo);
  if (captured >= length && ts_checksum_is_bad(header, length, segment->src, segment->dst, segment->ip_version)) {
    segment->facts |= TCPSTATE_BAD_CHECKSUM;
  }
  return 1;
}

/* The decoder tells connections apart by VLAN, also inside a tunnel. Most frames are IP right on Ethernet and no
 * tunnel: not worth walking through. */
static uint32_t read_domain(tvbuff_t *frame, const packet_info *pinfo, proto_tree *tree)
{
  guint ip_layers = field_count(occurrences(tree, &ipv4_src)) + field_count(occurrences(tree, &ipv6_src));
  struct decoded decoded;

  if (ip_layers == 1 && frame_bytes_start_with_ip(frame, pinfo)) {
    return 0;
  }
  frame_bytes_decode(&decoded, frame, pinfo);
  return decoded.segment.domain;
}

static void visit_icmp_error(tvbuff_t *frame, packet_info *pinfo, const struct segment_visitor *visitor)
{
  struct decoded decoded;

  frame_bytes_decode(&decoded, frame, pinfo);
  if (decoded.kind == DECODED_ICMP_ERROR) {
    read_time(&decoded.segment, pinfo);
    visitor->icmp_error(&decoded.segment, decoded.hard);
  }
}

void segment_epan_each(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, const struct segment_visitor *visitor)
{
  const GPtrArray *fields = tree == NULL ? NULL : occurrences(tree, &tcp_len);
  uint32_t domain;
  guint i;

  if (field_count(fields) == 0) {
    visit_icmp_error(frame, pinfo, visitor);
    return;
  }
  domain = read_domain(frame, pinfo, tree);
  for (i = 0; i < fields->len; i++) {
    tcpstate_segment segment;

    if (read_segment(&segment, pinfo, tree, (field_info *)g_ptr_array_index(fields, i))) {
      segment.domain = domain;
      visitor->segment(pinfo, &segment);
    }
  }
}
