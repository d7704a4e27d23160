/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The packet's columns of a row, written by hand into a buffer with room for them: with millions of rows this is where
 * the time goes. CSV and JSON differ in what stands before each column.
 */
#ifndef CLI_ROW_H
#define CLI_ROW_H

#include "columns.h"
#include "known_addresses.h"
#include "octets.h"

enum { ROW_MOST = 512, PIECE_SIZE = 15 };

/* Copied whole, so that its length need not be known when it is compiled. */
struct piece {
  char text[PIECE_SIZE];
  uint8_t size;
};

struct row_form {
  struct piece before[PACKET_COLUMN_COUNT];
  struct piece before_stream;
  bool leaves_out; /* an absent column, with what stands before it */
  struct octets octets;
  struct piece flags[256];
  uint64_t tens; /* of the frame number, whose text this is */
  char tens_text[24];
  size_t tens_size;
  int64_t seconds; /* whose text this is */
  char seconds_text[24];
  size_t seconds_size;
  struct known_address known[KNOWN_ADDRESSES];
};

/* `before` and `before_stream` are set by the caller. */
void row_form_prepare(struct row_form *form);

/* The packet's columns and the number of the connection, at most ROW_MOST bytes; the end of them. */
char *row_write(struct row_form *form, const struct packet *packet, char *at);

struct piece piece_of(const char *text);

#endif
