/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * RFC 9293 3.10.7.4, seventh and eighth: segment text and FIN. */
#include "seq.h"
#include "tcb.h"

static bool takes_text(const struct tcb *tcb)
{
  return tcb->state == TCPSTATE_ESTABLISHED || tcb->state == TCPSTATE_FIN_WAIT_1 || tcb->state == TCPSTATE_FIN_WAIT_2;
}

static void advance(struct tcb *tcb, uint32_t to)
{
  tcb->unread += to - tcb->rcv_nxt;
  tcb->rcv_nxt = to;
}

static void hold(struct tcb *tcb, uint32_t from, uint32_t to)
{
  if (tcb->held_count < HELD_MAX) {
    tcb->held[tcb->held_count].from = from;
    tcb->held[tcb->held_count].to = to;
    tcb->held_count++;
  }
}

static void drop_held(struct tcb *tcb, unsigned index)
{
  tcb->held_count--;
  tcb->held[index] = tcb->held[tcb->held_count];
  tcb->held[tcb->held_count] = (struct held){0, 0};
}

static void take_held(struct tcb *tcb)
{
  unsigned i = 0;
  while (i < tcb->held_count) {
    if (seq_lt(tcb->rcv_nxt, tcb->held[i].from)) {
      i++;
      continue;
    }
    if (seq_lt(tcb->rcv_nxt, tcb->held[i].to)) {
      advance(tcb, tcb->held[i].to);
    }
    drop_held(tcb, i);
    i = 0;
  }
}

/* RFC 9293 3.6.1: data for a reader that is gone. */
static void give_up(struct tcb *tcb, const struct context *context)
{
  uint32_t seq = tcb->snd_nxt;
  tcb_delete(tcb, TCPSTATE_CLOSED);
  tcb->gave_up = true;
  tcb_send_reset(tcb, context, seq);
}

/* eighth */
static void fin_arrived(struct tcb *tcb, const struct context *context)
{
  tcb->rcv_nxt++;
  tcb->ack_due = true;
  switch (tcb->state) {
  case TCPSTATE_ESTABLISHED:
    tcb->state = TCPSTATE_CLOSE_WAIT;
    break;
  case TCPSTATE_FIN_WAIT_1: /* had our FIN been acknowledged, the fifth step would have left FIN-WAIT-1 */
    tcb->state = TCPSTATE_CLOSING;
    break;
  case TCPSTATE_FIN_WAIT_2:
    tcb->state = TCPSTATE_TIME_WAIT;
    tcb->time_wait_end_ms = context->now_ms + TIME_WAIT_MS;
    break;
  default:
    break;
  }
}

static void answer(struct tcb *tcb, const struct context *context, bool at_once)
{
  tcb_output(tcb, context);
  if (tcb->ack_due && (at_once || !(context->options->variants & VARIANT_DELAYED_ACK))) {
    tcb_send_ack(tcb, context);
  }
}

/* Notes text and FIN of a segment that is not wholly old. False if the TCB gave up. */
static bool note_text(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  uint32_t window_end = tcb->rcv_nxt + tcb_receive_window(tcb, context->options);
  uint32_t end = segment->seq + segment->length;
  bool fin = segment->flags & TCPSTATE_FIN;
  if (seq_lt(window_end, end + fin)) {
    fin = false; /* trimmed with the rest that lies beyond the window */
    end = seq_lt(window_end, end) ? window_end : end;
  }
  if (tcb->reader_gone && !tcb->ghost && seq_lt(tcb->rcv_nxt, end)) {
    give_up(tcb, context);
    return false;
  }
  if (seq_lt(tcb->rcv_nxt, segment->seq)) {
    if (context->options->variants & VARIANT_NO_HOLD) {
      return true;
    }
    if (seq_lt(segment->seq, end)) {
      hold(tcb, segment->seq, end);
    }
  } else if (seq_lt(tcb->rcv_nxt, end)) {
    advance(tcb, end);
  }
  if (fin) {
    tcb->peer_fin_known = true;
    tcb->peer_fin_seq = end;
  }
  return true;
}

void tcb_text_and_fin(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  bool ahead = seq_lt(tcb->rcv_nxt, segment->seq);
  tcb->ack_due = tcb->ack_due || segment->length > 0 || (segment->flags & TCPSTATE_FIN);
  if (takes_text(tcb)) {
    if (!note_text(tcb, context, segment)) {
      return;
    }
    take_held(tcb);
    if (tcb->peer_fin_known && tcb->rcv_nxt == tcb->peer_fin_seq) {
      fin_arrived(tcb, context);
    }
  }
  answer(tcb, context, ahead);
}
