/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For people: one line a segment, the client on the left, the server on the right, each with its state on its outer
 * side, and an arrow that says who sent what. A star marks an endpoint that this segment moved, a question mark a state
 * that is guessed.
 */
#include "endpoint.h"
#include "relative.h"
#include "style.h"
#include "writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS_SIZE = 64, ARROW_SIZE = 24, STATE_SIZE = 24 };
enum { TIME_WIDTH = 9, STATE_WIDTH = 14, ENDPOINT_WIDTH = 11, NUMBERS_WIDTH = 12, STREAM_WIDTH = 4 };

struct text {
  struct output *output;
  struct relative *relative;
  bool *out_of_memory;
  bool colour;
  bool has_start;
  int64_t start_ns;
  int width[TCPSTATE_ROLE_COUNT]; /* of the endpoints, the widest so far */
};

static void *begin(const struct writer_context *context)
{
  struct text *self = calloc(1, sizeof *self);

  if (self == NULL) {
    return NULL;
  }
  self->relative = relative_new();
  if (self->relative == NULL) {
    free(self);
    return NULL;
  }
  self->output = context->output;
  self->out_of_memory = context->out_of_memory;
  self->colour = context->colour;
  self->width[TCPSTATE_CLIENT] = ENDPOINT_WIDTH;
  self->width[TCPSTATE_SERVER] = ENDPOINT_WIDTH;
  return self;
}

/* ---------------------------------------------------------------- the parts of a line */

enum side { SIDE_LEFT, SIDE_RIGHT };

/* `text` on that side of a column. */
static void put_aligned(struct output *output, const char *text, int width, enum side side)
{
  int blanks = width - (int)strlen(text);

  if (side == SIDE_LEFT) {
    put_text(output, text);
  }
  for (; blanks > 0; blanks--) {
    put_char(output, ' ');
  }
  if (side == SIDE_RIGHT) {
    put_text(output, text);
  }
}

struct endpoints {
  char text[TCPSTATE_ROLE_COUNT][ENDPOINT_SIZE];
};

static void format_endpoints(struct text *self, const struct packet *packet, struct endpoints *endpoints)
{
  const tcpstate_segment *segment = packet->segment;
  unsigned src = packet->annotation->src_role == TCPSTATE_SERVER;

  /* cppcheck-suppress uninitvar ; this is what fills it */
  endpoint_text(endpoints->text[src], segment->ip_version, segment->src, segment->src_port);
  endpoint_text(endpoints->text[!src], segment->ip_version, segment->dst, segment->dst_port);
  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    int length = (int)strlen(endpoints->text[role]);

    self->width[role] = length > self->width[role] ? length : self->width[role];
  }
}

static void put_arrow(struct text *self, const struct packet *packet)
{
  char flags[FLAGS_SIZE];
  char arrow[ARROW_SIZE];

  flags_text(flags, packet->segment->flags);
  if (packet->annotation->src_role == TCPSTATE_CLIENT) {
    snprintf(arrow, sizeof arrow, " --%s%.*s> ", flags, strlen(flags) < 4 ? 4 - (int)strlen(flags) : 0, "----");
  } else {
    snprintf(arrow, sizeof arrow, " <%.*s%s-- ", strlen(flags) < 4 ? 4 - (int)strlen(flags) : 0, "----", flags);
  }
  put_text(self->output, arrow);
}

static void put_state(struct text *self, const tcpstate_annotation *annotation, unsigned role)
{
  char text[STATE_SIZE];
  bool moved = annotation->state[role] != annotation->previous[role];

  snprintf(text, sizeof text, "%s%s%s", moved ? "*" : " ", tcpstate_state_name(annotation->state[role]),
           annotation->certainty[role] == TCPSTATE_GUESSED ? "?" : "");
  style_begin(self->output, self->colour && moved, STYLE_BOLD);
  put_aligned(self->output, text, STATE_WIDTH, SIDE_LEFT);
  if (moved) {
    style_end(self->output, self->colour);
    style_begin(self->output, self->colour, style_of_phase(annotation->phase));
  }
}

static const unsigned note_fields[] = {TCPSTATE_FIELD_HANDSHAKE_ROLE, TCPSTATE_FIELD_TEARDOWN_STEP,
                                       TCPSTATE_FIELD_EVENT};

static bool has_notes(const tcpstate_annotation *annotation)
{
  return annotation->handshake_role != 0 || annotation->teardown_steps != 0 || annotation->events != 0;
}

static void put_numbers(struct text *self, const struct packet *packet)
{
  const tcpstate_segment *segment = packet->segment;
  struct relative_numbers numbers;
  char text[NUMBERS_SIZE];
  int length;

  relative_numbers(self->relative, packet, &numbers);
  length = snprintf(text, sizeof text, "seq %" PRIu32, numbers.seq);
  if (segment->flags & TCPSTATE_ACK) {
    length += snprintf(text + length, sizeof text - (size_t)length, " ack %" PRIu32, numbers.ack);
  }
  if (segment->payload_length > 0) {
    snprintf(text + length, sizeof text - (size_t)length, " len %" PRIu32, segment->payload_length);
  }
  put_aligned(self->output, text, has_notes(packet->annotation) ? NUMBERS_WIDTH : 0, SIDE_LEFT);
}

static void put_notes(struct text *self, const tcpstate_annotation *annotation)
{
  const char *separator = " ";

  for (size_t i = 0; i < sizeof note_fields / sizeof *note_fields; i++) {
    unsigned occurrences = tcpstate_field_occurrences(note_fields[i], annotation, NULL);

    for (unsigned n = 0; n < occurrences; n++) {
      char text[TEXT_OF_FIELD];

      tcpstate_field_text(note_fields[i], annotation, NULL, n, text, sizeof text);
      put_text(self->output, separator);
      put_text(self->output, text);
      separator = ", ";
    }
  }
}

static double seconds_since(int64_t start_ns, int64_t time_ns)
{
  return (double)(int64_t)((uint64_t)time_ns - (uint64_t)start_ns) / 1e9;
}

static void put_head(struct text *self, const struct packet *packet)
{
  char text[64] = "-";

  if (!(packet->segment->facts & TCPSTATE_NO_TIME)) {
    snprintf(text, sizeof text, "%.6f", seconds_since(self->start_ns, packet->segment->time_ns));
  }
  put_aligned(self->output, text, TIME_WIDTH, SIDE_RIGHT);
  snprintf(text, sizeof text, " %4" PRIu64, packet->frame);
  put_text(self->output, text);
  snprintf(text, sizeof text, "#%" PRIu32, packet->annotation->stream);
  put_aligned(self->output, packet->annotation->stream != UINT32_MAX ? text : "-", STREAM_WIDTH, SIDE_RIGHT);
}

/* Before the first line, when the widths can be told. */
static void put_titles(struct text *self)
{
  put_aligned(self->output, "time", TIME_WIDTH, SIDE_RIGHT);
  put_text(self->output, " frame #  ");
  put_aligned(self->output, "client state", STATE_WIDTH, SIDE_LEFT);
  put_aligned(self->output, "client", self->width[TCPSTATE_CLIENT], SIDE_RIGHT);
  put_text(self->output, "  flags  ");
  put_aligned(self->output, "server", self->width[TCPSTATE_SERVER], SIDE_LEFT);
  put_text(self->output, "  server state\n");
}

static void packet(void *state, const struct packet *packet)
{
  struct text *self = state;
  enum style style = style_of_phase(packet->annotation->phase);
  struct endpoints endpoints;

  format_endpoints(self, packet, &endpoints);
  if (!self->has_start) {
    self->start_ns = packet->segment->time_ns;
    self->has_start = true;
    put_titles(self);
  }
  style_begin(self->output, self->colour, style);
  put_head(self, packet);
  put_char(self->output, ' ');
  put_state(self, packet->annotation, TCPSTATE_CLIENT);
  put_char(self->output, ' ');
  put_aligned(self->output, endpoints.text[TCPSTATE_CLIENT], self->width[TCPSTATE_CLIENT], SIDE_RIGHT);
  put_arrow(self, packet);
  put_aligned(self->output, endpoints.text[TCPSTATE_SERVER], self->width[TCPSTATE_SERVER], SIDE_LEFT);
  put_char(self->output, ' ');
  put_state(self, packet->annotation, TCPSTATE_SERVER);
  put_char(self->output, ' ');
  put_numbers(self, packet);
  put_notes(self, packet->annotation);
  style_end(self->output, self->colour && style != STYLE_PLAIN);
  put_char(self->output, '\n');
}

static void end(void *state)
{
  struct text *self = state;

  *self->out_of_memory |= relative_is_incomplete(self->relative);
  relative_free(self->relative);
  free(self);
}

const struct writer writer_text = {.begin = begin, .packet = packet, .end = end};
