/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "records.h"

#include <string.h>

/* Bytes of a record. */
enum { WHO, FLAGS, SEQ, ACK, LENGTH, TIME, FACTS, VALUE };

enum { ISN_STEP = 0x10000, TIMES = 8 };

void records_start(struct records *records)
{
  memset(records, 0, sizeof *records);
  records->now_ns = INT64_C(1700000000) * 1000000000;
  for (uint32_t tuple = 0; tuple < RECORD_TUPLES; tuple++) {
    records->next[tuple][0] = 0xffffff00U + tuple * ISN_STEP; /* some wrap soon */
    records->next[tuple][1] = 0x20000000U + tuple * ISN_STEP;
  }
}

/* From where the endpoint stands: mostly there, often near, sometimes far. */
static uint32_t displaced(uint32_t from, uint8_t how)
{
  static const int32_t steps[16] = {0,     0,    0,    0,   -1,    1,      -2,         2,
                                    -1460, 1460, -100, 100, 65535, -65536, 0x3fffffff, INT32_MIN};

  return from + (uint32_t)steps[how & 15] * (1U + (how >> 4));
}

static uint32_t payload_length(uint8_t how)
{
  static const uint32_t lengths[8] = {0, 0, 1, 100, 1460, 65535, 1U << 20, UINT32_MAX};

  return how < 8 ? 0 : lengths[how & 7];
}

static void set_time(struct records *records, uint8_t how)
{
  static const int64_t steps[TIMES] = {1000,
                                       1000000,
                                       50000000,
                                       1000000000,
                                       -20000000,
                                       INT64_C(70000000000),
                                       INT64_C(-3600000000000),
                                       INT64_C(8000000000000)};

  if (how == UINT8_MAX) { /* a broken clock */
    records->now_ns = records->now_ns > 0 ? INT64_MIN : INT64_MAX;
  } else if (__builtin_add_overflow(records->now_ns, steps[how % TIMES], &records->now_ns)) {
    records->now_ns = 0;
  }
}

static void set_addresses(tcpstate_segment *segment, unsigned tuple, unsigned from)
{
  uint8_t *address[2] = {segment->src, segment->dst};
  bool ipv6 = tuple % 4 == 3;

  segment->ip_version = ipv6 ? 6 : 4;
  for (unsigned end = 0; end < 2; end++) {
    address[from ^ end][0] = ipv6 ? 0x20 : 10;
    address[from ^ end][ipv6 ? 15 : 3] = (uint8_t)(tuple / 16 == 1 ? 1 : 1 + end); /* some talk to themselves */
  }
  segment->src_port = from == 0 ? (uint16_t)(40000 + tuple) : 80;
  segment->dst_port = from == 0 ? 80 : (uint16_t)(40000 + tuple);
}

static void set_options(tcpstate_segment *segment, const uint8_t record[RECORD_SIZE], int64_t now_ns)
{
  segment->facts = record[FACTS] & (uint8_t)~TCPSTATE_NO_TIME;
  segment->facts |= record[FACTS] == UINT8_MAX ? TCPSTATE_NO_TIME : 0;
  segment->window = (uint16_t)(record[VALUE] * 257U);
  segment->window_scale = record[VALUE] & 15;
  segment->mss = (uint16_t)(record[VALUE] * 16U);
  segment->ts_value = (uint32_t)(now_ns / 1000000) + (record[VALUE] >> 6) * 0x40000000U;
  segment->ts_echo = record[VALUE];
}

tcpstate_segment records_segment(struct records *records, const uint8_t record[RECORD_SIZE], bool *icmp)
{
  unsigned tuple = record[WHO] % RECORD_TUPLES;
  unsigned from = record[WHO] >> 5 & 1;
  uint32_t *next = records->next[tuple];
  tcpstate_segment segment = {.flags = record[FLAGS]};
  uint32_t end;

  *icmp = (record[WHO] & 0xc0) == 0xc0;
  segment.domain = (record[WHO] & 0xc0) == 0x80 ? 1U + (record[VALUE] & 3) : 0;
  set_time(records, record[TIME]);
  segment.time_ns = records->now_ns;
  set_addresses(&segment, tuple, from);
  set_options(&segment, record, records->now_ns);
  segment.payload_length = payload_length(record[LENGTH]);
  segment.seq = displaced(next[from], record[SEQ]);
  segment.ack = displaced(next[1 - from], record[ACK]);
  end = segment.seq + segment.payload_length + (segment.flags & TCPSTATE_SYN ? 1 : 0) +
        (segment.flags & TCPSTATE_FIN ? 1 : 0);
  if ((int32_t)(end - next[from]) > 0 || segment.flags & TCPSTATE_SYN) {
    next[from] = end;
  }
  return segment;
}

/* ---------------------------------------------------------------- mutation */

static uint32_t draw(uint32_t *seed)
{
  *seed = *seed * 1664525U + 1013904223U;
  return *seed >> 8;
}

static const uint8_t usual_flags[] = {
    TCPSTATE_SYN,
    TCPSTATE_SYN | TCPSTATE_ACK,
    TCPSTATE_ACK,
    TCPSTATE_ACK,
    TCPSTATE_ACK | TCPSTATE_PSH,
    TCPSTATE_FIN | TCPSTATE_ACK,
    TCPSTATE_FIN | TCPSTATE_ACK,
    TCPSTATE_RST,
    TCPSTATE_RST | TCPSTATE_ACK,
    TCPSTATE_FIN,
};

static void change_record(uint8_t *record, uint32_t *seed)
{
  unsigned field = draw(seed) % (RECORD_SIZE + 1);

  if (field == RECORD_SIZE) { /* the other endpoint says it */
    record[WHO] ^= 0x20;
  } else if (field == FLAGS && draw(seed) % 8 != 0) {
    record[FLAGS] = usual_flags[draw(seed) % sizeof usual_flags];
  } else if (field == WHO && draw(seed) % 8 != 0) {
    record[WHO] = (uint8_t)(draw(seed) & 0x23);
  } else {
    record[field] = (uint8_t)draw(seed);
  }
}

static void new_record(uint8_t *record, uint32_t *seed)
{
  memset(record, 0, RECORD_SIZE);
  record[WHO] = (uint8_t)(draw(seed) & 0x21);
  record[FLAGS] = usual_flags[draw(seed) % sizeof usual_flags];
  record[LENGTH] = draw(seed) % 3 == 0 ? 11 : 0;
  record[VALUE] = UINT8_MAX;
}

size_t records_mutate(uint8_t *data, size_t head, size_t size, size_t room, unsigned start)
{
  uint32_t seed = start;
  size_t count = size > head ? (size - head) / RECORD_SIZE : 0;
  size_t most = room > head ? (room - head) / RECORD_SIZE : 0;
  uint8_t *records = data + head;
  size_t at = count > 0 ? draw(&seed) % count : 0;
  uint8_t *record = records + at * RECORD_SIZE;
  unsigned what = draw(&seed) % 8;

  if (most == 0) {
    return size;
  }
  if (size < head) {
    memset(data + size, 0, head - size);
  }
  if ((count == 0 || what < 2) && count < most) { /* insert, new or a copy */
    uint8_t copy[RECORD_SIZE];

    new_record(copy, &seed);
    if (what == 1 && count > 0) {
      memcpy(copy, records + draw(&seed) % count * RECORD_SIZE, RECORD_SIZE);
    }
    memmove(record + RECORD_SIZE, record, (count - at) * RECORD_SIZE);
    memcpy(record, copy, RECORD_SIZE);
    count++;
  } else if (what == 2 && count > 1) { /* lost */
    memmove(record, record + RECORD_SIZE, (count - at - 1) * RECORD_SIZE);
    count--;
  } else if (what == 3 && at + 1 < count) { /* overtaken */
    uint8_t first[RECORD_SIZE];

    memcpy(first, record, RECORD_SIZE);
    memcpy(record, record + RECORD_SIZE, RECORD_SIZE);
    memcpy(record + RECORD_SIZE, first, RECORD_SIZE);
  } else if (count > 0) {
    change_record(record, &seed);
  }
  return head + count * RECORD_SIZE;
}
