/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wording.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EVENT(name) (UINT64_C(1) << TCPSTATE_EVENT_##name)

/* Appends what fits. */
__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size, const char *format, ...)
{
  size_t used = strlen(text);
  va_list arguments;

  va_start(arguments, format);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false where several files are checked at once */
  vsnprintf(text + used, size - used, format, arguments);
  va_end(arguments);
}

void flags_wording(char text[SHORT_WORDING_SIZE], unsigned flags)
{
  /* Those that open and close first: a reader looks for them. */
  static const struct {
    unsigned flag;
    const char *name;
  } names[] = {{TCPSTATE_SYN, "SYN"}, {TCPSTATE_FIN, "FIN"}, {TCPSTATE_RST, "RST"}, {TCPSTATE_PSH, "PSH"},
               {TCPSTATE_ACK, "ACK"}, {TCPSTATE_URG, "URG"}, {TCPSTATE_ECE, "ECE"}, {TCPSTATE_CWR, "CWR"}};

  text[0] = '\0';
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (flags & names[i].flag) {
      append(text, SHORT_WORDING_SIZE, "%s%s", text[0] != '\0' ? " " : "", names[i].name);
    }
  }
  if (text[0] == '\0') {
    append(text, SHORT_WORDING_SIZE, "no flags");
  }
}

void numbers_wording(char text[SHORT_WORDING_SIZE], const struct step *step, bool wanted)
{
  uint64_t length = step->bytes[step->annotation.src_role == TCPSTATE_SERVER];

  text[0] = '\0';
  if (wanted) {
    append(text, SHORT_WORDING_SIZE, "seq %" PRIu32, step->numbers.seq);
    if (step->flags & TCPSTATE_ACK) {
      append(text, SHORT_WORDING_SIZE, " ack %" PRIu32, step->numbers.ack);
    }
  }
  if (length > 0) {
    append(text, SHORT_WORDING_SIZE, "%slen %" PRIu64, text[0] != '\0' ? " " : "", length);
  }
}

void run_wording(char text[SHORT_WORDING_SIZE], const struct step *step, unsigned role)
{
  snprintf(text, SHORT_WORDING_SIZE, "%" PRIu32 " segment%s", step->packets[role], step->packets[role] == 1 ? "" : "s");
  if (step->bytes[role] > 0) {
    append(text, SHORT_WORDING_SIZE, ", %" PRIu64 " byte%s", step->bytes[role], step->bytes[role] == 1 ? "" : "s");
  } else {
    append(text, SHORT_WORDING_SIZE, " without data");
  }
}

void notes_wording(char text[WORDING_SIZE], const struct step *step)
{
  text[0] = '\0';
  for (unsigned bit = TCPSTATE_TEARDOWN_FIN_1; bit <= TCPSTATE_TEARDOWN_ACK_2; bit <<= 1) {
    if (step->annotation.teardown_steps & bit) {
      append(text, WORDING_SIZE, "%s%s", text[0] != '\0' ? "+" : "", tcpstate_teardown_step_name(bit));
    }
  }
  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (step->annotation.events >> event & 1) {
      append(text, WORDING_SIZE, "%s%s", text[0] != '\0' ? ", " : "", tcpstate_event_name(event));
    }
  }
}

void time_wording(char text[SHORT_WORDING_SIZE], const tcpstate_connection *connection, const struct step *step,
                  int64_t time_ns)
{
  text[0] = '\0';
  if (step->has_time) {
    double seconds = (double)(int64_t)((uint64_t)time_ns - (uint64_t)connection->first_time_ns) / 1e9;

    snprintf(text, SHORT_WORDING_SIZE, "%.6f", seconds);
  }
}

void outcome_wording(char text[SHORT_WORDING_SIZE], const tcpstate_connection *connection)
{
  snprintf(text, SHORT_WORDING_SIZE, "%s", tcpstate_outcome_name(connection->outcome));
  if (connection->close != TCPSTATE_CLOSE_NONE) {
    append(text, SHORT_WORDING_SIZE, ", close: %s", tcpstate_close_name(connection->close));
  }
  if (connection->active_closer != TCPSTATE_CLOSER_NONE) {
    append(text, SHORT_WORDING_SIZE, ", active closer: %s", tcpstate_closer_name(connection->active_closer));
  }
}

void role_wording(char text[SHORT_WORDING_SIZE], const tcpstate_connection *connection, unsigned role)
{
  snprintf(text, SHORT_WORDING_SIZE, "%s%s", tcpstate_role_name(role),
           connection->roles == TCPSTATE_ROLES_INFERRED ? " (inferred)" : "");
}

void state_wording(char text[WORDING_SIZE], const struct step *step, unsigned role)
{
  const tcpstate_annotation *annotation = &step->annotation;
  const char *separator = " May also be ";
  tcpstate_rule rule;

  snprintf(text, WORDING_SIZE, "%s, %s.", tcpstate_state_name(annotation->state[role]),
           tcpstate_certainty_name(annotation->certainty[role]));
  if (tcpstate_rule_get(annotation->rule[role], &rule) == TCPSTATE_OK) {
    append(text, WORDING_SIZE, " %s (RFC 9293 %s)", rule.text, rule.section);
  }
  for (unsigned state = TCPSTATE_CLOSED; state < TCPSTATE_STATE_COUNT; state++) {
    if (state != annotation->state[role] && annotation->possible[role] & TCPSTATE_MASK(state)) {
      append(text, WORDING_SIZE, "%s%s", separator, tcpstate_state_name(state));
      separator = ", ";
    }
  }
}

const char *step_wording(const struct path_step *step, char section[SHORT_WORDING_SIZE])
{
  tcpstate_rule rule;

  section[0] = '\0';
  if (tcpstate_rule_get(step->rule, &rule) != TCPSTATE_OK) {
    return "without a segment";
  }
  snprintf(section, SHORT_WORDING_SIZE, "%s", rule.section);
  return rule.event;
}

bool lost_wording(char text[SHORT_WORDING_SIZE], const struct story *story, size_t index)
{
  uint64_t lost = index < story_kept(story) ? story_lost_before(story, index) : story->lost_packets;

  snprintf(text, SHORT_WORDING_SIZE, "%" PRIu64 " %s%s not drawn", lost, index < story_kept(story) ? "step" : "segment",
           lost == 1 ? "" : "s");
  return lost > 0;
}

bool is_sent_again(const struct step *step)
{
  return (step->annotation.events &
          (EVENT(SYN_RETRANSMITTED) | EVENT(SYN_ACK_RETRANSMITTED) | EVENT(FIN_RETRANSMITTED))) != 0;
}

size_t line_length(const char *text, size_t width)
{
  size_t length = strlen(text);

  if (length <= width) {
    return length;
  }
  for (length = width; length > 0; length--) {
    if (text[length] == ' ') {
      return length;
    }
  }
  return width;
}
