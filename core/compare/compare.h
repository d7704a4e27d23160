/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same connections captured at two places: which segment is which, what became of each between the two, and how
 * the two clocks relate. No I/O, no clock, no global data; memory comes from the caller's allocator, up to a limit.
 *
 * Segments of capture A and B are added, each capture in its order; compare_run then does everything. Addresses, ports
 * and, by a constant, sequence numbers may differ between the two: connections are found by what passes a NAT.
 *
 * With the annotations that a tracker of its own gave each capture, the rows tell the states of both endpoints, each by
 * the tap at its own end, where an arrival is seen and not assumed.
 */
#ifndef TCPSTATE_COMPARE_H
#define TCPSTATE_COMPARE_H

#include <stdbool.h>
#include <tcpstate/tcpstate.h>

enum compare_side { COMPARE_A, COMPARE_B, COMPARE_SIDES };

enum compare_known { COMPARE_KNOWS_IP = 1, COMPARE_KNOWS_PAYLOAD = 2 };

/* One segment as it was seen at one tap. */
struct compare_segment {
  const tcpstate_segment *segment;
  const tcpstate_annotation *annotation; /* of this capture's own tracker; NULL: states stay UNKNOWN */
  uint32_t frame;
  uint32_t payload; /* any hash of the first bytes of the payload, or, where there is none, of what SACK blocks span */
  uint32_t options; /* bit (1 << (kind & 31)) for each TCP option */
  uint16_t ip_id;
  uint8_t ttl;
  uint8_t known; /* enum compare_known */
};

enum compare_verdict {
  COMPARE_BOTH,       /* left one tap, came to the other */
  COMPARE_LOST,       /* left the tap of its sender, never came to the other */
  COMPARE_INJECTED,   /* came to the receiver's tap, never passed the sender's */
  COMPARE_DUPLICATED, /* one more copy of a segment that was sent once */
  COMPARE_SPLIT,      /* part of a larger segment of the sender's tap */
  COMPARE_MERGED,     /* went into a larger segment at the receiver's tap */
  COMPARE_PARTIAL,    /* only part of its bytes came */
  COMPARE_MISSED,     /* passed both taps, as the numbers prove, but one capture lacks it */
  COMPARE_OUTSIDE,    /* one capture had not begun or had ended */
  COMPARE_VERDICT_COUNT
};

enum compare_change {
  COMPARE_REORDERED = 1, /* overtaken by a later one */
  COMPARE_MSS = 2,
  COMPARE_OPTIONS = 4,
  COMPARE_WINDOW = 8,
  COMPARE_WINDOW_SCALE = 16,
  COMPARE_TIMESTAMP = 32,
  COMPARE_FLAGS = 64,
  COMPARE_PAYLOAD = 128,
  COMPARE_IP_ID = 256,
  COMPARE_TTL = 512 /* not the distance of the others of its direction */
};
enum { COMPARE_CHANGE_COUNT = 10 };

/* Words for outputs; "" for a number out of range. `change` is one bit. */
const char *compare_verdict_name(unsigned verdict);
const char *compare_change_name(unsigned change);

/* What one tap saw. */
struct compare_sight {
  int64_t time_ns; /* by its own clock */
  uint32_t frame;  /* 0: this tap did not see it; all else is then zero */
  uint32_t added;  /* how many of this side were added before it */
  uint32_t seq;
  uint32_t ack;
  uint32_t length;
  uint16_t window;
  uint16_t mss;
  uint8_t flags;
  uint8_t ttl;
  bool has_time;
};

/* One endpoint after a row, as the tap at its own end shows it: what is seen there has left it or has come to it. */
struct compare_end {
  uint32_t frame;    /* of that tap, the last that told of it; 0: none has yet, all else is then zero */
  uint16_t possible; /* set of states, see TCPSTATE_MASK; 0 where nothing is known */
  uint8_t state;
  uint8_t certainty; /* enum tcpstate_certainty */
  uint8_t tap;       /* enum compare_side: which capture the proof is from */
};

/* One segment with its verdict. */
struct compare_row {
  struct compare_end end[TCPSTATE_ROLE_COUNT];
  struct compare_sight sight[COMPARE_SIDES];
  int64_t time_ns;  /* when it left, or came if that was not seen or it is a copy; by A's clock; see has_time */
  int64_t delay_ns; /* on the way between the taps; see has_delay */
  uint32_t connection;
  uint16_t changes; /* bits of enum compare_change */
  uint8_t verdict;
  uint8_t from;     /* enum tcpstate_role of its sender */
  uint8_t from_tap; /* enum compare_side of the tap at the sender's end */
  bool has_time;
  bool has_delay;
};

/* A connection that is in both captures. Endpoints are indexed by enum tcpstate_role. */
struct compare_connection {
  uint8_t address[COMPARE_SIDES][TCPSTATE_ROLE_COUNT][16];
  uint16_t port[COMPARE_SIDES][TCPSTATE_ROLE_COUNT];
  uint8_t ip_version[COMPARE_SIDES];
  uint8_t client_tap; /* enum compare_side of the tap at the client's end */
  bool translated;    /* addresses or ports differ */
  bool has_hops;      /* hops[] is known: TTL at the sender's tap minus TTL at the other */
  int hops[TCPSTATE_ROLE_COUNT];
  uint8_t ttl[TCPSTATE_ROLE_COUNT];     /* of what this endpoint sends, at its own tap; 0: not known */
  bool is_next_to[TCPSTATE_ROLE_COUNT]; /* no router lies between this endpoint and its tap, as that TTL shows */
  uint32_t shift[TCPSTATE_ROLE_COUNT];  /* of the sequence numbers that this endpoint counts: B's minus A's */
  uint32_t segments[COMPARE_SIDES];
  uint32_t verdicts[TCPSTATE_ROLE_COUNT][COMPARE_VERDICT_COUNT]; /* by sender */
  uint32_t reordered;
  uint32_t changed;
  int64_t start_ns;                          /* time of its first row that has one */
  int64_t min_delay_ns[TCPSTATE_ROLE_COUNT]; /* by sender; valid with has_delay */
  int64_t max_delay_ns[TCPSTATE_ROLE_COUNT];
  bool has_start;
  bool has_delay[TCPSTATE_ROLE_COUNT];
  struct compare_end end[TCPSTATE_ROLE_COUNT]; /* when both captures are through */
  uint32_t first_row;
  uint32_t row_count;
};

/* time of B = time of A + offset + drift * (time of A - origin) */
struct compare_clock {
  int64_t origin_ns;
  int64_t offset_ns;
  double drift;
  int64_t error_ns; /* what an asymmetry of the path can hide; 0 with known false */
  bool known;       /* false: no segment has been seen at both with a time */
  bool two_way;     /* false: one direction only; delays are then over the shortest one */
};

struct compare_summary {
  struct compare_clock clock;
  uint32_t connections;         /* in both */
  uint32_t only[COMPARE_SIDES]; /* connections in one capture alone */
  uint32_t rows;
};

struct compare_settings {
  tcpstate_allocator allocator; /* zero: malloc and free */
  uint64_t memory_limit;        /* bytes; 0: none */
  uint64_t hash_key;            /* any value, best random */
};

struct compare;

/* NULL: no memory. */
struct compare *compare_new(const struct compare_settings *settings);
void compare_free(struct compare *compare);

/* NO_MEMORY: the segment has not been taken. */
int compare_add(struct compare *compare, enum compare_side side, const struct compare_segment *segment);

/* Once, after everything has been added. NO_MEMORY: nothing can be asked for. */
int compare_run(struct compare *compare);

void compare_summary_get(const struct compare *compare, struct compare_summary *summary);

/* Connections from 0 in order of their first segment; rows by connection, then by time. */
void compare_connection_get(const struct compare *compare, uint32_t index, struct compare_connection *connection);
void compare_row_get(const struct compare *compare, uint32_t index, struct compare_row *row);

/* The row that tells of this frame, or UINT32_MAX: the connection is in one capture only, or no such frame was added.
 */
uint32_t compare_row_of(const struct compare *compare, enum compare_side side, uint32_t added);

/* A time of one tap by A's clock. */
int64_t compare_align(const struct compare *compare, enum compare_side side, int64_t time_ns);

#endif
