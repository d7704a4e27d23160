/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a connection's line from the client's state to Zeek's history. Few connections differ in them: each
 * such text is put together once, and copied ever after.
 */
#ifndef CLI_CONNECTION_TAIL_H
#define CLI_CONNECTION_TAIL_H

#include "apart.h"
#include "tcpstate/tcpstate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum tail_column { TAIL_CLIENT_STATE, TAIL_SERVER_STATE, TAIL_OUTCOME, TAIL_ZEEK, TAIL_COLUMNS };

enum { TAIL_KEY = 4, TAIL_SIZE = 112, TAIL_BITS = 10, TAILS = 1 << TAIL_BITS };

/* What the record says from ip_version on, up to the last letter that a history can have; but for what is not told in
 * these columns. Of ip_version a bit stays that 4 and 6 have both: no key is 0. */
struct tail {
  uint64_t key[TAIL_KEY];
  char text[TAIL_SIZE];
};

struct connection_tails {
  size_t width[TAIL_COLUMNS];
  size_t size;              /* of all columns, with the blanks behind them */
  struct tail tails[TAILS]; /* each where its key says: those measured, and after that those written */
};

/* It was zeroed before; the least widths are the caller's. Then all are measured, then `end`, then they are written. */
void connection_tails_end(struct connection_tails *tails);

/* What is seldom done, for `tail` has another one; it is the connection's after that. */
APART void connection_tail_widen(struct connection_tails *tails, const tcpstate_connection *connection,
                                 struct tail *tail);
APART void connection_tail_make(const struct connection_tails *tails, const tcpstate_connection *connection,
                                struct tail *tail);

_Static_assert(offsetof(tcpstate_connection, ip_version) + sizeof(uint64_t[TAIL_KEY]) ==
                   offsetof(tcpstate_connection, history) + TCPSTATE_HISTORY_SIZE - 1,
               "the key ends where the NUL may be at the latest");

/* A word of the key, by itself: it goes into a register. (Of which bytes the numbers are made up depends on the
 * machine; compilers know them.) */
static inline uint64_t connection_tail_word(const tcpstate_connection *connection, size_t i)
{
  static const uint8_t told[TAIL_KEY][sizeof(uint64_t)] = {
      [0] = {4, 0, 255, 255, 255, 255, 255, 255},   /* ip_version, roles, states ... */
      [1] = {0, 255, 255, 255, 255, 255, 255, 255}, /* vantage, history */
      [2] = {255, 255, 255, 255, 255, 255, 255, 255},
      [3] = {255, 255, 255, 255, 255, 255, 255, 255}};
  uint64_t word;
  uint64_t mask;

  memcpy(&mask, told[i], sizeof mask);
  memcpy(&word, (const uint8_t *)connection + offsetof(tcpstate_connection, ip_version) + i * sizeof word, sizeof word);
  return word & mask;
}

static inline uint64_t connection_tail_place(const tcpstate_connection *connection)
{
  return (connection_tail_word(connection, 0) ^ connection_tail_word(connection, 1) ^
          connection_tail_word(connection, 2)) *
             UINT64_C(0x9e3779b97f4a7c15) >>
         (64 - TAIL_BITS);
}

/* Of the first word. `written`: the tail has its text, and not only its widths. */
static inline uint64_t connection_tail_first(const tcpstate_connection *connection, bool written)
{
  static const uint8_t mark[sizeof(uint64_t)] = {[1] = 1}; /* where roles are not told */
  uint64_t word;

  memcpy(&word, mark, sizeof word);
  return connection_tail_word(connection, 0) | (written ? word : 0);
}

static inline bool connection_tail_is_of(const struct tail *tail, const tcpstate_connection *connection, bool written)
{
  return tail->key[0] == connection_tail_first(connection, written) &&
         tail->key[1] == connection_tail_word(connection, 1) && tail->key[2] == connection_tail_word(connection, 2) &&
         tail->key[3] == connection_tail_word(connection, 3);
}

static inline void connection_tail_measure(struct connection_tails *tails, const tcpstate_connection *connection)
{
  struct tail *tail = &tails->tails[connection_tail_place(connection)];

  if (!connection_tail_is_of(tail, connection, false)) {
    connection_tail_widen(tails, connection, tail);
  }
}

/* TAIL_SIZE bytes are written, whatever the widths. */
static inline char *connection_tail_write(struct connection_tails *tails, char *at,
                                          const tcpstate_connection *connection)
{
  struct tail *tail = &tails->tails[connection_tail_place(connection)];

  if (!connection_tail_is_of(tail, connection, true)) {
    connection_tail_make(tails, connection, tail);
  }
  memcpy(at, tail->text, sizeof tail->text);
  return at + tails->size;
}

#endif
