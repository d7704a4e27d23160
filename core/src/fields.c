/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every field of the contract, once: its names, and how to read it from an annotation or a connection.
 */
#include "tcpstate/tcpstate.h"

#include <string.h>

static const tcpstate_field fields[TCPSTATE_FIELD_COUNT] = {
    {TCPSTATE_FIELD_STREAM, TCPSTATE_FIELD_NUMBER, 0, "tcpstate.stream", "stream", "Connection",
     "Number of the connection in the capture, from 0; a reused pair of addresses and ports gets a new number."},
    {TCPSTATE_FIELD_PHASE, TCPSTATE_FIELD_WORD, 0, "tcpstate.phase", "phase", "Phase",
     "Part of the connection's life that the segment belongs to: handshake, data, close, reset or closed."},
    {TCPSTATE_FIELD_SRC_STATE, TCPSTATE_FIELD_WORD, 0, "tcpstate.src.state", "src_state", "Sender state",
     "State of the endpoint that sent this segment, after it left."},
    {TCPSTATE_FIELD_DST_STATE, TCPSTATE_FIELD_WORD, 0, "tcpstate.dst.state", "dst_state", "Receiver state",
     "State of the endpoint that this segment goes to, once it has arrived."},
    {TCPSTATE_FIELD_CLIENT_STATE, TCPSTATE_FIELD_WORD, 0, "tcpstate.client.state", "client_state", "Client state",
     "State of the endpoint that opened the connection, after this segment."},
    {TCPSTATE_FIELD_SERVER_STATE, TCPSTATE_FIELD_WORD, 0, "tcpstate.server.state", "server_state", "Server state",
     "State of the endpoint that accepted the connection, after this segment."},
    {TCPSTATE_FIELD_STATE, TCPSTATE_FIELD_WORD, 0, "tcpstate.state", "", "State of either endpoint",
     "Occurs twice, client then server: finds a state at either endpoint."},
    {TCPSTATE_FIELD_CLIENT_PREVIOUS, TCPSTATE_FIELD_WORD, 0, "tcpstate.client.previous", "", "Client state before",
     "State of the client before this segment."},
    {TCPSTATE_FIELD_SERVER_PREVIOUS, TCPSTATE_FIELD_WORD, 0, "tcpstate.server.previous", "", "Server state before",
     "State of the server before this segment."},
    {TCPSTATE_FIELD_CHANGED, TCPSTATE_FIELD_BOOLEAN, 0, "tcpstate.changed", "", "State changed",
     "This segment moved at least one endpoint to another state."},
    {TCPSTATE_FIELD_TRANSITION, TCPSTATE_FIELD_WORD, 0, "tcpstate.transition", "", "Transition",
     "Who moved from which state to which; once for each endpoint that moved."},
    {TCPSTATE_FIELD_SRC_ROLE, TCPSTATE_FIELD_WORD, 0, "tcpstate.src.role", "src_role", "Sender role",
     "Who sent this segment: the client or the server."},
    {TCPSTATE_FIELD_ROLES, TCPSTATE_FIELD_WORD, 0, "tcpstate.roles", "", "Roles",
     "How client and server were told apart: observed in the handshake, or inferred."},
    {TCPSTATE_FIELD_HANDSHAKE_ROLE, TCPSTATE_FIELD_WORD, 0, "tcpstate.handshake.role", "handshake_role",
     "Handshake role", "Part of the segment in the handshake: SYN, SYN-ACK or ACK."},
    {TCPSTATE_FIELD_TEARDOWN_STEP, TCPSTATE_FIELD_WORD, 0, "tcpstate.teardown.step", "teardown_step", "Teardown step",
     "Steps of the release that the segment does: FIN-1, ACK-1, FIN-2, ACK-2, or two joined by a plus."},
    {TCPSTATE_FIELD_TEARDOWN_ROLE, TCPSTATE_FIELD_WORD, 0, "tcpstate.teardown.role", "teardown_role", "Teardown role",
     "Part of the sender in the release, from the first FIN on: active, passive or simultaneous."},
    {TCPSTATE_FIELD_CLIENT_CERTAINTY, TCPSTATE_FIELD_WORD, 0, "tcpstate.client.certainty", "client_certainty",
     "Client certainty", "How sure the client's state is: observed, assumed (if the segment arrives) or guessed."},
    {TCPSTATE_FIELD_SERVER_CERTAINTY, TCPSTATE_FIELD_WORD, 0, "tcpstate.server.certainty", "server_certainty",
     "Server certainty", "How sure the server's state is: observed, assumed (if the segment arrives) or guessed."},
    {TCPSTATE_FIELD_CLIENT_POSSIBLE, TCPSTATE_FIELD_WORD, 0, "tcpstate.client.possible", "client_possible",
     "Client possible states",
     "Every state that the client can be in, given all that was seen; the displayed one first."},
    {TCPSTATE_FIELD_SERVER_POSSIBLE, TCPSTATE_FIELD_WORD, 0, "tcpstate.server.possible", "server_possible",
     "Server possible states",
     "Every state that the server can be in, given all that was seen; the displayed one first."},
    {TCPSTATE_FIELD_EVENT, TCPSTATE_FIELD_WORD, 0, "tcpstate.event", "events", "Event",
     "What is worth knowing about this segment; may occur several times."},
    {TCPSTATE_FIELD_CONN_OUTCOME, TCPSTATE_FIELD_WORD, 1, "tcpstate.conn.outcome", "", "Outcome",
     "How the connection has ended, as far as it has been read."},
    {TCPSTATE_FIELD_CONN_CLOSE, TCPSTATE_FIELD_WORD, 1, "tcpstate.conn.close", "", "Kind of close",
     "In how many segments, or by whose reset, the connection was released."},
    {TCPSTATE_FIELD_CONN_ACTIVE_CLOSER, TCPSTATE_FIELD_WORD, 1, "tcpstate.conn.active_closer", "", "Active closer",
     "Who closed first: client, server or both."},
    {TCPSTATE_FIELD_CONN_STATE, TCPSTATE_FIELD_WORD, 1, "tcpstate.conn.state", "", "Zeek conn_state",
     "Summary of the connection as Zeek's conn_state code."},
    {TCPSTATE_FIELD_CONN_HISTORY, TCPSTATE_FIELD_WORD, 1, "tcpstate.conn.history", "", "Zeek history",
     "Course of the connection as Zeek's history letters: upper case from the client, lower case from the server."},
    {TCPSTATE_FIELD_CONN_VANTAGE, TCPSTATE_FIELD_WORD, 1, "tcpstate.conn.vantage", "", "Vantage point",
     "Where the capture was taken, told from timing, TTL and checksums: client, server, middle or unknown."},
    {TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS, TCPSTATE_FIELD_NUMBER, 1, "tcpstate.conn.control_segments", "",
     "Control segments", "Segments that the connection has spent on handshake and teardown."},
};

const tcpstate_field *tcpstate_field_get(unsigned id)
{
  return id < TCPSTATE_FIELD_COUNT ? &fields[id] : NULL;
}

int tcpstate_annotation_changed(const tcpstate_annotation *annotation)
{
  return annotation->state[TCPSTATE_CLIENT] != annotation->previous[TCPSTATE_CLIENT] ||
         annotation->state[TCPSTATE_SERVER] != annotation->previous[TCPSTATE_SERVER];
}

/* ---------------------------------------------------------------- text under construction */

/* Takes any amount of text, keeps what fits, and knows how long the whole is. */
struct text {
  char *buffer;
  size_t size;
  size_t length;
};

static void append(struct text *text, const char *word)
{
  size_t length = strlen(word);

  if (text->length < text->size) {
    size_t room = text->size - text->length - 1;
    size_t kept = length < room ? length : room;

    memcpy(text->buffer + text->length, word, kept);
    text->buffer[text->length + kept] = '\0';
  }
  text->length += length;
}

static void append_joined(struct text *text, const char *separator, const char *word)
{
  if (text->length > 0) {
    append(text, separator);
  }
  append(text, word);
}

static void append_number(struct text *text, uint32_t number)
{
  char digits[] = "4294967295"; /* room for the largest */
  size_t first = sizeof digits - 1;

  do {
    digits[--first] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  append(text, digits + first);
}

/* ---------------------------------------------------------------- fields that are one word */

static const char *word_of_annotation(unsigned id, const tcpstate_annotation *annotation)
{
  unsigned src = annotation->src_role == TCPSTATE_SERVER;

  switch (id) {
  case TCPSTATE_FIELD_PHASE:
    return tcpstate_phase_name(annotation->phase);
  case TCPSTATE_FIELD_SRC_STATE:
    return tcpstate_state_name(annotation->state[src]);
  case TCPSTATE_FIELD_DST_STATE:
    return tcpstate_state_name(annotation->state[!src]);
  case TCPSTATE_FIELD_CLIENT_STATE:
    return tcpstate_state_name(annotation->state[TCPSTATE_CLIENT]);
  case TCPSTATE_FIELD_SERVER_STATE:
    return tcpstate_state_name(annotation->state[TCPSTATE_SERVER]);
  case TCPSTATE_FIELD_CLIENT_PREVIOUS:
    return tcpstate_state_name(annotation->previous[TCPSTATE_CLIENT]);
  case TCPSTATE_FIELD_SERVER_PREVIOUS:
    return tcpstate_state_name(annotation->previous[TCPSTATE_SERVER]);
  case TCPSTATE_FIELD_SRC_ROLE:
    return tcpstate_role_name(annotation->src_role);
  case TCPSTATE_FIELD_ROLES:
    return tcpstate_roles_name(annotation->roles);
  case TCPSTATE_FIELD_HANDSHAKE_ROLE:
    return tcpstate_handshake_role_name(annotation->handshake_role);
  case TCPSTATE_FIELD_TEARDOWN_ROLE:
    return tcpstate_teardown_role_name(annotation->teardown_role);
  case TCPSTATE_FIELD_CLIENT_CERTAINTY:
    return tcpstate_certainty_name(annotation->certainty[TCPSTATE_CLIENT]);
  case TCPSTATE_FIELD_SERVER_CERTAINTY:
    return tcpstate_certainty_name(annotation->certainty[TCPSTATE_SERVER]);
  default:
    return "";
  }
}

static const char *word_of_connection(unsigned id, const tcpstate_connection *connection)
{
  switch (id) {
  case TCPSTATE_FIELD_CONN_OUTCOME:
    return tcpstate_outcome_name(connection->outcome);
  case TCPSTATE_FIELD_CONN_CLOSE:
    return tcpstate_close_name(connection->close);
  case TCPSTATE_FIELD_CONN_ACTIVE_CLOSER:
    return tcpstate_closer_name(connection->active_closer);
  case TCPSTATE_FIELD_CONN_STATE:
    return tcpstate_conn_state_name(connection->conn_state);
  case TCPSTATE_FIELD_CONN_HISTORY:
    return connection->history;
  case TCPSTATE_FIELD_CONN_VANTAGE:
    return tcpstate_vantage_name(connection->vantage);
  default:
    return "";
  }
}

/* ---------------------------------------------------------------- fields that are put together */

static void append_possible(struct text *text, unsigned displayed, unsigned mask)
{
  mask &= TCPSTATE_MASK_ALL;
  if (mask == 0) {
    append(text, tcpstate_state_name(TCPSTATE_UNKNOWN));
    return;
  }
  if (displayed < TCPSTATE_STATE_COUNT && (mask & TCPSTATE_MASK(displayed))) {
    append(text, tcpstate_state_name(displayed));
    mask &= ~(unsigned)TCPSTATE_MASK(displayed);
  }
  for (unsigned state = TCPSTATE_CLOSED; state < TCPSTATE_STATE_COUNT; state++) {
    if (mask & TCPSTATE_MASK(state)) {
      append_joined(text, "|", tcpstate_state_name(state));
    }
  }
}

static void append_teardown_steps(struct text *text, unsigned steps)
{
  for (unsigned step = TCPSTATE_TEARDOWN_FIN_1; step <= TCPSTATE_TEARDOWN_ACK_2; step <<= 1) {
    if (steps & step) {
      append_joined(text, "+", tcpstate_teardown_step_name(step));
    }
  }
}

static int has_moved(const tcpstate_annotation *annotation, unsigned role)
{
  return annotation->state[role] != annotation->previous[role];
}

static void append_transition(struct text *text, const tcpstate_annotation *annotation, unsigned index)
{
  unsigned role = has_moved(annotation, TCPSTATE_CLIENT) ? index : index + 1;

  append(text, tcpstate_role_name(role));
  append(text, " ");
  append(text, tcpstate_state_name(annotation->previous[role]));
  append(text, " > ");
  append(text, tcpstate_state_name(annotation->state[role]));
}

static int has_event(const tcpstate_annotation *annotation, unsigned event)
{
  return (annotation->events >> event & 1) != 0;
}

static unsigned count_events(const tcpstate_annotation *annotation)
{
  unsigned count = 0;

  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    count += (unsigned)has_event(annotation, event);
  }
  return count;
}

static void append_event(struct text *text, const tcpstate_annotation *annotation, unsigned index)
{
  for (unsigned event = 0; event < TCPSTATE_EVENT_COUNT; event++) {
    if (has_event(annotation, event) && index-- == 0) {
      append(text, tcpstate_event_name(event));
      return;
    }
  }
}

/* ---------------------------------------------------------------- the three accessors */

static unsigned occurrences_in_annotation(unsigned id, const tcpstate_annotation *annotation)
{
  switch (id) {
  case TCPSTATE_FIELD_STREAM:
    return annotation->stream != UINT32_MAX; /* no room for the connection: it has no number */
  case TCPSTATE_FIELD_CHANGED:
  case TCPSTATE_FIELD_CLIENT_POSSIBLE:
  case TCPSTATE_FIELD_SERVER_POSSIBLE:
    return 1;
  case TCPSTATE_FIELD_STATE:
    return TCPSTATE_ROLE_COUNT;
  case TCPSTATE_FIELD_TRANSITION:
    return (unsigned)(has_moved(annotation, TCPSTATE_CLIENT) + has_moved(annotation, TCPSTATE_SERVER));
  case TCPSTATE_FIELD_TEARDOWN_STEP:
    return annotation->teardown_steps != 0;
  case TCPSTATE_FIELD_EVENT:
    return count_events(annotation);
  default:
    return word_of_annotation(id, annotation)[0] != '\0';
  }
}

unsigned tcpstate_field_occurrences(unsigned id, const tcpstate_annotation *annotation,
                                    const tcpstate_connection *connection)
{
  if (id >= TCPSTATE_FIELD_COUNT) {
    return 0;
  }
  if (!fields[id].of_connection) {
    return annotation == NULL ? 0 : occurrences_in_annotation(id, annotation);
  }
  if (connection == NULL) {
    return 0;
  }
  return fields[id].type == TCPSTATE_FIELD_NUMBER || word_of_connection(id, connection)[0] != '\0';
}

uint32_t tcpstate_field_number(unsigned id, const tcpstate_annotation *annotation,
                               const tcpstate_connection *connection)
{
  if (tcpstate_field_occurrences(id, annotation, connection) == 0) {
    return 0;
  }
  switch (id) {
  case TCPSTATE_FIELD_STREAM:
    return annotation->stream;
  case TCPSTATE_FIELD_CHANGED:
    return (uint32_t)tcpstate_annotation_changed(annotation);
  case TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS:
    return (uint32_t)connection->handshake_segments + connection->teardown_segments;
  default:
    return 0;
  }
}

static void append_annotation_word(struct text *text, unsigned id, const tcpstate_annotation *annotation,
                                   unsigned index)
{
  switch (id) {
  case TCPSTATE_FIELD_STATE:
    append(text, tcpstate_state_name(annotation->state[index]));
    break;
  case TCPSTATE_FIELD_TRANSITION:
    append_transition(text, annotation, index);
    break;
  case TCPSTATE_FIELD_TEARDOWN_STEP:
    append_teardown_steps(text, annotation->teardown_steps);
    break;
  case TCPSTATE_FIELD_CLIENT_POSSIBLE:
    append_possible(text, annotation->state[TCPSTATE_CLIENT], annotation->possible[TCPSTATE_CLIENT]);
    break;
  case TCPSTATE_FIELD_SERVER_POSSIBLE:
    append_possible(text, annotation->state[TCPSTATE_SERVER], annotation->possible[TCPSTATE_SERVER]);
    break;
  case TCPSTATE_FIELD_EVENT:
    append_event(text, annotation, index);
    break;
  default:
    append(text, word_of_annotation(id, annotation));
    break;
  }
}

size_t tcpstate_field_text(unsigned id, const tcpstate_annotation *annotation, const tcpstate_connection *connection,
                           unsigned index, char *buffer, size_t size)
{
  struct text text = {.buffer = buffer, .size = size, .length = 0};

  if (size > 0) {
    buffer[0] = '\0';
  }
  if (index >= tcpstate_field_occurrences(id, annotation, connection)) {
    return 0;
  }
  if (fields[id].type != TCPSTATE_FIELD_WORD) {
    append_number(&text, tcpstate_field_number(id, annotation, connection));
  } else if (fields[id].of_connection) {
    append(&text, word_of_connection(id, connection));
  } else {
    append_annotation_word(&text, id, annotation, index);
  }
  return text.length;
}
