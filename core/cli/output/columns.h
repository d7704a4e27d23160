/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a row of annotate: those of the packet, then the engine's fields that have a column, in the order of
 * the contract. CSV, JSON and -e share them.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "writer.h"

enum packet_column {
  PACKET_FRAME_NUMBER,
  PACKET_TIME_EPOCH,
  PACKET_SRC,
  PACKET_SRC_PORT,
  PACKET_DST,
  PACKET_DST_PORT,
  PACKET_FLAGS,
  PACKET_SEQ,
  PACKET_ACK,
  PACKET_LEN,
  PACKET_COLUMN_COUNT
};

/* Name in CSV and JSON: "time_epoch". */
const char *packet_column_name(enum packet_column column);

/* False for an acknowledgement number without ACK and a time that is not known. */
bool packet_column_is_present(enum packet_column column, const struct packet *packet);

/* Numbers in decimal, flags as letters. Only if it is present. */
void put_packet_column(struct output *output, enum packet_column column, const struct packet *packet);

/* The engine's field, occurrences joined. `connection` may be NULL where the field does not need it. */
void put_field(struct output *output, unsigned id, const struct packet *packet, const tcpstate_connection *connection,
               const char *separator);

/* What -e takes. Number of a name: an enum packet_column, or PACKET_COLUMN_COUNT + enum tcpstate_field_id; -1 if there
 * is none. */
int field_name_find(const char *name);

#endif
