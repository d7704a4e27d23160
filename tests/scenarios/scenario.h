/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A scenario as it stands in a .seg file: what passes the capture point, and what must be said of it. README.md has
 * the language. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tcpstate/tcpstate.h>

enum { MAX_ENDPOINTS = 8, MAX_STREAMS = 64, WORD_SIZE = 160 };

enum operation {
  OP_IS,       /* key=a/b: the value is one of these; of a set: exactly these */
  OP_CONTAINS, /* key>=a/b: the set has all of these */
  OP_WITHIN    /* key<=a/b: the set has none but these */
};

struct check_key;

struct check {
  const struct check_key *key;
  enum operation operation;
  unsigned line;
  char value[WORD_SIZE];
};

enum item_kind { ITEM_SEGMENT, ITEM_ICMP, ITEM_CONNECTION, ITEM_STREAMS };

struct item {
  enum item_kind kind;
  unsigned line;
  tcpstate_segment segment; /* numbers as written; a variant moves them and fills in the addresses */
  unsigned from;            /* endpoints of the scenario */
  unsigned to;
  bool fixed_seq; /* written with "=": no variant moves it */
  bool fixed_ack;
  bool hard;      /* ITEM_ICMP */
  bool not_found; /* ITEM_ICMP: nothing moves */
  unsigned stream;
  unsigned count; /* ITEM_STREAMS */
  struct check *checks;
  size_t check_count;
};

struct named_endpoint {
  char name[16];
  uint8_t host;
  uint16_t port;
};

struct scenario {
  const char *file;
  char name[WORD_SIZE];
  unsigned line;
  bool ports_matter; /* roles are inferred from ports: no variant turns their order round */
  double time_wait;  /* seconds, 0 = the tracker's default */
  struct named_endpoint endpoints[MAX_ENDPOINTS];
  unsigned endpoint_count;
  struct item *items;
  size_t item_count;
};

struct scenario_file {
  struct scenario *scenarios;
  size_t count;
};

/* Reads a .seg file; tells every mistake with file and line on standard error. False if there was one. */
bool scenario_file_read(struct scenario_file *file, const char *path);
void scenario_file_free(struct scenario_file *file);

#endif
