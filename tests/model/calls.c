/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * User calls and timers: RFC 9293 3.10.1 to 3.10.6 and 3.10.8. */
#include "seq.h"
#include "tcb.h"

/* 3.10.1 */
bool tcb_open_active(struct tcb *tcb, const struct context *context)
{
  if (tcb->state != TCPSTATE_CLOSED && tcb->state != TCPSTATE_LISTEN) {
    return false;
  }
  tcb_delete(tcb, TCPSTATE_SYN_SENT);
  tcb->life++;
  tcb->iss = tcb_choose_iss(tcb, context);
  tcb->snd_una = tcb->iss;
  tcb->snd_nxt = tcb->iss + 1;
  tcb_send_flags(tcb, context, tcb->iss, 0, TCPSTATE_SYN);
  return true;
}

bool tcb_open_passive(struct tcb *tcb)
{
  if (tcb->state != TCPSTATE_CLOSED) {
    return false;
  }
  tcb_delete(tcb, TCPSTATE_LISTEN);
  return true;
}

/* 3.10.2 */
bool tcb_send(struct tcb *tcb, const struct context *context, uint32_t bytes)
{
  switch (tcb->state) {
  case TCPSTATE_SYN_SENT:
  case TCPSTATE_SYN_RECEIVED:
  case TCPSTATE_ESTABLISHED:
  case TCPSTATE_CLOSE_WAIT:
    break;
  default:
    return false;
  }
  if (tcb->fin_queued) {
    return false;
  }
  tcb->queued += bytes;
  tcb_output(tcb, context);
  return true;
}

/* 3.10.3; a window that opens from less than a segment is announced */
bool tcb_receive(struct tcb *tcb, const struct context *context, uint32_t bytes)
{
  uint32_t before = tcb_receive_window(tcb, context->options);
  if (tcb->unread == 0) {
    return false;
  }
  tcb->unread -= bytes < tcb->unread ? bytes : tcb->unread;
  if (before < context->options->mss && tcb->state != TCPSTATE_TIME_WAIT) {
    tcb_send_ack(tcb, context);
  }
  return true;
}

/* 3.10.4 */
bool tcb_close(struct tcb *tcb, const struct context *context)
{
  switch (tcb->state) {
  case TCPSTATE_LISTEN:
  case TCPSTATE_SYN_SENT:
    tcb_delete(tcb, TCPSTATE_CLOSED);
    return true;
  case TCPSTATE_SYN_RECEIVED:
    if (tcb->fin_queued) {
      return false;
    }
    tcb->fin_queued = true;
    if (tcb->queued > 0) {
      return true; /* waits for ESTABLISHED */
    }
    tcb->state = TCPSTATE_FIN_WAIT_1;
    break;
  case TCPSTATE_ESTABLISHED:
    tcb->fin_queued = true;
    tcb->state = TCPSTATE_FIN_WAIT_1;
    break;
  case TCPSTATE_CLOSE_WAIT:
    if (tcb->fin_queued) {
      return false;
    }
    tcb->fin_queued = true;
    break;
  default:
    return false;
  }
  tcb_output(tcb, context);
  return true;
}

/* 3.10.5 */
bool tcb_abort(struct tcb *tcb, const struct context *context)
{
  uint32_t seq = tcb->snd_nxt;
  bool tells = false;
  switch (tcb->state) {
  case TCPSTATE_CLOSED:
    return false;
  case TCPSTATE_SYN_RECEIVED:
  case TCPSTATE_ESTABLISHED:
  case TCPSTATE_FIN_WAIT_1:
  case TCPSTATE_FIN_WAIT_2:
  case TCPSTATE_CLOSE_WAIT:
    tells = true;
    break;
  default:
    break;
  }
  tcb_delete(tcb, TCPSTATE_CLOSED);
  if (tells) {
    tcb_send_reset(tcb, context, seq);
  }
  return true;
}

/* 3.10.8 retransmission timeout: the head of the queue, cut at `bytes` instead of at the segment size if not 0 */
bool tcb_retransmit(struct tcb *tcb, const struct context *context, uint32_t bytes)
{
  uint32_t end = tcb->fin_sent ? tcb->fin_seq : tcb->snd_nxt;
  uint32_t length;
  unsigned flags = TCPSTATE_ACK;
  if (tcb->state == TCPSTATE_CLOSED || tcb->snd_una == tcb->snd_nxt) {
    return false;
  }
  if (tcb->snd_una == tcb->iss) {
    flags = tcb->state == TCPSTATE_SYN_SENT ? TCPSTATE_SYN : TCPSTATE_SYN | TCPSTATE_ACK;
    tcb_send_flags(tcb, context, tcb->iss, 0, flags);
    return true;
  }
  length = end - tcb->snd_una;
  if (length > (bytes ? bytes : context->options->mss)) {
    length = bytes ? bytes : context->options->mss;
  }
  if (tcb->fin_sent && tcb->snd_una + length == tcb->fin_seq) {
    flags |= TCPSTATE_FIN;
  }
  tcb_send_flags(tcb, context, tcb->snd_una, length, flags);
  return true;
}

static void probe_window(struct tcb *tcb, const struct context *context)
{
  tcb->queued--;
  tcb->snd_nxt++;
  tcb_send_flags(tcb, context, tcb->snd_nxt - 1, 1, TCPSTATE_ACK);
}

/* 3.8.6.1 and 3.8.4: a byte into a closed window, or a keep-alive of `bytes` (0 or 1) */
bool tcb_probe(struct tcb *tcb, const struct context *context, uint32_t bytes)
{
  switch (tcb->state) {
  case TCPSTATE_ESTABLISHED:
  case TCPSTATE_CLOSE_WAIT:
  case TCPSTATE_FIN_WAIT_1:
  case TCPSTATE_FIN_WAIT_2:
    break;
  default:
    return false;
  }
  if (tcb->snd_una != tcb->snd_nxt) {
    return false; /* what is not acknowledged is retransmitted instead */
  }
  if (tcb->queued > 0 && tcb->snd_wnd == 0) {
    probe_window(tcb, context);
  } else {
    tcb_send_flags(tcb, context, tcb->snd_nxt - 1, bytes ? 1 : 0, TCPSTATE_ACK);
  }
  return true;
}

bool tcb_acknowledge_now(struct tcb *tcb, const struct context *context)
{
  if (!tcb->ack_due) {
    return false;
  }
  tcb_send_ack(tcb, context);
  return true;
}
