/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The columns of a connection's line from the client's state to Zeek's history. Few connections differ in them: each
 * such text is put together once, and copied ever after. Which text it is follows from the connection's kind.
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

enum { TAIL_SIZE = 112, TAILS = 1024 };

struct tail {
  tcpstate_connection like; /* one that has it */
  uint64_t count;           /* how many have it */
  char text[TAIL_SIZE];
};

struct connection_tails {
  size_t width[TAIL_COLUMNS];
  size_t size; /* of all columns, with the blanks behind them */
  uint64_t outcomes[TCPSTATE_OUTCOME_COUNT];
  uint32_t count;
  uint16_t number[TCPSTATE_KINDS]; /* by kind: 1 + that of its tail; 0: it has none, or was not seen yet */
  struct tail tails[TAILS];
};

/* All that stands in the tail is known from the kind: the connection need not be whole. */
static inline bool connection_tail_is_known(const struct connection_tails *tails, const tcpstate_connection *connection)
{
  return tails->number[connection->kind] != 0;
}

static inline uint8_t connection_tail_outcome(const struct connection_tails *tails,
                                              const tcpstate_connection *connection)
{
  uint16_t number = tails->number[connection->kind];

  return number != 0 ? tails->tails[number - 1].like.outcome : connection->outcome;
}

/* Of a whole connection. Its kind is known after that, if it has one and there is room. */
APART void connection_tail_learn(struct connection_tails *tails, const tcpstate_connection *connection);
APART void connection_tail_make(const struct connection_tails *tails, const tcpstate_connection *connection,
                                char text[TAIL_SIZE]);

/* They were zeroed before; the least widths are the caller's. Then all are measured, then `end`, then they are written.
 */
static inline void connection_tail_measure(struct connection_tails *tails, const tcpstate_connection *connection)
{
  uint16_t number = tails->number[connection->kind];

  if (number != 0) {
    tails->tails[number - 1].count++;
  } else {
    connection_tail_learn(tails, connection);
  }
}

void connection_tails_end(struct connection_tails *tails);

/* TAIL_SIZE bytes are written, whatever the widths. */
static inline char *connection_tail_write(const struct connection_tails *tails, char *at,
                                          const tcpstate_connection *connection)
{
  uint16_t number = tails->number[connection->kind];

  if (number != 0) {
    memcpy(at, tails->tails[number - 1].text, TAIL_SIZE);
  } else {
    connection_tail_make(tails, connection, at);
  }
  return at + tails->size;
}

#endif
