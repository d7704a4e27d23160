/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One transmission control block and the segments that it speaks: a slow transcription of RFC 9293 3.10. It shares
 * nothing with the engine but the words of the public header, and is meant to be read beside the RFC. */
#ifndef MODEL_TCB_H
#define MODEL_TCB_H

#include "tcpstate/tcpstate.h"
#include <stdbool.h>

enum { HELD_MAX = 6, OUTBOX_MAX = 48 };

/* Where implementations differ and RFC 9293 lets them, or its text and its figures part. */
enum variant {
  VARIANT_DELAYED_ACK = 0x01,
  VARIANT_BARE_ACK = 0x02,        /* a repeated SYN in SYN-RECEIVED is answered with an ACK, as the text of 3.10.7.4 has
                                     it, not with the SYN-ACK again */
  VARIANT_TEXT_NOT_FIGURE = 0x04, /* SYN-RECEIVED refuses the SYN-ACK of figure 7, as the text of 3.10.7.4 has it */
  VARIANT_TIME_WAIT_REUSE = 0x08, /* MAY-2 */
  VARIANT_LISTENER = 0x10,        /* a listener stays behind the connection, and takes SYNs whenever it is CLOSED */
  VARIANT_FIN_IN_WINDOW = 0x20,   /* keeps its FIN until the window has room for it; the world sends it regardless */
  VARIANT_NO_HOLD = 0x40,         /* does not hold what arrives out of order */
  VARIANT_ALL = 0x7f
};

struct options {
  uint32_t isn;
  uint32_t buffer;
  uint32_t mss;
  uint8_t variants;
  bool timestamps;
  bool scaling;
  uint8_t scale;
};

/* A segment. The second half is for the checker: the network and the receiver do not look at it. */
struct segment {
  uint32_t seq;
  uint32_t ack;
  uint32_t length;
  uint32_t ts_value;
  uint32_t ts_echo;
  uint16_t window;
  uint16_t mss;
  uint8_t flags;
  uint8_t scale;
  bool has_ts;
  bool has_scale;

  uint8_t sender;
  uint8_t state;  /* true state of the sender at departure */
  uint8_t bare;   /* the same without a CLOSE */
  uint16_t life;  /* of the TCB that sent it */
  uint32_t epoch; /* how many unseen local transitions the sender had made */
  uint32_t number;
  int64_t born_ms;
};

struct held {
  uint32_t from;
  uint32_t to;
};

struct tcb {
  uint8_t state;
  uint16_t life;
  bool ghost;       /* a might-have-been: receives, never sends */
  bool passive;     /* came from LISTEN */
  bool reader_gone; /* close(), not shutdown(): data that still comes is answered with a RST */
  bool gave_up;     /* deleted itself upon an acceptable segment: a local doing */
  bool ack_due;
  bool fin_queued;
  bool fin_sent;
  bool fin_shown;      /* a FIN of this life has passed the capture point */
  bool syn_shown;      /* a SYN of this life, not a SYN-ACK, has passed the capture point */
  bool unseen_listen;  /* CLOSED, but LISTEN were it not for a CLOSE or an active OPEN that no segment has shown */
  bool close_in_doubt; /* the first FIN that was shown left after the peer's arrived, though CLOSE came before */
  bool peer_fin_known;
  bool ts_on;
  bool scale_on;
  uint8_t snd_scale;
  uint8_t held_count;
  uint32_t iss, snd_una, snd_nxt, snd_wnd, snd_wl1, snd_wl2, snd_wnd_max;
  uint32_t irs, rcv_nxt;
  uint32_t queued; /* bytes of SEND calls that have not been sent */
  uint32_t fin_seq;
  uint32_t peer_fin_seq;
  uint32_t unread;
  uint32_t ts_recent;
  uint32_t last_ack_sent;
  uint32_t peer_mss;
  int64_t time_wait_end_ms;
  struct held held[HELD_MAX];
};

struct outbox {
  struct segment segment[OUTBOX_MAX];
  unsigned count;
};

/* What a TCB works with: its options, the clock, and where its segments go. */
struct context {
  const struct options *options;
  struct outbox *out;
  int64_t now_ms;
};

enum { TIME_WAIT_MS = 60000, MSL_MS = 30000 };

/* arrives.c: 3.10.7, SEGMENT ARRIVES */
void tcb_arrives(struct tcb *tcb, const struct context *context, const struct segment *segment);

/* arrives_synchronized.c: 3.10.7.4 */
void tcb_arrives_synchronized(struct tcb *tcb, const struct context *context, const struct segment *segment);

/* text.c: seventh and eighth of 3.10.7.4, segment text and FIN */
void tcb_text_and_fin(struct tcb *tcb, const struct context *context, const struct segment *segment);

/* calls.c: 3.10.1 to 3.10.6, and the timeouts of 3.10.8. Each returns false where the RFC returns an error. */
bool tcb_open_active(struct tcb *tcb, const struct context *context);
bool tcb_open_passive(struct tcb *tcb);
bool tcb_send(struct tcb *tcb, const struct context *context, uint32_t bytes);
bool tcb_receive(struct tcb *tcb, const struct context *context, uint32_t bytes);
bool tcb_close(struct tcb *tcb, const struct context *context);
bool tcb_abort(struct tcb *tcb, const struct context *context);
bool tcb_retransmit(struct tcb *tcb, const struct context *context, uint32_t bytes);
bool tcb_probe(struct tcb *tcb, const struct context *context, uint32_t bytes);
bool tcb_acknowledge_now(struct tcb *tcb, const struct context *context);

/* output.c */
uint32_t tcb_receive_window(const struct tcb *tcb, const struct options *options);
void tcb_output(struct tcb *tcb, const struct context *context);
void tcb_send_flags(struct tcb *tcb, const struct context *context, uint32_t seq, uint32_t length, unsigned flags);
void tcb_send_ack(struct tcb *tcb, const struct context *context);
void tcb_send_reset(struct tcb *tcb, const struct context *context, uint32_t seq);
void tcb_send_reset_for(struct tcb *tcb, const struct context *context, const struct segment *segment);
void tcb_learn_options(struct tcb *tcb, const struct options *options, const struct segment *segment);
uint32_t tcb_choose_iss(const struct tcb *tcb, const struct context *context);
void tcb_delete(struct tcb *tcb, unsigned state);

/* The state as it would be had the endpoint's own FIN never been asked for. */
unsigned tcb_state_without_fin(const struct tcb *tcb);

#endif
