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

/* ---------------------------------------------------------------- measured */

static void widen(struct connection_tails *tails, enum tail_column column, size_t length)
{
  tails->width[column] = length > tails->width[column] ? length : tails->width[column];
}

static void widen_all(struct connection_tails *tails, const tcpstate_connection *connection)
{
  char words[WORDS_MOST];

  widen(tails, TAIL_CLIENT_STATE, strlen(tcpstate_state_name(connection->state[TCPSTATE_CLIENT])));
  widen(tails, TAIL_SERVER_STATE, strlen(tcpstate_state_name(connection->state[TCPSTATE_SERVER])));
  widen(tails, TAIL_OUTCOME, (size_t)(put_outcome(words, connection) - words));
  widen(tails, TAIL_ZEEK, (size_t)(put_zeek(words, connection) - words));
}

static bool have_same_tail(const tcpstate_connection *a, const tcpstate_connection *b)
{
  return memcmp(a->state, b->state, sizeof a->state) == 0 && a->outcome == b->outcome && a->close == b->close &&
         a->active_closer == b->active_closer && a->conn_state == b->conn_state && strcmp(a->history, b->history) == 0;
}

/* TAILS if there are too many. Kinds are seen for the first time seldom. */
static uint32_t find(struct connection_tails *tails, const tcpstate_connection *connection)
{
  for (uint32_t i = 0; i < tails->count; i++) {
    if (have_same_tail(&tails->tails[i].like, connection)) {
      return i;
    }
  }
  if (tails->count < TAILS) {
    tails->tails[tails->count].like = *connection;
    return tails->count++;
  }
  return TAILS;
}

void connection_tail_learn(struct connection_tails *tails, const tcpstate_connection *connection)
{
  uint32_t found = connection->kind != 0 ? find(tails, connection) : TAILS;

  widen_all(tails, connection);
  if (found < TAILS) {
    tails->number[connection->kind] = (uint16_t)(found + 1);
    tails->tails[found].count++;
  } else {
    tails->outcomes[connection->outcome]++;
  }
}

void connection_tails_end(struct connection_tails *tails)
{
  tails->size = 0;
  for (unsigned column = 0; column < TAIL_COLUMNS; column++) {
    tails->size += tails->width[column] + GAP;
  }
  for (uint32_t i = 0; i < tails->count; i++) {
    struct tail *tail = &tails->tails[i];

    tails->outcomes[tail->like.outcome] += tail->count;
    connection_tail_make(tails, &tail->like, tail->text);
  }
}

/* ---------------------------------------------------------------- written */

void connection_tail_make(const struct connection_tails *tails, const tcpstate_connection *connection,
                          char text[TAIL_SIZE])
{
  const size_t *width = tails->width;
  char *at = text;

  memset(text, ' ', TAIL_SIZE);
  put_word(at, tcpstate_state_name(connection->state[TCPSTATE_CLIENT]));
  at += width[TAIL_CLIENT_STATE] + GAP;
  put_word(at, tcpstate_state_name(connection->state[TCPSTATE_SERVER]));
  at += width[TAIL_SERVER_STATE] + GAP;
  put_outcome(at, connection);
  put_zeek(at + width[TAIL_OUTCOME] + GAP, connection);
}
