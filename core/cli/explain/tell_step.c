/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tell.h"

#include <inttypes.h>
#include <stdio.h>

enum { INDENT = 4 };

#define EVENT(name) (UINT64_C(1) << TCPSTATE_EVENT_##name)

/* ---------------------------------------------------------------- the line of numbers */

static void put_format(struct page *page, const char *format, uint64_t number)
{
  char text[64];

  snprintf(text, sizeof text, format, number);
  page_text(page, text);
}

static void put_frames(struct page *page, const struct step *step)
{
  put_format(page, "%" PRIu64, step->first_frame);
  if (step->last_frame != step->first_frame) {
    put_format(page, "-%" PRIu64, step->last_frame);
  }
}

static void put_time_since(struct teller *teller, int64_t time_ns)
{
  char text[64];
  int64_t since = (int64_t)((uint64_t)time_ns - (uint64_t)teller->connection->first_time_ns);

  snprintf(text, sizeof text, "%.6f", (double)since / 1e9);
  page_text(teller->page, text);
}

static void put_times(struct teller *teller, const struct step *step)
{
  if (step->has_time) {
    page_text(teller->page, "  ");
    put_time_since(teller, step->first_ns);
    if (step->count > 1) {
      page_text(teller->page, "-");
      put_time_since(teller, step->last_ns);
    }
    page_text(teller->page, " s");
  }
}

static void put_flag_words(struct page *page, unsigned flags)
{
  static const char *const words[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
  const char *separator = "";

  for (unsigned bit = 0; bit < sizeof words / sizeof *words; bit++) {
    if (flags >> bit & 1) {
      page_text(page, separator);
      page_text(page, words[bit]);
      separator = ",";
    }
  }
}

static void put_numbers(struct teller *teller, const struct step *step)
{
  struct page *page = teller->page;

  page_text(page, "  ");
  put_flag_words(page, step->flags);
  put_format(page, "  seq %" PRIu64, step->numbers.seq);
  if (step->flags & TCPSTATE_ACK) {
    put_format(page, " ack %" PRIu64, step->numbers.ack);
  }
}

/* "  [ACK-1+FIN-2]" */
static void put_part(struct teller *teller, const struct step *step)
{
  static const unsigned fields[] = {TCPSTATE_FIELD_HANDSHAKE_ROLE, TCPSTATE_FIELD_TEARDOWN_STEP};

  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    char text[TEXT_OF_FIELD];

    if (tcpstate_field_text(fields[i], &step->annotation, NULL, 0, text, sizeof text) > 0) {
      page_text(teller->page, "  [");
      page_text(teller->page, text);
      page_text(teller->page, "]");
    }
  }
}

static void tell_head(struct teller *teller, const struct step *step, const struct values *values)
{
  page_begin(teller->page, 0, INDENT);
  page_style(teller->page, style_of_phase(step->annotation.phase));
  put_frames(teller->page, step);
  put_times(teller, step);
  if (step->kind == STEP_SEGMENT || step->kind == STEP_EVENT) {
    page_text(teller->page, "  ");
    page_fill(teller->page, message(teller, MESSAGE_DIRECTION), values);
    put_numbers(teller, step);
    put_part(teller, step);
  }
  if (step->kind == STEP_EVENT && step->count > 1) {
    page_text(teller->page, "  ");
    page_fill(teller->page, message(teller, MESSAGE_TIMES), values);
  }
  page_plain(teller->page);
}

/* ---------------------------------------------------------------- a run */

static void tell_sent(struct teller *teller, const struct step *step, unsigned role)
{
  struct values values = {0};

  values_text(&values, "sender", role_word(teller, role));
  values_number(&values, "count", step->carriers[role]);
  values_number(&values, "bytes", step->bytes[role]);
  page_fill(teller->page, message(teller, MESSAGE_RUN_SENT), &values);
}

static void tell_number(struct teller *teller, enum message id, uint64_t number)
{
  struct values values = {0};

  values_number(&values, "count", number);
  page_fill(teller->page, message(teller, id), &values);
}

static void put_comma(struct teller *teller, bool wanted)
{
  if (wanted) {
    page_text(teller->page, message(teller, MESSAGE_COMMA));
  }
}

static void tell_data(struct teller *teller, const struct step *step)
{
  uint32_t acks = step->count - step->carriers[TCPSTATE_CLIENT] - step->carriers[TCPSTATE_SERVER];
  bool any = false;

  page_text(teller->page, message(teller, MESSAGE_RUN));
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    if (step->carriers[role] > 0) {
      put_comma(teller, any);
      tell_sent(teller, step, role);
      any = true;
    }
  }
  if (acks > 0) {
    put_comma(teller, any);
    tell_number(teller, MESSAGE_RUN_ACKS, acks);
  }
}

static void tell_probes(struct teller *teller, const struct step *step)
{
  page_text(teller->page, message(teller, MESSAGE_RUN));
  tell_number(teller, MESSAGE_RUN_PROBES, step->probes);
  if (step->answers > 0) {
    put_comma(teller, true);
    tell_number(teller, MESSAGE_RUN_ANSWERS, step->answers);
  }
}

/* ---------------------------------------------------------------- why a control segment is as it is */

static uint64_t payload(const struct step *step)
{
  return step->bytes[TCPSTATE_CLIENT] + step->bytes[TCPSTATE_SERVER];
}

static void tell_syn(struct teller *teller, const struct step *step, const struct values *values)
{
  enum message id = MESSAGE_SYN;

  if (step->annotation.handshake_role == TCPSTATE_HANDSHAKE_SYN_ACK) {
    id = step->syn_repeated ? MESSAGE_SYN_AGAIN_WITH_ACK : MESSAGE_SYN_ACK;
  }
  page_sentence(teller->page, message(teller, id), values);
}

static void tell_acknowledged(struct teller *teller, const struct step *step, struct values *values)
{
  enum message id = MESSAGE_ACK_OF_FIN;

  if (step->acknowledged == ACKNOWLEDGED_SYN) {
    id = step->numbers.ack == step->base + 1 ? MESSAGE_ACK_OF_SYN : MESSAGE_ACK_OF_SYN_AND_DATA;
  }
  page_sentence(teller->page, message(teller, id), values);
}

static void tell_teardown(struct teller *teller, const struct step *step, const struct values *values)
{
  unsigned steps = step->annotation.teardown_steps;

  if (steps & TCPSTATE_TEARDOWN_FIN_1) {
    page_sentence(teller->page, message(teller, MESSAGE_FIN_FIRST), values);
  } else if (steps & TCPSTATE_TEARDOWN_FIN_2) {
    page_sentence(teller->page, message(teller, MESSAGE_FIN_SECOND), values);
  }
  if ((steps & (steps - 1)) != 0) {
    page_sentence(teller->page, message(teller, MESSAGE_MERGED), values);
  }
}

static void tell_purpose(struct teller *teller, const struct step *step, struct values *values)
{
  const tcpstate_annotation *annotation = &step->annotation;

  if (annotation->handshake_role == TCPSTATE_HANDSHAKE_SYN ||
      annotation->handshake_role == TCPSTATE_HANDSHAKE_SYN_ACK) {
    tell_syn(teller, step, values);
  }
  if (step->acknowledged != ACKNOWLEDGED_NOTHING) {
    tell_acknowledged(teller, step, values);
  }
  tell_teardown(teller, step, values);
  if (payload(step) > 0) {
    page_sentence(teller->page, message(teller, MESSAGE_LENGTH), values);
  }
}

/* ---------------------------------------------------------------- events */

/* In full the first time, later only where that was. */
static void tell_event(struct teller *teller, const struct step *step, unsigned event, struct values *values)
{
  if (teller->told[event] == 0) {
    teller->told[event] = step->first_frame;
    page_sentence(teller->page, teller->catalogue->events[event], values);
  } else {
    struct values again = {0};

    values_text(&again, "event", tcpstate_event_name(event));
    values_number(&again, "frame", teller->told[event]);
    page_sentence(teller->page, message(teller, MESSAGE_AGAIN), &again);
  }
}

static void tell_events(struct teller *teller, const struct step *step, struct values *values)
{
  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (step->annotation.events >> event & 1) {
      tell_event(teller, step, event, values);
    }
  }
}

/* ---------------------------------------------------------------- the step */

static struct values values_of(const struct teller *teller, const struct step *step)
{
  struct values values = {0};
  unsigned sender = step->annotation.src_role == TCPSTATE_SERVER;
  uint32_t syn = step->flags & TCPSTATE_SYN ? 1 : 0;

  values_text(&values, "sender", role_word(teller, sender));
  values_text(&values, "receiver", role_word(teller, !sender));
  values_number(&values, "initial", step->initial);
  values_number(&values, "ack", step->numbers.ack);
  values_number(&values, "base", step->base);
  values_number(&values, "extra", step->numbers.ack - step->base - 1);
  values_number(&values, "fin", (uint32_t)(step->numbers.seq + syn + payload(step)));
  values_number(&values, "length", payload(step));
  values_number(&values, "count", step->count);
  values_number(&values, "port", teller->connection->port[TCPSTATE_SERVER]);
  return values;
}

static void tell_body(struct teller *teller, const struct step *step, struct values *values)
{
  if (step->kind == STEP_DATA || step->kind == STEP_PROBES) {
    page_text(teller->page, "  ");
    step->kind == STEP_DATA ? tell_data(teller, step) : tell_probes(teller, step);
    page_end(teller->page);
    page_begin(teller->page, INDENT, INDENT);
  } else {
    page_end(teller->page);
    page_begin(teller->page, INDENT, INDENT);
  }
  if (step->kind == STEP_SEGMENT) {
    tell_purpose(teller, step, values);
  }
  tell_events(teller, step, values);
  page_end(teller->page);
}

void tell_step(struct teller *teller, const struct step *step)
{
  struct values values = values_of(teller, step);

  if (step->roles_swapped) {
    page_begin(teller->page, INDENT, INDENT);
    page_fill(teller->page, message(teller, MESSAGE_ROLES_SWAPPED), &values);
    page_end(teller->page);
  }
  tell_head(teller, step, &values);
  tell_body(teller, step, &values);
  tell_endpoints(teller, step);
}
