/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bytes to segments that mean something: each record of eight bytes is one segment of one of a few connections, its
 * sequence numbers counted from where its endpoint stands. Any bytes are a valid sequence. */
#ifndef FUZZ_RECORDS_H
#define FUZZ_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tcpstate/tcpstate.h>

enum { RECORD_SIZE = 8, RECORD_TUPLES = 32, RECORDS_MOST = 1024 };

struct records {
  uint32_t next[RECORD_TUPLES][2]; /* what each endpoint sends next */
  int64_t now_ns;
};

void records_start(struct records *records);

/* The segment of one record. *icmp: it is not seen itself, but quoted by an ICMP error. */
tcpstate_segment records_segment(struct records *records, const uint8_t record[RECORD_SIZE], bool *icmp);

/* Inserts, drops, doubles, swaps and turns round whole records, or changes one field of one. */
size_t records_mutate(uint8_t *data, size_t head, size_t size, size_t room, unsigned seed);

#endif
