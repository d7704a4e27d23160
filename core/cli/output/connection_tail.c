/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_tail.h"

enum { GAP = 2 };

/* No words are longer. */
enum { WORDS_MOST = 64 };

/* Without its NUL: what is behind it stays. */
static char *put_word(char *at, const char *word)
{
  while (*word != '\0') {
    *at++ = *word++;
  }
  return at;
}

static char *put_outcome(char *at, const tcpstate_connection *connection)
{
  const char *close = tcpstate_close_name(connection->close);
  const char *closer = tcpstate_closer_name(connection->active_closer);

  at = put_word(at, tcpstate_outcome_name(connection->outcome));
  at = put_word(put_word(at, close[0] != '\0' ? " " : ""), close);
  return put_word(put_word(at, closer[0] != '\0' ? " by " : ""), closer);
}

static char *put_zeek(char *at, const tcpstate_connection *connection)
{
  at = put_word(at, tcpstate_conn_state_name(connection->conn_state));
  return put_word(put_word(at, " "), connection->history);
}

static void widen(struct connection_tails *tails, enum tail_column column, size_t length)
{
  tails->width[column] = length > tails->width[column] ? length : tails->width[column];
}

static void set_key(struct tail *tail, const tcpstate_connection *connection, bool written)
{
  tail->key[0] = connection_tail_first(connection, written);
  for (size_t i = 1; i < TAIL_KEY; i++) {
    tail->key[i] = connection_tail_word(connection, i);
  }
}

void connection_tail_widen(struct connection_tails *tails, const tcpstate_connection *connection, struct tail *tail)
{
  char words[WORDS_MOST];

  set_key(tail, connection, false);
  widen(tails, TAIL_CLIENT_STATE, strlen(tcpstate_state_name(connection->state[TCPSTATE_CLIENT])));
  widen(tails, TAIL_SERVER_STATE, strlen(tcpstate_state_name(connection->state[TCPSTATE_SERVER])));
  widen(tails, TAIL_OUTCOME, (size_t)(put_outcome(words, connection) - words));
  widen(tails, TAIL_ZEEK, (size_t)(put_zeek(words, connection) - words));
}

void connection_tails_end(struct connection_tails *tails)
{
  tails->size = 0;
  for (unsigned column = 0; column < TAIL_COLUMNS; column++) {
    tails->size += tails->width[column] + GAP;
  }
}

void connection_tail_make(const struct connection_tails *tails, const tcpstate_connection *connection,
                          struct tail *tail)
{
  const size_t *width = tails->width;
  char *at = tail->text;

  set_key(tail, connection, true);
  memset(tail->text, ' ', TAIL_SIZE);
  put_word(at, tcpstate_state_name(connection->state[TCPSTATE_CLIENT]));
  at += width[TAIL_CLIENT_STATE] + GAP;
  put_word(at, tcpstate_state_name(connection->state[TCPSTATE_SERVER]));
  at += width[TAIL_SERVER_STATE] + GAP;
  put_outcome(at, connection);
  put_zeek(at + width[TAIL_OUTCOME] + GAP, connection);
}
