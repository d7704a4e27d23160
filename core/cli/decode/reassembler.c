/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reassembler.h"

#include <stdlib.h>
#include <string.h>

enum {
  DATAGRAMS = 64,      /* in progress at a time; the oldest one makes room */
  MAX_PAYLOAD = 65535, /* of either version without jumbograms, which cannot be fragmented */
  UNIT = 8,            /* offsets count in these */
  UNITS = MAX_PAYLOAD / UNIT + 1
};

/* RFC 8200 4.5: what is not complete after this is given up. */
static const uint64_t lifetime_ns = UINT64_C(60) * 1000000000;

struct datagram {
  bool used;
  tcpstate_segment key; /* addresses, ip_version and domain; time_ns of the first fragment */
  uint32_t id;
  uint8_t protocol;
  unsigned fragments;
  size_t total;   /* 0: the last fragment has not come yet */
  size_t missing; /* units, of those up to the furthest byte seen */
  size_t reach;   /* units up to the furthest byte seen */
  uint8_t have[UNITS / 8 + 1];
  uint8_t bytes[UNITS * UNIT];
};

struct reassembler {
  struct datagram *datagrams[DATAGRAMS]; /* allocated when first needed */
};

struct reassembler *reassembler_new(void)
{
  return calloc(1, sizeof(struct reassembler));
}

void reassembler_free(struct reassembler *reassembler)
{
  for (size_t i = 0; i < DATAGRAMS; i++) {
    free(reassembler->datagrams[i]);
  }
  free(reassembler);
}

static bool is_outlived(const struct datagram *datagram, int64_t now_ns)
{
  return now_ns > datagram->key.time_ns && (uint64_t)now_ns - (uint64_t)datagram->key.time_ns > lifetime_ns;
}

static bool is_part_of(const struct datagram *datagram, const struct decoded *decoded)
{
  const tcpstate_segment *key = &datagram->key;
  const tcpstate_segment *segment = &decoded->segment;

  return datagram->used && datagram->id == decoded->fragment.id && key->ip_version == segment->ip_version &&
         (segment->ip_version == 6 || datagram->protocol == decoded->fragment.protocol) && /* RFC 791, RFC 8200 */
         key->domain == segment->domain && memcmp(key->src, segment->src, sizeof key->src) == 0 &&
         memcmp(key->dst, segment->dst, sizeof key->dst) == 0 && !is_outlived(datagram, segment->time_ns);
}

static void start(struct datagram *datagram, const struct decoded *decoded)
{
  datagram->used = true;
  datagram->key = decoded->segment;
  datagram->id = decoded->fragment.id;
  datagram->protocol = decoded->fragment.protocol;
  datagram->fragments = 0;
  datagram->total = 0;
  datagram->missing = 0;
  datagram->reach = 0;
  memset(datagram->have, 0, sizeof datagram->have);
}

/* A free place, or the one that has waited longest. */
static struct datagram *add(struct reassembler *reassembler, const struct decoded *decoded)
{
  struct datagram **oldest = &reassembler->datagrams[0];

  for (size_t i = 0; i < DATAGRAMS; i++) {
    struct datagram **place = &reassembler->datagrams[i];

    if (*place == NULL) {
      *place = calloc(1, sizeof **place);
    }
    if (*place == NULL || !(*place)->used) {
      oldest = place;
      break;
    }
    if ((*place)->key.time_ns < (*oldest)->key.time_ns) {
      oldest = place;
    }
  }
  if (*oldest != NULL) {
    start(*oldest, decoded);
  }
  return *oldest;
}

static struct datagram *find_or_add(struct reassembler *reassembler, const struct decoded *decoded)
{
  for (size_t i = 0; i < DATAGRAMS && reassembler->datagrams[i] != NULL; i++) {
    if (is_part_of(reassembler->datagrams[i], decoded)) {
      return reassembler->datagrams[i];
    }
  }
  return add(reassembler, decoded);
}

/* What is there already stays: of bytes that are sent twice the first ones count. */
static void put_unit(struct datagram *datagram, size_t unit, const uint8_t *bytes, size_t size)
{
  if (datagram->have[unit / 8] >> unit % 8 & 1) {
    return;
  }
  datagram->have[unit / 8] |= (uint8_t)(1u << unit % 8);
  datagram->missing--;
  memcpy(datagram->bytes + unit * UNIT, bytes, size);
}

static void put(struct datagram *datagram, const struct fragment *fragment)
{
  size_t first = fragment->offset / UNIT;
  size_t end = first + (fragment->size + UNIT - 1) / UNIT;

  if (end > datagram->reach) {
    datagram->missing += end - datagram->reach;
    datagram->reach = end;
  }
  for (size_t unit = first; unit < end; unit++) {
    size_t at = (unit - first) * UNIT;

    put_unit(datagram, unit, fragment->bytes + at, fragment->size - at < UNIT ? fragment->size - at : UNIT);
  }
  datagram->fragments++;
}

/* A cut one cannot be joined; one before the last has whole units; none goes beyond what a datagram can hold. */
static bool is_usable(const struct fragment *fragment)
{
  return fragment->size == fragment->length && fragment->size > 0 && fragment->offset + fragment->size <= MAX_PAYLOAD &&
         (!fragment->more || fragment->size % UNIT == 0);
}

unsigned reassembler_take(struct reassembler *reassembler, struct decoded *decoded)
{
  const struct fragment *fragment = &decoded->fragment;
  struct datagram *datagram = is_usable(fragment) ? find_or_add(reassembler, decoded) : NULL;

  if (datagram == NULL) {
    return 0;
  }
  if (fragment->offset == 0) { /* only the first one's says what follows (RFC 8200 4.5) */
    datagram->protocol = fragment->protocol;
  }
  put(datagram, fragment);
  if (!fragment->more) {
    datagram->total = fragment->offset + fragment->size;
  }
  if (datagram->total == 0 || datagram->missing > 0) {
    return 0;
  }
  decoded->fragment.protocol = datagram->protocol;
  datagram->used = false;
  packet_decode_datagram(decoded, datagram->bytes, datagram->total);
  return datagram->fragments;
}
