/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SEGMENT ARRIVES in CLOSED, LISTEN and SYN-SENT: RFC 9293 3.10.7.1 to 3.10.7.3. */
#include "seq.h"
#include "tcb.h"

/* 3.10.7.1 */
static void arrives_closed(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  if (!(segment->flags & TCPSTATE_RST)) {
    tcb_send_reset_for(tcb, context, segment);
  }
}

/* 3.10.7.2, third: a SYN begins a connection. */
static void take_syn(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  tcb_delete(tcb, TCPSTATE_SYN_RECEIVED);
  tcb->life++;
  tcb->passive = true;
  tcb_learn_options(tcb, context->options, segment);
  tcb->irs = segment->seq;
  tcb->rcv_nxt = segment->seq + 1;
  tcb->iss = tcb_choose_iss(tcb, context);
  tcb->snd_una = tcb->iss;
  tcb->snd_nxt = tcb->iss + 1;
  tcb->snd_wnd = segment->window;
  tcb->snd_wnd_max = segment->window;
  tcb_send_flags(tcb, context, tcb->iss, 0, TCPSTATE_SYN | TCPSTATE_ACK);
}

/* 3.10.7.2 */
static void arrives_listen(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  if (segment->flags & TCPSTATE_RST) {
    return;
  }
  if (segment->flags & TCPSTATE_ACK) {
    tcb_send_reset(tcb, context, segment->ack);
    return;
  }
  if (segment->flags & TCPSTATE_SYN) {
    take_syn(tcb, context, segment);
  }
}

static void synchronize(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  tcb_learn_options(tcb, context->options, segment);
  tcb->irs = segment->seq;
  tcb->rcv_nxt = segment->seq + 1;
  tcb->snd_wnd = segment->window;
  tcb->snd_wnd_max = segment->window;
  tcb->snd_wl1 = segment->seq;
  if (segment->flags & TCPSTATE_ACK) {
    tcb->snd_una = segment->ack;
    tcb->snd_wl2 = segment->ack;
  }
}

/* 3.10.7.3 */
static void arrives_syn_sent(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  bool ack = segment->flags & TCPSTATE_ACK;
  if (ack && (seq_le(segment->ack, tcb->iss) || seq_lt(tcb->snd_nxt, segment->ack))) {
    if (!(segment->flags & TCPSTATE_RST)) {
      tcb_send_reset(tcb, context, segment->ack);
    }
    return;
  }
  if (segment->flags & TCPSTATE_RST) {
    if (ack) {
      tcb_delete(tcb, TCPSTATE_CLOSED);
    }
    return;
  }
  if (!(segment->flags & TCPSTATE_SYN)) {
    return;
  }
  synchronize(tcb, context, segment);
  if (ack) {
    tcb->state = TCPSTATE_ESTABLISHED;
    tcb_send_ack(tcb, context);
    tcb_output(tcb, context);
  } else {
    tcb->state = TCPSTATE_SYN_RECEIVED;
    tcb_send_flags(tcb, context, tcb->iss, 0, TCPSTATE_SYN | TCPSTATE_ACK);
  }
}

/* MAY-2 and RFC 6191: a SYN that is newer than all of the old connection opens the next one. */
static bool reopens(const struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  unsigned kind = segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK | TCPSTATE_RST | TCPSTATE_FIN);
  if (tcb->state != TCPSTATE_TIME_WAIT || kind != TCPSTATE_SYN ||
      !(context->options->variants & VARIANT_TIME_WAIT_REUSE)) {
    return false;
  }
  return seq_lt(tcb->rcv_nxt, segment->seq) ||
         (tcb->ts_on && segment->has_ts && seq_lt(tcb->ts_recent, segment->ts_value));
}

void tcb_arrives(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  if (reopens(tcb, context, segment)) {
    take_syn(tcb, context, segment);
    return;
  }
  switch (tcb->state) {
  case TCPSTATE_CLOSED:
    if (context->options->variants & VARIANT_LISTENER) {
      arrives_listen(tcb, context, segment);
    } else {
      arrives_closed(tcb, context, segment);
    }
    break;
  case TCPSTATE_LISTEN:
    arrives_listen(tcb, context, segment);
    break;
  case TCPSTATE_SYN_SENT:
    arrives_syn_sent(tcb, context, segment);
    break;
  default:
    tcb_arrives_synchronized(tcb, context, segment);
    break;
  }
}
