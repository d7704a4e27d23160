/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An endpoint and what has been shown of it. The contract does not ask the engine to guess at local doings before a
 * segment has shown them, so every such doing leaves a ghost behind: a copy of the TCB as it would be without it, which
 * goes on hearing what arrives. The ghost goes as soon as a segment sent after the doing passes the capture point.
 * A CLOSE needs no ghost: what the endpoint would be without its FIN can be read off its TCB. */
#include "sim.h"
#include <string.h>

void endpoint_init(struct endpoint *end)
{
  memset(end, 0, sizeof *end);
  end->now.state = TCPSTATE_CLOSED;
  end->options.isn = 1000;
  end->options.buffer = 4000;
  end->options.mss = 1000;
}

static void leave_ghost(struct endpoint *end, const struct tcb *before)
{
  struct tcb *ghost = &end->ghost[end->ghosts];
  *ghost = *before;
  ghost->ghost = true;
  end->ghost_epoch[end->ghosts] = end->epoch;
  end->ghosts++;
  end->epoch++;
  if (end->now.state == TCPSTATE_CLOSED) {
    end->closed_epoch = end->epoch;
  }
}

/* A RST tells that the old connection is gone, not what the endpoint has begun since. */
uint32_t endpoint_epoch(const struct endpoint *end, const struct segment *segment)
{
  return segment->flags & TCPSTATE_RST ? end->closed_epoch : end->epoch;
}

static bool call(struct endpoint *end, const struct context *context, const struct step *step)
{
  struct tcb *tcb = &end->now;
  switch (step->op) {
  case OP_OPEN:
    return tcb_open_active(tcb, context);
  case OP_LISTEN:
    return tcb_open_passive(tcb);
  case OP_ABORT:
    return tcb_abort(tcb, context);
  case OP_CRASH:
  case OP_GIVE_UP:
    if (tcb->state == TCPSTATE_CLOSED) {
      return false;
    }
    tcb_delete(tcb, TCPSTATE_CLOSED);
    return true;
  case OP_SEND:
    return tcb_send(tcb, context, step->argument);
  case OP_RECEIVE:
    return tcb_receive(tcb, context, step->argument);
  case OP_CLOSE:
  case OP_SHUTDOWN:
    if (!tcb_close(tcb, context)) {
      return false;
    }
    tcb->reader_gone = step->op == OP_CLOSE && tcb->state != TCPSTATE_CLOSED;
    return true;
  case OP_RETRANSMIT:
    return tcb_retransmit(tcb, context, step->argument);
  case OP_PROBE:
    return tcb_probe(tcb, context, step->argument);
  case OP_ACK:
    return tcb_acknowledge_now(tcb, context);
  default:
    return false;
  }
}

/* Local doings that a later segment may show: all but CLOSE on a connection, and what only sends. */
static bool leaves_ghost(const struct tcb *before, const struct tcb *after, const struct step *step)
{
  if (step->op == OP_CLOSE || step->op == OP_SHUTDOWN) {
    return after->state == TCPSTATE_CLOSED; /* in LISTEN and SYN-SENT it deletes the TCB */
  }
  return before->state != after->state && step->op != OP_SEND;
}

static bool has_no_connection(const struct tcb *tcb)
{
  return tcb->state == TCPSTATE_CLOSED || tcb->state == TCPSTATE_LISTEN;
}

/* `virgin`: no segment has passed yet, so no "as before" either; a listener is there or not, the sets have to know. */
bool endpoint_call(struct endpoint *end, const struct context *context, const struct step *step, bool virgin)
{
  struct tcb before = end->now;
  bool done;
  if (end->ghosts == GHOST_MAX) {
    return false;
  }
  done = call(end, context, step);
  virgin = virgin && end->ghosts == 0 && has_no_connection(&before) && has_no_connection(&end->now);
  if (done && leaves_ghost(&before, &end->now, step) && !virgin) {
    leave_ghost(end, &before);
  }
  return done;
}

void endpoint_arrives(struct endpoint *end, const struct context *context, const struct segment *segment)
{
  struct tcb before = end->now;
  for (unsigned i = 0; i < end->ghosts; i++) {
    tcb_arrives(&end->ghost[i], context, segment);
  }
  tcb_arrives(&end->now, context, segment);
  if (end->now.gave_up) {
    end->now.gave_up = false;
    before.ghost = true;
    tcb_arrives(&before, context, segment);
    if (end->ghosts < GHOST_MAX) {
      leave_ghost(end, &before);
    }
  }
}

/* The 2MSL timer of the real TCB; a ghost stays in TIME-WAIT until something shows that it is over. */
void endpoint_clock(struct endpoint *end, int64_t now_ms)
{
  struct tcb before = end->now;
  if (end->now.state == TCPSTATE_TIME_WAIT && end->now.time_wait_end_ms <= now_ms && end->ghosts < GHOST_MAX) {
    tcb_delete(&end->now, TCPSTATE_CLOSED);
    leave_ghost(end, &before);
  }
}

static void drop_ghosts(struct endpoint *end, unsigned count)
{
  memmove(end->ghost, end->ghost + count, (end->ghosts - count) * sizeof *end->ghost);
  memmove(end->ghost_epoch, end->ghost_epoch + count, (end->ghosts - count) * sizeof *end->ghost_epoch);
  end->ghosts -= count;
  memset(end->ghost + end->ghosts, 0, count * sizeof *end->ghost);
  memset(end->ghost_epoch + end->ghosts, 0, count * sizeof *end->ghost_epoch);
}

static void show(struct tcb *tcb, const struct segment *segment)
{
  if (tcb->life != segment->life) {
    return;
  }
  if (segment->flags & TCPSTATE_FIN) {
    tcb->close_in_doubt = tcb->close_in_doubt || (!tcb->fin_shown && segment->bare == TCPSTATE_CLOSE_WAIT);
    tcb->fin_shown = true;
    tcb->unseen_listen = false;
  }
  if ((segment->flags & (TCPSTATE_SYN | TCPSTATE_ACK)) == TCPSTATE_SYN) {
    tcb->syn_shown = true;
  }
}

/* A segment of this endpoint passes the capture point. */
void endpoint_shows(struct endpoint *end, const struct segment *segment)
{
  unsigned stale = 0;
  while (stale < end->ghosts && end->ghost_epoch[stale] < segment->epoch) {
    stale++;
  }
  if (stale > 0) {
    drop_ghosts(end, stale);
  }
  show(&end->now, segment);
  for (unsigned i = 0; i < end->ghosts; i++) {
    show(&end->ghost[i], segment);
  }
}

static unsigned shown_of(const struct tcb *tcb)
{
  if (tcb->state == TCPSTATE_CLOSED && tcb->unseen_listen) {
    return TCPSTATE_LISTEN;
  }
  return tcb->fin_shown ? tcb->state : tcb_state_without_fin(tcb);
}

unsigned endpoint_true(const struct endpoint *end)
{
  return end->now.state;
}

unsigned endpoint_shown(const struct endpoint *end)
{
  return shown_of(end->ghosts > 0 ? &end->ghost[0] : &end->now);
}

/* Where the first FIN to be shown acknowledges the peer's, no segment shows whether CLOSE came before or after it. */
static unsigned set_of(const struct tcb *tcb)
{
  unsigned set = TCPSTATE_MASK(shown_of(tcb));
  if (tcb->close_in_doubt && tcb->state == TCPSTATE_CLOSING) {
    set |= TCPSTATE_MASK(TCPSTATE_LAST_ACK);
  }
  if (tcb->close_in_doubt && tcb->state == TCPSTATE_TIME_WAIT) {
    set |= TCPSTATE_MASK(TCPSTATE_CLOSED);
  }
  return set;
}

/* That 2MSL have passed needs no segment to show it: from then on CLOSED is as fair as TIME-WAIT. LISTEN is not told
 * from CLOSED where the listener stays behind: it would take a SYN. */
unsigned endpoint_fair(const struct endpoint *end)
{
  unsigned set = TCPSTATE_MASK(endpoint_true(end)) | set_of(end->ghosts > 0 ? &end->ghost[0] : &end->now);
  for (unsigned i = 0; i < end->ghosts && end->ghost[i].state == TCPSTATE_TIME_WAIT; i++) {
    set |= set_of(i + 1 < end->ghosts ? &end->ghost[i + 1] : &end->now);
  }
  if ((set & TCPSTATE_MASK(TCPSTATE_CLOSED)) && (end->options.variants & VARIANT_LISTENER)) {
    set |= TCPSTATE_MASK(TCPSTATE_LISTEN);
  }
  return set;
}
