/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is remembered of a connection to tell its story: one step for each packet that moves an endpoint or is part of
 * the handshake or the teardown, and one for each run of packets that are alike.
 */
#ifndef CLI_STORY_H
#define CLI_STORY_H

#include "../output/relative.h"

/* Where packets that are alike may be steps of their own, so many steps that move nobody may follow each other. */
enum { STORY_LOOSE_MAX = 12 };

/* A story that is longer keeps its beginning and its end: the end in a ring, with room for steps that are joined later.
 */
enum { STORY_HEAD = 150, STORY_TAIL = 50, STORY_MAX = STORY_HEAD + STORY_TAIL };
enum { STORY_RING = STORY_TAIL + STORY_LOOSE_MAX };

enum step_kind {
  STEP_SEGMENT, /* a control segment, or one that moves somebody */
  STEP_DATA,    /* a run of data and bare acknowledgements */
  STEP_PROBES,  /* a run of keep-alive probes and answers */
  STEP_EVENT,   /* a run of segments with the same event, which move nobody */
  STEP_MIXED    /* a run of any of these */
};

enum acknowledged { ACKNOWLEDGED_NOTHING, ACKNOWLEDGED_SYN, ACKNOWLEDGED_FIN };

struct step {
  uint64_t first_frame;
  uint64_t last_frame;
  int64_t first_ns;
  int64_t last_ns;
  uint64_t bytes[TCPSTATE_ROLE_COUNT];    /* of payload, by sender */
  uint32_t carriers[TCPSTATE_ROLE_COUNT]; /* segments with payload */
  uint32_t packets[TCPSTATE_ROLE_COUNT];  /* by sender */
  uint32_t count;                         /* of all packets */
  uint32_t probes;
  uint32_t answers;
  struct relative_numbers numbers; /* of the first packet */
  uint32_t initial;                /* its absolute sequence number */
  uint32_t base;                   /* number of the SYN or FIN that it acknowledges */
  tcpstate_annotation annotation;  /* of the last packet; `events` of all */
  uint8_t kind;
  uint8_t acknowledged;
  uint8_t flags;
  bool has_time;
  bool syn_repeated;  /* its sender has sent a SYN before */
  bool roles_swapped; /* from here on, client is who was called server */
  bool roles_turned;  /* client is who was called server at the start */
};

struct story {
  struct step *steps;
  size_t room;
  uint64_t count;        /* steps in all; those between head and tail are lost */
  uint64_t lost_packets; /* for want of memory */
  uint64_t events;
  uint64_t singles; /* a run of so many packets is left as it is; 0: none is, and no run is mixed */
  uint64_t alike;   /* steps of one packet at the end that may yet become a run */
  uint64_t loose;   /* steps at the end that move nobody */
  uint32_t syn[TCPSTATE_ROLE_COUNT];
  uint32_t fin[TCPSTATE_ROLE_COUNT];
  bool has_syn[TCPSTATE_ROLE_COUNT];
  bool has_fin[TCPSTATE_ROLE_COUNT];
  uint8_t client[18]; /* address and port, to see roles change */
  bool has_client;
  bool roles_turned;
};

/* `may_grow`: memory may be taken for one more step. Returns how many steps more there is room for now. */
size_t story_add(struct story *story, const struct packet *packet, const struct relative_numbers *numbers,
                 bool may_grow);

/* Steps that are kept, from 0; and how many were lost before this one. */
size_t story_kept(const struct story *story);
const struct step *story_step(const struct story *story, size_t index);
uint64_t story_lost_before(const struct story *story, size_t index);

void story_free(struct story *story);

#endif
