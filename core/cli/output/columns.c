/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

#include <string.h>

static const struct {
  const char *column;
  const char *field; /* as Wireshark calls it; ip.src and ip.dst stand for IPv6 too */
} names[PACKET_COLUMN_COUNT] = {
    [PACKET_FRAME_NUMBER] = {"frame", "frame.number"},
    [PACKET_TIME_EPOCH] = {"time_epoch", "frame.time_epoch"},
    [PACKET_SRC] = {"src", "ip.src"},
    [PACKET_SRC_PORT] = {"sport", "tcp.srcport"},
    [PACKET_DST] = {"dst", "ip.dst"},
    [PACKET_DST_PORT] = {"dport", "tcp.dstport"},
    [PACKET_FLAGS] = {"flags", "tcp.flags"},
    [PACKET_SEQ] = {"seq", "tcp.seq"},
    [PACKET_ACK] = {"ack", "tcp.ack"},
    [PACKET_LEN] = {"len", "tcp.len"},
};

const char *packet_column_name(enum packet_column column)
{
  return names[column].column;
}

bool packet_column_is_present(enum packet_column column, const struct packet *packet)
{
  switch (column) {
  case PACKET_TIME_EPOCH:
    return !(packet->segment->facts & TCPSTATE_NO_TIME);
  case PACKET_ACK:
    return (packet->segment->flags & TCPSTATE_ACK) != 0;
  default:
    return true;
  }
}

void put_packet_column(struct output *output, enum packet_column column, const struct packet *packet)
{
  const tcpstate_segment *segment = packet->segment;

  switch (column) {
  case PACKET_FRAME_NUMBER:
    put_number(output, packet->frame);
    break;
  case PACKET_TIME_EPOCH:
    put_time(output, segment->time_ns);
    break;
  case PACKET_SRC:
    put_address(output, segment->ip_version, segment->src);
    break;
  case PACKET_SRC_PORT:
    put_number(output, segment->src_port);
    break;
  case PACKET_DST:
    put_address(output, segment->ip_version, segment->dst);
    break;
  case PACKET_DST_PORT:
    put_number(output, segment->dst_port);
    break;
  case PACKET_FLAGS:
    put_flags(output, segment->flags);
    break;
  case PACKET_SEQ:
    put_number(output, segment->seq);
    break;
  case PACKET_ACK:
    put_number(output, segment->ack);
    break;
  case PACKET_LEN:
    put_number(output, segment->payload_length);
    break;
  case PACKET_COLUMN_COUNT:
    break;
  }
}

void put_field(struct output *output, unsigned id, const struct packet *packet, const tcpstate_connection *connection,
               const char *separator)
{
  unsigned occurrences = tcpstate_field_occurrences(id, packet->annotation, connection);

  for (unsigned i = 0; i < occurrences; i++) {
    char text[TEXT_OF_FIELD];

    if (i > 0) {
      put_text(output, separator);
    }
    tcpstate_field_text(id, packet->annotation, connection, i, text, sizeof text);
    put_text(output, text);
  }
}

int field_name_find(const char *name)
{
  for (int i = 0; i < PACKET_COLUMN_COUNT; i++) {
    if (strcmp(names[i].field, name) == 0) {
      return i;
    }
  }
  for (unsigned id = 0; id < TCPSTATE_FIELD_COUNT; id++) {
    if (strcmp(tcpstate_field_get(id)->name, name) == 0) {
      return (int)(PACKET_COLUMN_COUNT + id);
    }
  }
  return -1;
}
