/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * SEGMENT ARRIVES, "Otherwise": RFC 9293 3.10.7.4, first to fifth, in its order. */
#include "seq.h"
#include "tcb.h"

static bool in_window(const struct tcb *tcb, uint32_t window, uint32_t seq)
{
  return seq_le(tcb->rcv_nxt, seq) && seq_lt(seq, tcb->rcv_nxt + window);
}

/* first: the four cases of the acceptability test */
static bool acceptable(const struct tcb *tcb, uint32_t window, const struct segment *segment)
{
  uint32_t length = segment->length + ((segment->flags & TCPSTATE_SYN) != 0) + ((segment->flags & TCPSTATE_FIN) != 0);
  if (length == 0) {
    return window == 0 ? segment->seq == tcb->rcv_nxt : in_window(tcb, window, segment->seq);
  }
  return window != 0 && (in_window(tcb, window, segment->seq) || in_window(tcb, window, segment->seq + length - 1));
}

/* RFC 7323 5.3 R1: older than what was seen, or without the option that was agreed on */
static bool fails_paws(const struct tcb *tcb, const struct segment *segment)
{
  if (!tcb->ts_on || (segment->flags & TCPSTATE_RST)) {
    return false;
  }
  return !segment->has_ts || seq_lt(segment->ts_value, tcb->ts_recent);
}

/* The SYN-ACK of figure 7, line 6, begins one below the window: the text refuses it, the figure takes it. */
static bool is_crossing_syn_ack(const struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  unsigned both = TCPSTATE_SYN | TCPSTATE_ACK;
  return tcb_state_without_fin(tcb) == TCPSTATE_SYN_RECEIVED &&
         !(context->options->variants & VARIANT_TEXT_NOT_FIGURE) && (segment->flags & (both | TCPSTATE_RST)) == both &&
         segment->seq == tcb->irs && segment->length == 0 && seq_lt(tcb->snd_una, segment->ack) &&
         seq_le(segment->ack, tcb->snd_nxt);
}

static void refuse(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  bool same_syn = tcb_state_without_fin(tcb) == TCPSTATE_SYN_RECEIVED && segment->seq == tcb->irs &&
                  (segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK)) == TCPSTATE_SYN;
  if (segment->flags & TCPSTATE_RST) {
    return;
  }
  if (tcb->state == TCPSTATE_TIME_WAIT && (segment->flags & TCPSTATE_FIN)) {
    tcb->time_wait_end_ms = context->now_ms + TIME_WAIT_MS; /* fifth, TIME-WAIT: the remote FIN again */
  }
  if (same_syn && !(context->options->variants & VARIANT_BARE_ACK)) {
    tcb_send_flags(tcb, context, tcb->iss, 0, TCPSTATE_SYN | TCPSTATE_ACK);
  } else {
    tcb_send_ack(tcb, context);
  }
}

/* second, with the three checks of RFC 5961 3.2; the segment is in the window */
static void reset(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  if (segment->seq != tcb->rcv_nxt) {
    tcb_send_ack(tcb, context);
  } else if (tcb->state == TCPSTATE_SYN_RECEIVED && tcb->passive) {
    tcb_delete(tcb, TCPSTATE_LISTEN);
  } else {
    bool unseen_listen = !tcb->fin_shown && !tcb->syn_shown && tcb_state_without_fin(tcb) == TCPSTATE_SYN_RECEIVED;
    tcb_delete(tcb, TCPSTATE_CLOSED);
    tcb->unseen_listen = unseen_listen;
  }
}

/* fourth: RFC 5961 4.2; the segment is in the window */
static void synchronize_again(struct tcb *tcb, const struct context *context)
{
  if (tcb->state == TCPSTATE_SYN_RECEIVED && tcb->passive) {
    tcb_delete(tcb, TCPSTATE_LISTEN);
  } else {
    tcb_send_ack(tcb, context);
  }
}

static void set_send_window(struct tcb *tcb, const struct segment *segment)
{
  unsigned shift = (segment->flags & TCPSTATE_SYN) ? 0 : tcb->snd_scale;
  tcb->snd_wnd = (uint32_t)segment->window << shift;
  tcb->snd_wl1 = segment->seq;
  tcb->snd_wl2 = segment->ack;
  if (tcb->snd_wnd > tcb->snd_wnd_max) {
    tcb->snd_wnd_max = tcb->snd_wnd;
  }
}

/* fifth, ESTABLISHED: true if the segment is to be processed further */
static bool acknowledge(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  if (seq_lt(tcb->snd_nxt, segment->ack) || seq_lt(segment->ack, tcb->snd_una - tcb->snd_wnd_max)) {
    tcb_send_ack(tcb, context); /* RFC 5961 5.2 */
    return false;
  }
  if (seq_lt(segment->ack, tcb->snd_una)) {
    return true; /* a duplicate, can be ignored */
  }
  tcb->snd_una = segment->ack;
  if (seq_lt(tcb->snd_wl1, segment->seq) || (tcb->snd_wl1 == segment->seq && seq_le(tcb->snd_wl2, segment->ack))) {
    set_send_window(tcb, segment);
  }
  return true;
}

static bool fin_acknowledged(const struct tcb *tcb)
{
  return tcb->fin_sent && tcb->snd_una == tcb->fin_seq + 1;
}

/* fifth, what comes of the acknowledgment of our FIN; false if the TCB is gone */
static bool advance_release(struct tcb *tcb, const struct context *context)
{
  if (!fin_acknowledged(tcb)) {
    return true;
  }
  if (tcb->state == TCPSTATE_FIN_WAIT_1) {
    tcb->state = TCPSTATE_FIN_WAIT_2;
  } else if (tcb->state == TCPSTATE_CLOSING) {
    tcb->state = TCPSTATE_TIME_WAIT;
    tcb->time_wait_end_ms = context->now_ms + TIME_WAIT_MS;
  } else if (tcb->state == TCPSTATE_LAST_ACK) {
    tcb_delete(tcb, TCPSTATE_CLOSED);
    return false;
  }
  return true;
}

/* fifth; true if the segment is to be processed further */
static bool acknowledgment(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  if (!(segment->flags & TCPSTATE_ACK)) {
    return false;
  }
  if (tcb->state == TCPSTATE_SYN_RECEIVED) {
    if (seq_le(segment->ack, tcb->snd_una) || seq_lt(tcb->snd_nxt, segment->ack)) {
      tcb_send_reset(tcb, context, segment->ack);
      return false;
    }
    tcb->state = TCPSTATE_ESTABLISHED;
    tcb->snd_una = segment->ack;
    set_send_window(tcb, segment);
    if (tcb->fin_queued) {
      tcb->state = TCPSTATE_FIN_WAIT_1; /* the CLOSE that waited for ESTABLISHED, 3.10.4 */
    }
    return true;
  }
  return acknowledge(tcb, context, segment) && advance_release(tcb, context);
}

static void update_ts_recent(struct tcb *tcb, const struct segment *segment)
{
  if (tcb->ts_on && segment->has_ts && seq_le(segment->seq, tcb->last_ack_sent) &&
      seq_le(tcb->ts_recent, segment->ts_value)) {
    tcb->ts_recent = segment->ts_value;
  }
}

/* RFC 9293 3.10.7.4 first: at a closed window valid ACKs still count, the text does not. */
static void arrives_at_closed_window(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  struct segment bare = *segment;
  bare.length = 0;
  bare.flags &= (uint8_t)~TCPSTATE_FIN;
  tcb_send_ack(tcb, context);
  if (acknowledgment(tcb, context, &bare)) {
    tcb_output(tcb, context);
  }
}

void tcb_arrives_synchronized(struct tcb *tcb, const struct context *context, const struct segment *segment)
{
  uint32_t window = tcb_receive_window(tcb, context->options);
  bool crossing = is_crossing_syn_ack(tcb, context, segment);
  if (fails_paws(tcb, segment)) {
    refuse(tcb, context, segment);
    return;
  }
  if (!crossing && !acceptable(tcb, window, segment)) {
    if (window == 0 && segment->seq == tcb->rcv_nxt && !(segment->flags & (TCPSTATE_RST | TCPSTATE_SYN))) {
      arrives_at_closed_window(tcb, context, segment);
    } else {
      refuse(tcb, context, segment);
    }
    return;
  }
  update_ts_recent(tcb, segment);
  if (segment->flags & TCPSTATE_RST) {
    reset(tcb, context, segment);
    return;
  }
  if (!crossing && (segment->flags & TCPSTATE_SYN)) {
    synchronize_again(tcb, context);
    return;
  }
  if (acknowledgment(tcb, context, segment)) {
    tcb_text_and_fin(tcb, context, segment);
  }
}
