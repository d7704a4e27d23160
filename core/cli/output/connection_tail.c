/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection_tail.h"

#include <stdio.h>

enum { GAP = 2 };

static struct tail_words words_of(const char *outcome, const char *close, const char *closer)
{
  struct tail_words words;

  snprintf(words.text, sizeof words.text, "%s%s%s%s%s", outcome, close[0] != '\0' ? " " : "", close,
           closer[0] != '\0' ? " by " : "", closer);
  words.size = (uint8_t)strlen(words.text);
  return words;
}

void connection_tails_begin(struct connection_tails *tails)
{
  for (unsigned state = 0; state < TCPSTATE_STATE_COUNT; state++) {
    tails->states[state] = words_of(tcpstate_state_name(state), "", "");
  }
  for (unsigned state = 0; state < TCPSTATE_CONN_STATE_COUNT; state++) {
    tails->conn_states[state] = words_of(tcpstate_conn_state_name(state), "", "");
  }
  for (unsigned outcome = 0; outcome < TCPSTATE_OUTCOME_COUNT; outcome++) {
    for (unsigned close = 0; close < TCPSTATE_CLOSE_COUNT; close++) {
      for (unsigned closer = 0; closer < TCPSTATE_CLOSER_COUNT; closer++) {
        tails->outcomes[outcome][close][closer] =
            words_of(tcpstate_outcome_name(outcome), tcpstate_close_name(close), tcpstate_closer_name(closer));
      }
    }
  }
}

static const struct tail_words *outcome_words(const struct connection_tails *tails,
                                              const tcpstate_connection *connection)
{
  return &tails->outcomes[connection->outcome][connection->close][connection->active_closer];
}

static void widen(struct connection_tails *tails, enum tail_column column, size_t length)
{
  tails->width[column] = length > tails->width[column] ? length : tails->width[column];
}

static void set_key(struct tail *tail, const tcpstate_connection *connection)
{
  for (size_t i = 0; i < TAIL_KEY; i++) {
    tail->key[i] = connection_tail_word(connection, i);
  }
}

void connection_tail_widen(struct connection_tails *tails, const tcpstate_connection *connection, struct tail *tail)
{
  set_key(tail, connection);
  widen(tails, TAIL_CLIENT_STATE, tails->states[connection->state[TCPSTATE_CLIENT]].size);
  widen(tails, TAIL_SERVER_STATE, tails->states[connection->state[TCPSTATE_SERVER]].size);
  widen(tails, TAIL_OUTCOME, outcome_words(tails, connection)->size);
  widen(tails, TAIL_ZEEK, tails->conn_states[connection->conn_state].size + 1u + strlen(connection->history));
}

void connection_tails_end(struct connection_tails *tails)
{
  memset(tails->tails, 0, sizeof tails->tails);
  tails->size = 0;
  for (unsigned column = 0; column < TAIL_COLUMNS; column++) {
    tails->size += tails->width[column] + GAP;
  }
}

static char *put_words(char *at, const struct tail_words *words, size_t width)
{
  memcpy(at, words->text, words->size);
  return at + width + GAP;
}

void connection_tail_make(const struct connection_tails *tails, const tcpstate_connection *connection,
                          struct tail *tail)
{
  const struct tail_words *conn_state = &tails->conn_states[connection->conn_state];
  const size_t *width = tails->width;
  char *at = tail->text;

  set_key(tail, connection);
  memset(tail->text, ' ', TAIL_SIZE);
  at = put_words(at, &tails->states[connection->state[TCPSTATE_CLIENT]], width[TAIL_CLIENT_STATE]);
  at = put_words(at, &tails->states[connection->state[TCPSTATE_SERVER]], width[TAIL_SERVER_STATE]);
  at = put_words(at, outcome_words(tails, connection), width[TAIL_OUTCOME]);
  memcpy(at, conn_state->text, conn_state->size);
  memcpy(at + conn_state->size + 1, connection->history, strlen(connection->history));
}
