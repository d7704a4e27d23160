/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "variant.h"

#include <segment_builder.h>

const struct variant variants[VARIANT_COUNT] = {
    {"as written", WRAP_NOT, false, false, false},
    {"numbers wrap at the start", WRAP_AT_START, false, false, false},
    {"numbers wrap in the middle", WRAP_IN_THE_MIDDLE, false, false, false},
    {"numbers wrap at the end", WRAP_AT_END, false, false, false},
    {"IPv6", WRAP_NOT, true, false, false},
    {"ports in the other order", WRAP_NOT, false, true, false},
    {"addresses in the other order", WRAP_NOT, false, false, true},
    {"everything at once", WRAP_IN_THE_MIDDLE, true, true, true},
};

/* Lowest and highest number that an endpoint sends; high < low: none. */
struct range {
  uint32_t low;
  uint32_t high;
};

static void stretch(struct range *range, uint32_t first, uint32_t last)
{
  if (range->high < range->low) {
    *range = (struct range){first, last};
    return;
  }
  range->low = first < range->low ? first : range->low;
  range->high = last > range->high ? last : range->high;
}

static uint32_t shift_of(const struct range *range, enum wrap wrap)
{
  if (range->high < range->low) {
    return 0;
  }
  switch (wrap) {
  case WRAP_NOT:
    break;
  case WRAP_AT_START:
    return 0u - (range->low + 1u);
  case WRAP_IN_THE_MIDDLE:
    return 0u - (range->low + (range->high - range->low + 1u) / 2u);
  case WRAP_AT_END:
    return 0u - range->high;
  }
  return 0;
}

static void find_shifts(const struct scenario *scenario, enum wrap wrap, uint32_t numbers[MAX_ENDPOINTS],
                        uint32_t stamps[MAX_ENDPOINTS])
{
  for (unsigned endpoint = 0; endpoint < MAX_ENDPOINTS; endpoint++) {
    struct range sent = {1, 0};
    struct range stamped = {1, 0};

    for (size_t i = 0; i < scenario->item_count; i++) {
      const struct item *item = &scenario->items[i];
      const tcpstate_segment *segment = &item->segment;
      bool sends = item->kind == ITEM_SEGMENT && item->from == endpoint;

      if (sends && !item->fixed_seq) {
        stretch(&sent, segment->seq, segment->seq + segment->payload_length);
      }
      if (sends && (segment->facts & TCPSTATE_HAS_TIMESTAMP)) {
        stretch(&stamped, segment->ts_value, segment->ts_value);
      }
    }
    numbers[endpoint] = shift_of(&sent, wrap);
    stamps[endpoint] = shift_of(&stamped, wrap);
  }
}

static struct support_endpoint dress(const struct variant *variant, const struct scenario *scenario, unsigned index)
{
  const struct named_endpoint *endpoint = &scenario->endpoints[index];
  bool other_ports = variant->other_ports && !scenario->ports_matter;
  uint8_t host = (uint8_t)(variant->other_hosts ? 251 - endpoint->host : endpoint->host);
  uint16_t port = (uint16_t)(other_ports ? UINT16_MAX - endpoint->port : endpoint->port);

  return variant->ipv6 ? support_ipv6(host, port) : support_ipv4(host, port);
}

void variant_segments(const struct variant *variant, const struct scenario *scenario, tcpstate_segment *segments)
{
  uint32_t numbers[MAX_ENDPOINTS];
  uint32_t stamps[MAX_ENDPOINTS];

  find_shifts(scenario, variant->wrap, numbers, stamps);
  for (size_t i = 0; i < scenario->item_count; i++) {
    const struct item *item = &scenario->items[i];
    struct support_endpoint from = dress(variant, scenario, item->from);
    struct support_endpoint to = dress(variant, scenario, item->to);
    tcpstate_segment *segment = &segments[i];

    *segment = item->segment;
    support_set_addresses(segment, &from, &to);
    segment->seq += item->fixed_seq ? 0 : numbers[item->from];
    segment->ack += item->fixed_ack || !(segment->flags & TCPSTATE_ACK) ? 0 : numbers[item->to];
    if (segment->facts & TCPSTATE_HAS_TIMESTAMP) {
      segment->ts_value += stamps[item->from];
      segment->ts_echo += segment->ts_echo == 0 ? 0 : stamps[item->to];
    }
  }
}
