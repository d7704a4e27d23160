/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libtcpstate: what state is each endpoint's TCP in?
 *
 * The caller hands in observed TCP segments, one by one or in batches, and gets one annotation back for each:
 * the RFC 9293 state of both endpoints after that segment, how sure that is, the segment's part in handshake
 * and teardown, and the events it stands for.
 *
 * The library does no I/O, reads no clock, keeps no global data and allocates only through the allocator
 * and up to the limit of its settings. A strange packet is data, never an error: errors are the caller's
 * mistakes and missing memory, nothing else.
 *
 * Thread-safety: a tracker belongs to one thread at a time. Different trackers are independent. The functions that
 * take no tracker are pure.
 *
 * Numbers are in host byte order, addresses in network byte order. Times are nanoseconds since the epoch,
 * taken from the capture; they may step backwards.
 *
 * States are drawn as the figures of RFC 9293 draw them: the sender after its departure, the receiver after its
 * arrival. An annotation is causal: it depends on earlier segments only and is never changed afterwards.
 */
#ifndef TCPSTATE_H
#define TCPSTATE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(TCPSTATE_STATIC)
#define TCPSTATE_API
#elif defined(_WIN32)
#if defined(TCPSTATE_BUILDING)
#define TCPSTATE_API __declspec(dllexport)
#else
#define TCPSTATE_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define TCPSTATE_API __attribute__((visibility("default")))
#else
#define TCPSTATE_API
#endif

#define TCPSTATE_VERSION_MAJOR 0
#define TCPSTATE_VERSION_MINOR 1
#define TCPSTATE_VERSION_PATCH 0
#define TCPSTATE_VERSION       "0.1.0"

/* Version of the library that is running, "MAJOR.MINOR.PATCH". */
TCPSTATE_API const char *tcpstate_version(void);

/* ---------------------------------------------------------------- errors */

enum tcpstate_error {
  TCPSTATE_OK = 0,
  TCPSTATE_ERROR_NO_MEMORY = -1, /* allocator or memory limit said no; the tracker stays usable */
  TCPSTATE_ERROR_INVALID_ARGUMENT = -2,
  TCPSTATE_ERROR_NOT_FOUND = -3,
  TCPSTATE_ERROR_TRUNCATED = -4, /* fewer bytes than a TCP header needs */
  TCPSTATE_ERROR_MALFORMED = -5, /* data offset below 5 or beyond the segment */
};

/* One English sentence fragment for an error code; never NULL. */
TCPSTATE_API const char *tcpstate_strerror(int error);

/* ---------------------------------------------------------------- words */

/* RFC 9293 3.3.2, in its order. UNKNOWN where nothing is known. */
enum tcpstate_state {
  TCPSTATE_UNKNOWN = 0,
  TCPSTATE_CLOSED,
  TCPSTATE_LISTEN,
  TCPSTATE_SYN_SENT,
  TCPSTATE_SYN_RECEIVED,
  TCPSTATE_ESTABLISHED,
  TCPSTATE_FIN_WAIT_1,
  TCPSTATE_FIN_WAIT_2,
  TCPSTATE_CLOSE_WAIT,
  TCPSTATE_CLOSING,
  TCPSTATE_LAST_ACK,
  TCPSTATE_TIME_WAIT,
  TCPSTATE_STATE_COUNT
};

/* A set of states: bit (1 << state). Bit 0 (UNKNOWN) is never set. */
#define TCPSTATE_MASK(state) ((uint16_t)(1u << (state)))
#define TCPSTATE_MASK_ALL    ((uint16_t)0x0ffe)

/* Index of everything that an annotation or a connection keeps for each endpoint. */
enum tcpstate_role { TCPSTATE_CLIENT = 0, TCPSTATE_SERVER = 1, TCPSTATE_ROLE_COUNT };

enum tcpstate_roles { TCPSTATE_ROLES_OBSERVED = 0, TCPSTATE_ROLES_INFERRED, TCPSTATE_ROLES_COUNT };

enum tcpstate_certainty {
  TCPSTATE_OBSERVED = 0, /* the endpoint showed it by sending this segment */
  TCPSTATE_ASSUMED,      /* true if what passed the capture point arrives */
  TCPSTATE_GUESSED,      /* the start was not captured, or a gap in the capture */
  TCPSTATE_CERTAINTY_COUNT
};

enum tcpstate_phase {
  TCPSTATE_PHASE_HANDSHAKE = 0,
  TCPSTATE_PHASE_DATA,
  TCPSTATE_PHASE_CLOSE,
  TCPSTATE_PHASE_RESET,
  TCPSTATE_PHASE_CLOSED,
  TCPSTATE_PHASE_COUNT
};

enum tcpstate_handshake_role {
  TCPSTATE_HANDSHAKE_NONE = 0,
  TCPSTATE_HANDSHAKE_SYN,
  TCPSTATE_HANDSHAKE_SYN_ACK,
  TCPSTATE_HANDSHAKE_ACK,
  TCPSTATE_HANDSHAKE_ROLE_COUNT
};

/* Bits: a segment may do two steps of the teardown at once. */
enum tcpstate_teardown_step {
  TCPSTATE_TEARDOWN_FIN_1 = 1,
  TCPSTATE_TEARDOWN_ACK_1 = 2,
  TCPSTATE_TEARDOWN_FIN_2 = 4,
  TCPSTATE_TEARDOWN_ACK_2 = 8
};

enum tcpstate_teardown_role {
  TCPSTATE_TEARDOWN_NONE = 0,
  TCPSTATE_TEARDOWN_ACTIVE,
  TCPSTATE_TEARDOWN_PASSIVE,
  TCPSTATE_TEARDOWN_SIMULTANEOUS,
  TCPSTATE_TEARDOWN_ROLE_COUNT
};

/* How serious an event is. */
enum tcpstate_event_kind {
  TCPSTATE_KIND_COURSE = 0, /* belongs to the course of a connection, but is worth a word */
  TCPSTATE_KIND_IRREGULAR,  /* repeated, out of place or unexplained */
  TCPSTATE_KIND_FAILURE,    /* somebody does not get what he wanted */
  TCPSTATE_KIND_DAMAGE,     /* no TCP means to send this */
  TCPSTATE_KIND_COUNT
};

/* Numbers are stable; new events go to the end. An annotation holds bit (1 << event). What each is called and means
 * stands in core/src/events.c. */
enum tcpstate_event {
  TCPSTATE_EVENT_SYN_RETRANSMITTED = 0,
  TCPSTATE_EVENT_SYN_ACK_RETRANSMITTED,
  TCPSTATE_EVENT_FIN_RETRANSMITTED,
  TCPSTATE_EVENT_HANDSHAKE_COMPLETE,
  TCPSTATE_EVENT_FAST_OPEN,
  TCPSTATE_EVENT_SIMULTANEOUS_OPEN,
  TCPSTATE_EVENT_SIMULTANEOUS_CLOSE,
  TCPSTATE_EVENT_HALF_CLOSE,
  TCPSTATE_EVENT_DATA_AFTER_FIN,
  TCPSTATE_EVENT_FIN_AHEAD_OF_HOLE,
  TCPSTATE_EVENT_REFUSED,
  TCPSTATE_EVENT_ABORTED,
  TCPSTATE_EVENT_RESET_OUT_OF_WINDOW,
  TCPSTATE_EVENT_CHALLENGE_ACK,
  TCPSTATE_EVENT_SYN_IN_CONNECTION,
  TCPSTATE_EVENT_KEEP_ALIVE,
  TCPSTATE_EVENT_KEEP_ALIVE_ANSWERED,
  TCPSTATE_EVENT_PEER_SILENT,
  TCPSTATE_EVENT_HALF_OPEN,
  TCPSTATE_EVENT_TUPLE_REUSED,
  TCPSTATE_EVENT_TIME_WAIT_REUSED,
  TCPSTATE_EVENT_STRAY,
  TCPSTATE_EVENT_CAPTURE_GAP,
  TCPSTATE_EVENT_MID_STREAM,
  TCPSTATE_EVENT_ILLEGAL_FLAGS,
  TCPSTATE_EVENT_NO_ANSWER,
  TCPSTATE_EVENT_BAD_CHECKSUM,
  TCPSTATE_EVENT_SPLIT_HANDSHAKE,
  TCPSTATE_EVENT_REVISED,      /* an assumption about an endpoint was disproved by this segment */
  TCPSTATE_EVENT_PAWS,         /* RFC 7323 5: time stamp older than what the receiver has seen */
  TCPSTATE_EVENT_UNACCEPTABLE, /* RFC 9293 3.10.7.4 first: outside the receiver's window */
  TCPSTATE_EVENT_COUNT
};

enum tcpstate_outcome {
  TCPSTATE_OUTCOME_OPEN = 0,
  TCPSTATE_OUTCOME_CLOSED,
  TCPSTATE_OUTCOME_RESET,
  TCPSTATE_OUTCOME_REFUSED,
  TCPSTATE_OUTCOME_NO_ANSWER,
  TCPSTATE_OUTCOME_HALF_OPEN,
  TCPSTATE_OUTCOME_HALF_CLOSED,
  TCPSTATE_OUTCOME_MID_STREAM,
  TCPSTATE_OUTCOME_COUNT
};

enum tcpstate_close {
  TCPSTATE_CLOSE_NONE = 0,
  TCPSTATE_CLOSE_FOUR_SEGMENT,
  TCPSTATE_CLOSE_THREE_SEGMENT,
  TCPSTATE_CLOSE_SIMULTANEOUS,
  TCPSTATE_CLOSE_RESET_BY_CLIENT,
  TCPSTATE_CLOSE_RESET_BY_SERVER,
  TCPSTATE_CLOSE_COUNT
};

enum tcpstate_closer {
  TCPSTATE_CLOSER_NONE = 0,
  TCPSTATE_CLOSER_CLIENT,
  TCPSTATE_CLOSER_SERVER,
  TCPSTATE_CLOSER_BOTH,
  TCPSTATE_CLOSER_COUNT
};

/* Zeek's conn_state codes, by Zeek's documented rules. */
enum tcpstate_conn_state {
  TCPSTATE_CONN_S0 = 0,
  TCPSTATE_CONN_S1,
  TCPSTATE_CONN_SF,
  TCPSTATE_CONN_REJ,
  TCPSTATE_CONN_S2,
  TCPSTATE_CONN_S3,
  TCPSTATE_CONN_RSTO,
  TCPSTATE_CONN_RSTR,
  TCPSTATE_CONN_RSTOS0,
  TCPSTATE_CONN_RSTRH,
  TCPSTATE_CONN_SH,
  TCPSTATE_CONN_SHR,
  TCPSTATE_CONN_OTH,
  TCPSTATE_CONN_STATE_COUNT
};

enum tcpstate_vantage {
  TCPSTATE_VANTAGE_UNKNOWN = 0,
  TCPSTATE_VANTAGE_CLIENT,
  TCPSTATE_VANTAGE_SERVER,
  TCPSTATE_VANTAGE_MIDDLE,
  TCPSTATE_VANTAGE_COUNT
};

/* What the vantage point was told from. */
enum tcpstate_vantage_grounds {
  TCPSTATE_GROUNDS_NONE = 0,
  TCPSTATE_GROUNDS_TIMING, /* who answers at once */
  TCPSTATE_GROUNDS_HEADERS /* whose TTL is that of a host, whose checksum is not finished */
};

/* The words of the contract, as they appear in every output: "FIN-WAIT-1", "client", "observed", "close",
 * "SYN-ACK", "active", "syn-retransmitted", "half-closed", "three-segment", "S0", "unknown" ...
 * A NONE value and a number out of range give "". Static storage, never NULL. */
TCPSTATE_API const char *tcpstate_state_name(unsigned state);
TCPSTATE_API const char *tcpstate_role_name(unsigned role);
TCPSTATE_API const char *tcpstate_roles_name(unsigned roles);
TCPSTATE_API const char *tcpstate_certainty_name(unsigned certainty);
TCPSTATE_API const char *tcpstate_phase_name(unsigned phase);
TCPSTATE_API const char *tcpstate_handshake_role_name(unsigned role);
TCPSTATE_API const char *tcpstate_teardown_step_name(unsigned step); /* of one bit: "FIN-1" */
TCPSTATE_API const char *tcpstate_teardown_role_name(unsigned role);
TCPSTATE_API const char *tcpstate_event_name(unsigned event);
TCPSTATE_API const char *tcpstate_event_sentence(unsigned event);          /* what it means, one English sentence */
TCPSTATE_API enum tcpstate_event_kind tcpstate_event_kind(unsigned event); /* COURSE for a number out of range */
TCPSTATE_API const char *tcpstate_outcome_name(unsigned outcome);
TCPSTATE_API const char *tcpstate_close_name(unsigned close);
TCPSTATE_API const char *tcpstate_closer_name(unsigned closer);
TCPSTATE_API const char *tcpstate_conn_state_name(unsigned code);
TCPSTATE_API const char *tcpstate_vantage_name(unsigned vantage);

/* ---------------------------------------------------------------- segment */

/* TCP header flags, RFC 9293 3.1, as they stand in the header. */
enum tcpstate_flag {
  TCPSTATE_FIN = 0x01,
  TCPSTATE_SYN = 0x02,
  TCPSTATE_RST = 0x04,
  TCPSTATE_PSH = 0x08,
  TCPSTATE_ACK = 0x10,
  TCPSTATE_URG = 0x20,
  TCPSTATE_ECE = 0x40,
  TCPSTATE_CWR = 0x80
};

/* Which of the optional members of a segment are valid, and what else is known of it. */
enum tcpstate_fact {
  TCPSTATE_HAS_TIMESTAMP = 0x01,      /* ts_value, ts_echo (RFC 7323) */
  TCPSTATE_HAS_WINDOW_SCALE = 0x02,   /* window_scale */
  TCPSTATE_HAS_MSS = 0x04,            /* mss */
  TCPSTATE_HAS_FAST_OPEN = 0x08,      /* RFC 7413 option present */
  TCPSTATE_BAD_CHECKSUM = 0x10,       /* known to be damaged (never set it behind checksum offload) */
  TCPSTATE_NO_WINDOW = 0x20,          /* window is not known (tcpdump text without "win") */
  TCPSTATE_NO_TIME = 0x40,            /* time_ns is not known */
  TCPSTATE_NO_CAPTURED_OPTIONS = 0x80 /* options were cut off or are not known */
};

/* One observed TCP segment. Plain values, owns nothing. Zero it before filling it in. */
typedef struct tcpstate_segment {
  int64_t time_ns;
  uint8_t src[16]; /* network byte order; IPv4 uses the first four bytes, the rest must be zero */
  uint8_t dst[16];
  uint32_t domain; /* segments of different domains never meet (VLAN, tunnel, interface ...); usually 0 */
  uint32_t seq;
  uint32_t ack;            /* meaningful with TCPSTATE_ACK */
  uint32_t payload_length; /* bytes of payload as sent, without SYN and FIN; not what was captured of it */
  uint32_t ts_value;
  uint32_t ts_echo;
  uint16_t src_port;
  uint16_t dst_port;
  uint16_t window; /* as in the header, unscaled */
  uint16_t mss;
  uint8_t ip_version; /* 4 or 6 */
  uint8_t flags;      /* enum tcpstate_flag */
  uint8_t window_scale;
  uint8_t facts;               /* enum tcpstate_fact */
  uint8_t ttl;                 /* of the IP header: time to live or hop limit; 0: not known */
  uint8_t unfinished_checksum; /* 1: as a host leaves it to its network card; 0: not so, or not known */
} tcpstate_segment;

/* Reads the TCP header at `header` into the TCP members of `segment` (ports to facts; time, addresses, domain and
 * ip_version are the caller's). `captured` bytes are at hand; the segment on the wire had `length` bytes, header
 * and payload together. Returns TCPSTATE_OK, ERROR_TRUNCATED (not even the fixed 20 bytes were captured) or
 * ERROR_MALFORMED (data offset below 5 or beyond `length`). Bad or cut options are left out, never an error. */
TCPSTATE_API int tcpstate_segment_parse(tcpstate_segment *segment, const uint8_t *header, size_t captured,
                                        size_t length);

/* ---------------------------------------------------------------- annotation */

/* What is said of one segment. Pairs are indexed by enum tcpstate_role. */
typedef struct tcpstate_annotation {
  uint64_t events;      /* bit (1 << enum tcpstate_event) */
  uint32_t stream;      /* number of the connection, from 0, in order of first segment */
  uint32_t slot;        /* handle for tcpstate_connection_get, together with stream */
  uint16_t possible[2]; /* set of states, see TCPSTATE_MASK; 0 where nothing is known */
  uint8_t state[2];
  uint8_t previous[2];
  uint8_t certainty[2];
  uint8_t rule[2]; /* number of the rule that moved the endpoint, 0 if it did not move; see tcpstate_rule_get */
  uint8_t src_role;
  uint8_t roles;
  uint8_t phase;
  uint8_t handshake_role;
  uint8_t teardown_steps; /* bits of enum tcpstate_teardown_step */
  uint8_t teardown_role;
} tcpstate_annotation;

/* 1 if the segment moved at least one endpoint, else 0. */
TCPSTATE_API int tcpstate_annotation_changed(const tcpstate_annotation *annotation);

/* ---------------------------------------------------------------- rules */

/* One line of the rule table in core/src/transitions.c: what the sender's or receiver's TCP does. */
typedef struct tcpstate_rule {
  unsigned number;     /* from 1 */
  unsigned from;       /* set of states the rule applies to */
  unsigned to;         /* enum tcpstate_state */
  const char *event;   /* what happened to the endpoint: "sends FIN" */
  const char *section; /* "3.10.7.4", of RFC 9293 unless it names another */
  const char *text;    /* one English sentence */
} tcpstate_rule;

/* Rule by number; NOT_FOUND beyond the last. Strings are static. */
TCPSTATE_API int tcpstate_rule_get(unsigned number, tcpstate_rule *rule);

/* ---------------------------------------------------------------- connection */

enum { TCPSTATE_HISTORY_SIZE = 24, TCPSTATE_KINDS = 1 << 15 };

/* A connection as far as it has been read. Pairs are indexed by enum tcpstate_role. */
typedef struct tcpstate_connection {
  int64_t first_time_ns;
  int64_t last_time_ns;
  uint64_t bytes[2]; /* payload bytes by sequence space: what the application sent, each byte once */
  uint32_t segments[2];
  uint32_t stream;
  uint32_t domain;
  uint8_t address[2][16];
  uint16_t port[2];
  uint16_t handshake_segments;
  uint16_t teardown_segments;
  uint8_t ip_version;
  uint8_t roles;
  uint8_t state[2];
  uint8_t outcome;
  uint8_t close;
  uint8_t active_closer;
  uint8_t conn_state;
  uint8_t vantage;
  char history[TCPSTATE_HISTORY_SIZE]; /* Zeek's letters, NUL-terminated */
  uint8_t vantage_grounds;             /* enum tcpstate_vantage_grounds */
  uint16_t kind; /* below TCPSTATE_KINDS; 0: none. Two of a tracker's records with the same kind agree in everything but
                    stream, address, port, times, bytes and segments */
} tcpstate_connection;

/* ---------------------------------------------------------------- tracker */

typedef struct tcpstate_tracker tcpstate_tracker;

/* allocate returns `size` bytes aligned for any object, or NULL. release gets the size again. */
typedef struct tcpstate_allocator {
  void *(*allocate)(void *user, size_t size);
  void (*release)(void *user, void *memory, size_t size);
  void *user;
} tcpstate_allocator;

typedef struct tcpstate_settings {
  size_t struct_size;       /* sizeof(tcpstate_settings), set by tcpstate_settings_init */
  int64_t time_wait_ns;     /* how long TIME-WAIT lasts; default 60 s */
  uint32_t max_connections; /* connections kept at a time; 0 = no limit but memory_limit */
  uint64_t memory_limit;    /* bytes taken from the allocator at a time; 0 = none */
  uint64_t hash_key[2];     /* secret of the flow table's keyed hash; any value, best random */
  tcpstate_allocator allocator;
  /* Called with a connection that the tracker gives up: its 4-tuple is used anew, or it had to make room. The
   * record is valid during the call; the tracker must not be used from within. May be NULL. */
  void (*connection_end)(void *user, const tcpstate_connection *connection);
  void *connection_end_user;
} tcpstate_settings;

/* Defaults: malloc and free, 60 s, no limits, a fixed hash key. */
TCPSTATE_API void tcpstate_settings_init(tcpstate_settings *settings);

/* settings may be NULL for the defaults. On success *tracker is owned by the caller. NO_MEMORY, INVALID_ARGUMENT. */
TCPSTATE_API int tcpstate_new(tcpstate_tracker **tracker, const tcpstate_settings *settings);

/* Frees everything; connection_end is not called. NULL is fine. */
TCPSTATE_API void tcpstate_free(tcpstate_tracker *tracker);

/* Judges one segment. NO_MEMORY: no room for a new connection; the annotation then says UNKNOWN on both sides and
 * has the stream number UINT32_MAX, and the tracker is as it was before. */
TCPSTATE_API int tcpstate_feed(tcpstate_tracker *tracker, const tcpstate_segment *segment,
                               tcpstate_annotation *annotation);

/* The same for `count` segments in order, faster: table lines are fetched ahead. `annotations` has room for as many, or
 * is NULL: nothing is said of them then, for those who want to know the connections only, which is faster still.
 * Returns the first error met, after all have been judged. */
TCPSTATE_API int tcpstate_feed_batch(tcpstate_tracker *tracker, const tcpstate_segment *segments, size_t count,
                                     tcpstate_annotation *annotations);

/* Evidence from an ICMP error: `quoted` is the segment that the error quotes (its src sent it), at the time of the
 * error. Only ports, addresses, domain, seq and time are used. `hard` as RFC 9293 3.9.2.2 and RFC 1122 4.2.3.9
 * class it. Only a hard error that quotes the SYN of an endpoint in SYN-SENT moves anything. NOT_FOUND if it belongs
 * to no connection or moves nothing; else OK, and the annotation tells the connection as it is now. */
TCPSTATE_API int tcpstate_feed_icmp_error(tcpstate_tracker *tracker, const tcpstate_segment *quoted, int hard,
                                          tcpstate_annotation *annotation);

/* The connection with this stream number, in the slot that its annotations name. NOT_FOUND once given up. */
TCPSTATE_API int tcpstate_connection_get(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot,
                                         tcpstate_connection *connection);

/* The same, faster, for those who know already what the connections of a kind have in common: where the kind is not 0,
 * only stream, times, bytes, ports, ip_version and addresses are set beside it, of IPv4 addresses the four bytes; all
 * else has any value. */
TCPSTATE_API int tcpstate_connection_peek(const tcpstate_tracker *tracker, uint32_t stream, uint32_t slot,
                                          tcpstate_connection *connection);

/* Walks the connections that are kept, in no particular order: start with *cursor = 0, call until NOT_FOUND. */
TCPSTATE_API int tcpstate_connection_next(const tcpstate_tracker *tracker, uint32_t *cursor,
                                          tcpstate_connection *connection);

/* The same walk, which tells only where each of them is, for tcpstate_connection_get. */
TCPSTATE_API int tcpstate_slot_next(const tcpstate_tracker *tracker, uint32_t *cursor, uint32_t *stream,
                                    uint32_t *slot);

typedef struct tcpstate_statistics {
  uint64_t segments;    /* fed so far */
  uint64_t connections; /* numbered so far */
  uint64_t kept;        /* in the table now */
  uint64_t evicted;     /* given up to make room */
  uint64_t memory;      /* bytes taken from the allocator now */
} tcpstate_statistics;

TCPSTATE_API void tcpstate_statistics_get(const tcpstate_tracker *tracker, tcpstate_statistics *statistics);

/* ---------------------------------------------------------------- fields */

/* Every field of the contract, defined once: plugin, command, docs and tests take names from here. */
enum tcpstate_field_type {
  TCPSTATE_FIELD_WORD = 0, /* text */
  TCPSTATE_FIELD_NUMBER,   /* unsigned 32 bits */
  TCPSTATE_FIELD_BOOLEAN
};

enum tcpstate_field_id {
  TCPSTATE_FIELD_STREAM = 0,
  TCPSTATE_FIELD_PHASE,
  TCPSTATE_FIELD_SRC_STATE,
  TCPSTATE_FIELD_DST_STATE,
  TCPSTATE_FIELD_CLIENT_STATE,
  TCPSTATE_FIELD_SERVER_STATE,
  TCPSTATE_FIELD_STATE,
  TCPSTATE_FIELD_CLIENT_PREVIOUS,
  TCPSTATE_FIELD_SERVER_PREVIOUS,
  TCPSTATE_FIELD_CHANGED,
  TCPSTATE_FIELD_TRANSITION,
  TCPSTATE_FIELD_SRC_ROLE,
  TCPSTATE_FIELD_ROLES,
  TCPSTATE_FIELD_HANDSHAKE_ROLE,
  TCPSTATE_FIELD_TEARDOWN_STEP,
  TCPSTATE_FIELD_TEARDOWN_ROLE,
  TCPSTATE_FIELD_CLIENT_CERTAINTY,
  TCPSTATE_FIELD_SERVER_CERTAINTY,
  TCPSTATE_FIELD_CLIENT_POSSIBLE,
  TCPSTATE_FIELD_SERVER_POSSIBLE,
  TCPSTATE_FIELD_EVENT,
  TCPSTATE_FIELD_CONN_OUTCOME,
  TCPSTATE_FIELD_CONN_CLOSE,
  TCPSTATE_FIELD_CONN_ACTIVE_CLOSER,
  TCPSTATE_FIELD_CONN_STATE,
  TCPSTATE_FIELD_CONN_HISTORY,
  TCPSTATE_FIELD_CONN_VANTAGE,
  TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS,
  TCPSTATE_FIELD_COUNT
};

typedef struct tcpstate_field {
  unsigned id;            /* enum tcpstate_field_id */
  unsigned type;          /* enum tcpstate_field_type */
  unsigned of_connection; /* 1: value comes from a tcpstate_connection, 0: from an annotation */
  const char *name;       /* filter name: "tcpstate.client.state" */
  const char *column;     /* column of the CSV of annotate, or "" */
  const char *title;      /* for people: "Client state" */
  const char *help;       /* one sentence */
} tcpstate_field;

/* Field by id; NULL beyond the last. Static storage. */
TCPSTATE_API const tcpstate_field *tcpstate_field_get(unsigned id);

/* How often the field occurs in this annotation (connection may be NULL where the field does not need it). */
TCPSTATE_API unsigned tcpstate_field_occurrences(unsigned id, const tcpstate_annotation *annotation,
                                                 const tcpstate_connection *connection);

/* Text of occurrence `index` (from 0) into buffer, always NUL-terminated if size > 0; numbers in decimal, booleans as
 * "1" and "0". Returns the length that the whole text has, 0 if there is no such occurrence. */
TCPSTATE_API size_t tcpstate_field_text(unsigned id, const tcpstate_annotation *annotation,
                                        const tcpstate_connection *connection, unsigned index, char *buffer,
                                        size_t size);

/* Value of a NUMBER or BOOLEAN field; 0 for words. */
TCPSTATE_API uint32_t tcpstate_field_number(unsigned id, const tcpstate_annotation *annotation,
                                            const tcpstate_connection *connection);

#ifdef __cplusplus
}
#endif

#endif
