/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a TCB puts on the wire. */
#include "seq.h"
#include "tcb.h"
#include <string.h>

uint32_t tcb_receive_window(const struct tcb *tcb, const struct options *options)
{
  return tcb->unread < options->buffer ? options->buffer - tcb->unread : 0;
}

static uint16_t advertised_window(const struct tcb *tcb, const struct options *options, unsigned flags)
{
  uint32_t window = tcb_receive_window(tcb, options);
  if (tcb->scale_on && !(flags & TCPSTATE_SYN)) {
    window >>= options->scale;
  }
  return window > 65535 ? 65535 : (uint16_t)window;
}

/* RFC 7323: scale on a SYN if wanted, on a SYN-ACK only if the SYN had it; time stamps likewise, then always. */
static void add_options(const struct tcb *tcb, const struct context *context, struct segment *segment)
{
  const struct options *options = context->options;
  bool syn = segment->flags & TCPSTATE_SYN;
  bool answer = segment->flags & TCPSTATE_ACK;
  if (syn) {
    segment->mss = (uint16_t)options->mss;
    segment->has_scale = answer ? tcb->scale_on : options->scaling;
    segment->scale = segment->has_scale ? options->scale : 0;
  }
  segment->has_ts = (syn && !answer) ? options->timestamps : tcb->ts_on;
  if (segment->has_ts) {
    segment->ts_value = (uint32_t)context->now_ms + options->isn;
    segment->ts_echo = answer ? tcb->ts_recent : 0;
  }
}

static void emit(const struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  struct outbox *out = context->out;
  if (tcb->ghost || out->count == OUTBOX_MAX) {
    return; /* a full outbox is a segment lost in the sender's own queue */
  }
  out->segment[out->count] = *segment;
  out->segment[out->count].state = tcb->state;
  out->segment[out->count].bare = (uint8_t)tcb_state_without_fin(tcb);
  out->segment[out->count].life = tcb->life;
  out->segment[out->count].born_ms = context->now_ms;
  out->count++;
}

void tcb_send_flags(struct tcb *tcb, const struct context *context, uint32_t seq, uint32_t length, unsigned flags)
{
  struct segment segment;
  memset(&segment, 0, sizeof segment);
  segment.seq = seq;
  segment.length = length;
  segment.flags = (uint8_t)flags;
  segment.window = advertised_window(tcb, context->options, flags);
  if (flags & TCPSTATE_ACK) {
    segment.ack = tcb->rcv_nxt;
    tcb->last_ack_sent = tcb->rcv_nxt;
    tcb->ack_due = false;
  }
  add_options(tcb, context, &segment);
  emit(tcb, context, &segment);
}

void tcb_send_ack(struct tcb *tcb, const struct context *context)
{
  tcb_send_flags(tcb, context, tcb->snd_nxt, 0, TCPSTATE_ACK);
}

void tcb_send_reset(struct tcb *tcb, const struct context *context, uint32_t seq)
{
  struct segment segment;
  memset(&segment, 0, sizeof segment);
  segment.seq = seq;
  segment.flags = TCPSTATE_RST;
  emit(tcb, context, &segment);
}

/* 3.10.7.1: the answer that makes the reset acceptable to the sender of `segment`. */
void tcb_send_reset_for(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  struct segment reset;
  if (segment->flags & TCPSTATE_ACK) {
    tcb_send_reset(tcb, context, segment->ack);
    return;
  }
  memset(&reset, 0, sizeof reset);
  reset.flags = TCPSTATE_RST | TCPSTATE_ACK;
  reset.ack =
      segment->seq + segment->length + ((segment->flags & TCPSTATE_SYN) != 0) + ((segment->flags & TCPSTATE_FIN) != 0);
  emit(tcb, context, &reset);
}

static uint32_t segment_size(const struct tcb *tcb, const struct options *options)
{
  return tcb->peer_mss && tcb->peer_mss < options->mss ? tcb->peer_mss : options->mss;
}

static bool may_send_text(const struct tcb *tcb)
{
  switch (tcb->state) {
  case TCPSTATE_ESTABLISHED:
  case TCPSTATE_CLOSE_WAIT:
  case TCPSTATE_FIN_WAIT_1:
  case TCPSTATE_CLOSING:
    return !tcb->fin_sent;
  default:
    return false;
  }
}

static void send_fin(struct tcb *tcb, const struct context *context, uint32_t length)
{
  uint32_t seq = tcb->snd_nxt;
  tcb->fin_sent = true;
  tcb->fin_seq = seq + length;
  tcb->snd_nxt = tcb->fin_seq + 1;
  if (tcb->state == TCPSTATE_CLOSE_WAIT) {
    tcb->state = TCPSTATE_LAST_ACK; /* 3.10.4: "then send a FIN segment, enter LAST-ACK state" */
  }
  tcb_send_flags(tcb, context, seq, length, TCPSTATE_FIN | TCPSTATE_ACK);
}

/* Sends what window and queue allow, and the FIN behind the last byte. */
void tcb_output(struct tcb *tcb, const struct context *context)
{
  bool any_window = !(context->options->variants & VARIANT_FIN_IN_WINDOW);
  if (tcb->ghost || !may_send_text(tcb)) {
    return;
  }
  for (;;) {
    int32_t usable = seq_diff(tcb->snd_una + tcb->snd_wnd, tcb->snd_nxt);
    uint32_t room = usable > 0 ? (uint32_t)usable : 0;
    uint32_t length = segment_size(tcb, context->options);
    length = tcb->queued < length ? tcb->queued : length;
    length = room < length ? room : length;
    tcb->queued -= length;
    if (tcb->fin_queued && tcb->queued == 0 && (room > length || any_window)) {
      send_fin(tcb, context, length);
      return;
    }
    if (length == 0) {
      return;
    }
    tcb->snd_nxt += length;
    tcb_send_flags(tcb, context, tcb->snd_nxt - length, length, TCPSTATE_ACK | TCPSTATE_PSH);
  }
}

/* From the peer's SYN or SYN-ACK. */
void tcb_learn_options(struct tcb *tcb, const struct options *options, const struct segment *segment)
{
  tcb->scale_on = options->scaling && segment->has_scale;
  tcb->snd_scale = tcb->scale_on ? segment->scale : 0;
  tcb->ts_on = options->timestamps && segment->has_ts;
  tcb->ts_recent = tcb->ts_on ? segment->ts_value : 0;
  tcb->peer_mss = segment->mss;
}

/* 3.4.1: driven by a clock, and larger than in the life before. */
uint32_t tcb_choose_iss(const struct tcb *tcb, const struct context *context)
{
  return context->options->isn + (uint32_t)tcb->life * 100000u + (uint32_t)context->now_ms * 250u;
}

void tcb_delete(struct tcb *tcb, unsigned state)
{
  uint16_t life = tcb->life;
  bool ghost = tcb->ghost;
  memset(tcb, 0, sizeof *tcb);
  tcb->life = life;
  tcb->ghost = ghost;
  tcb->state = (uint8_t)state;
}

unsigned tcb_state_without_fin(const struct tcb *tcb)
{
  switch (tcb->state) {
  case TCPSTATE_FIN_WAIT_1:
    return tcb->snd_una == tcb->iss ? TCPSTATE_SYN_RECEIVED : TCPSTATE_ESTABLISHED;
  case TCPSTATE_CLOSING:
  case TCPSTATE_LAST_ACK:
    return TCPSTATE_CLOSE_WAIT;
  default:
    return tcb->state;
  }
}
