/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "row.h"

#include "digits.h"

#include <string.h>

enum { NANOSECONDS = 1000000000 };

struct piece piece_of(const char *text)
{
  struct piece piece = {.size = (uint8_t)strlen(text)};

  memcpy(piece.text, text, piece.size);
  return piece;
}

void row_form_prepare(struct row_form *form)
{
  octets_prepare(&form->octets);
  for (unsigned i = 0; i < 256; i++) {
    char flags[FLAGS_SIZE];

    flags_text(flags, i);
    form->flags[i] = piece_of(flags);
  }
  form->seconds = -1;
}

static char *write_piece(char *at, const struct piece *piece)
{
  memcpy(at, piece->text, sizeof piece->text);
  return at + piece->size;
}

/* Most rows are of the frame after the last row's. */
static char *write_frame(struct row_form *form, char *at, uint64_t frame)
{
  uint64_t tens = frame / 10;

  if (tens != form->tens) {
    form->tens = tens;
    form->tens_size = tens == 0 ? 0 : (size_t)(digits_write(form->tens_text, tens) - form->tens_text);
  }
  memcpy(at, form->tens_text, sizeof form->tens_text);
  at += form->tens_size;
  *at = (char)('0' + frame % 10);
  return at + 1;
}

static char *write_time(struct row_form *form, char *at, int64_t time_ns)
{
  int64_t seconds = time_ns / NANOSECONDS;

  if (time_ns < 0) { /* before 1970: a damaged clock */
    return time_write(at, time_ns);
  }
  if (seconds != form->seconds) {
    form->seconds = seconds;
    form->seconds_size = (size_t)(digits_write(form->seconds_text, (uint64_t)seconds) - form->seconds_text);
  }
  memcpy(at, form->seconds_text, sizeof form->seconds_text);
  at += form->seconds_size;
  *at++ = '.';
  return nine_digits_write(at, (uint32_t)(time_ns - seconds * NANOSECONDS));
}

static char *write_address(struct row_form *form, char *at, unsigned ip_version, const uint8_t *address)
{
  if (ip_version != 4) {
    const struct known_address *known = known_address(form->known, address);

    memcpy(at, known->text, sizeof known->text);
    return at + known->size;
  }
  return octets_write(&form->octets, at, address);
}

/* Nobody can foresee which of them is that of the client, and a long one. */
static char *write_port(char *at, uint16_t port)
{
  return plain_digits_write(at, port);
}

/* Only what packet_column_is_present() says is there. */
static char *write_optional(const struct row_form *form, char *at, enum packet_column column, bool present)
{
  return present || !form->leaves_out ? write_piece(at, &form->before[column]) : at;
}

char *row_write(struct row_form *form, const struct packet *packet, char *at)
{
  const tcpstate_segment *segment = packet->segment;
  bool has_time = !(segment->facts & TCPSTATE_NO_TIME);
  bool has_ack = (segment->flags & TCPSTATE_ACK) != 0;
  bool has_stream = packet->annotation->stream != UINT32_MAX;

  at = write_frame(form, write_piece(at, &form->before[PACKET_FRAME_NUMBER]), packet->frame);
  at = write_optional(form, at, PACKET_TIME_EPOCH, has_time);
  at = has_time ? write_time(form, at, segment->time_ns) : at;
  at = write_address(form, write_piece(at, &form->before[PACKET_SRC]), segment->ip_version, segment->src);
  at = write_port(write_piece(at, &form->before[PACKET_SRC_PORT]), segment->src_port);
  at = write_address(form, write_piece(at, &form->before[PACKET_DST]), segment->ip_version, segment->dst);
  at = write_port(write_piece(at, &form->before[PACKET_DST_PORT]), segment->dst_port);
  at = write_piece(write_piece(at, &form->before[PACKET_FLAGS]), &form->flags[segment->flags]);
  at = digits_write(write_piece(at, &form->before[PACKET_SEQ]), segment->seq);
  at = write_optional(form, at, PACKET_ACK, has_ack);
  at = has_ack ? digits_write(at, segment->ack) : at;
  at = digits_write(write_piece(at, &form->before[PACKET_LEN]), segment->payload_length);
  if (has_stream || !form->leaves_out) {
    at = write_piece(at, &form->before_stream);
  }
  return has_stream ? digits_write(at, packet->annotation->stream) : at;
}
