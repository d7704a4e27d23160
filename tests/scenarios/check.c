/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { VALUE_WORD, VALUE_SET, VALUE_EVENT, VALUE_FREE };

struct check_key {
  const char *name;
  enum check_subject subject;
  enum value_kind kind;
  unsigned field; /* enum tcpstate_field_id, or a BESIDES_FIELDS value */
  unsigned word_count;
  const char *(*words)(unsigned); /* all that a word may be; NULL: anything */
};

/* Numbers of a connection that are members of its record but no field. */
enum {
  BESIDES_FIELDS = TCPSTATE_FIELD_COUNT,
  CLIENT_STATE_AT_END,
  SERVER_STATE_AT_END,
  HANDSHAKE_SEGMENTS,
  TEARDOWN_SEGMENTS,
  CLIENT_SEGMENTS,
  SERVER_SEGMENTS,
  CLIENT_BYTES,
  SERVER_BYTES
};

#define STATES TCPSTATE_STATE_COUNT, tcpstate_state_name

/* clang-format off */
static const struct check_key keys[] = {
    {"cstate",  SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_CLIENT_STATE, STATES},
    {"sstate",  SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_SERVER_STATE, STATES},
    {"phase",   SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_PHASE, TCPSTATE_PHASE_COUNT, tcpstate_phase_name},
    {"hs",      SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_HANDSHAKE_ROLE, TCPSTATE_HANDSHAKE_ROLE_COUNT, tcpstate_handshake_role_name},
    {"step",    SUBJECT_SEGMENT, VALUE_FREE, TCPSTATE_FIELD_TEARDOWN_STEP, 0, NULL},
    {"tdrole",  SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_TEARDOWN_ROLE, TCPSTATE_TEARDOWN_ROLE_COUNT, tcpstate_teardown_role_name},
    {"src",     SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_SRC_ROLE, TCPSTATE_ROLE_COUNT, tcpstate_role_name},
    {"roles",   SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_ROLES, TCPSTATE_ROLES_COUNT, tcpstate_roles_name},
    {"ccert",   SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_CLIENT_CERTAINTY, TCPSTATE_CERTAINTY_COUNT, tcpstate_certainty_name},
    {"scert",   SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_SERVER_CERTAINTY, TCPSTATE_CERTAINTY_COUNT, tcpstate_certainty_name},
    {"cprev",   SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_CLIENT_PREVIOUS, STATES},
    {"sprev",   SUBJECT_SEGMENT, VALUE_WORD, TCPSTATE_FIELD_SERVER_PREVIOUS, STATES},
    {"cposs",   SUBJECT_SEGMENT, VALUE_SET, TCPSTATE_FIELD_CLIENT_POSSIBLE, STATES},
    {"sposs",   SUBJECT_SEGMENT, VALUE_SET, TCPSTATE_FIELD_SERVER_POSSIBLE, STATES},
    {"stream",  SUBJECT_SEGMENT, VALUE_FREE, TCPSTATE_FIELD_STREAM, 0, NULL},
    {"changed", SUBJECT_SEGMENT, VALUE_FREE, TCPSTATE_FIELD_CHANGED, 0, NULL},
    {"+",       SUBJECT_SEGMENT, VALUE_EVENT, TCPSTATE_FIELD_EVENT, TCPSTATE_EVENT_COUNT, tcpstate_event_name},
    {"-",       SUBJECT_SEGMENT, VALUE_EVENT, TCPSTATE_FIELD_EVENT, TCPSTATE_EVENT_COUNT, tcpstate_event_name},
    {"+",       SUBJECT_CONNECTION, VALUE_EVENT, TCPSTATE_FIELD_EVENT, TCPSTATE_EVENT_COUNT, tcpstate_event_name},
    {"-",       SUBJECT_CONNECTION, VALUE_EVENT, TCPSTATE_FIELD_EVENT, TCPSTATE_EVENT_COUNT, tcpstate_event_name},
    {"outcome", SUBJECT_CONNECTION, VALUE_WORD, TCPSTATE_FIELD_CONN_OUTCOME, TCPSTATE_OUTCOME_COUNT, tcpstate_outcome_name},
    {"close",   SUBJECT_CONNECTION, VALUE_WORD, TCPSTATE_FIELD_CONN_CLOSE, TCPSTATE_CLOSE_COUNT, tcpstate_close_name},
    {"closer",  SUBJECT_CONNECTION, VALUE_WORD, TCPSTATE_FIELD_CONN_ACTIVE_CLOSER, TCPSTATE_CLOSER_COUNT, tcpstate_closer_name},
    {"conn_state", SUBJECT_CONNECTION, VALUE_WORD, TCPSTATE_FIELD_CONN_STATE, TCPSTATE_CONN_STATE_COUNT, tcpstate_conn_state_name},
    {"history", SUBJECT_CONNECTION, VALUE_FREE, TCPSTATE_FIELD_CONN_HISTORY, 0, NULL},
    {"vantage", SUBJECT_CONNECTION, VALUE_WORD, TCPSTATE_FIELD_CONN_VANTAGE, TCPSTATE_VANTAGE_COUNT, tcpstate_vantage_name},
    {"control", SUBJECT_CONNECTION, VALUE_FREE, TCPSTATE_FIELD_CONN_CONTROL_SEGMENTS, 0, NULL},
    {"cstate",  SUBJECT_CONNECTION, VALUE_WORD, CLIENT_STATE_AT_END, STATES},
    {"sstate",  SUBJECT_CONNECTION, VALUE_WORD, SERVER_STATE_AT_END, STATES},
    {"hsegs",   SUBJECT_CONNECTION, VALUE_FREE, HANDSHAKE_SEGMENTS, 0, NULL},
    {"tdsegs",  SUBJECT_CONNECTION, VALUE_FREE, TEARDOWN_SEGMENTS, 0, NULL},
    {"csegs",   SUBJECT_CONNECTION, VALUE_FREE, CLIENT_SEGMENTS, 0, NULL},
    {"ssegs",   SUBJECT_CONNECTION, VALUE_FREE, SERVER_SEGMENTS, 0, NULL},
    {"cbytes",  SUBJECT_CONNECTION, VALUE_FREE, CLIENT_BYTES, 0, NULL},
    {"sbytes",  SUBJECT_CONNECTION, VALUE_FREE, SERVER_BYTES, 0, NULL},
};
/* clang-format on */

static const struct check_key *find_key(const char *name, size_t length, enum check_subject subject)
{
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    if (keys[i].subject == subject && strlen(keys[i].name) == length && strncmp(keys[i].name, name, length) == 0) {
      return &keys[i];
    }
  }
  return NULL;
}

/* Is `word` one of the words of the list that `separator` parts? */
static bool listed(const char *list, const char *word, size_t length, char separator)
{
  for (const char *p = list; p != NULL; p = strchr(p, separator), p = p ? p + 1 : NULL) {
    const char *end = strchr(p, separator);
    size_t found = end ? (size_t)(end - p) : strlen(p);

    if (found == length && strncmp(p, word, length) == 0) {
      return true;
    }
  }
  return false;
}

static bool is_word_of(const struct check_key *key, const char *word, size_t length)
{
  if (key->words == NULL || (length == 1 && *word == '-')) {
    return true;
  }
  for (unsigned i = 0; i < key->word_count; i++) {
    const char *name = key->words(i);

    if (strlen(name) == length && strncmp(name, word, length) == 0) {
      return true;
    }
  }
  return false;
}

/* A misspelt word would never hold, or with "-event" always. */
static bool all_words_known(const struct check_key *key, const char *value)
{
  for (const char *p = value; p != NULL; p = strchr(p, '/'), p = p ? p + 1 : NULL) {
    if (!is_word_of(key, p, strcspn(p, "/"))) {
      return false;
    }
  }
  return true;
}

static void append(struct cursor *cursor, struct item *item, const struct check_key *key, enum operation operation,
                   const char *value)
{
  struct check *checks = realloc(item->checks, (item->check_count + 1) * sizeof *checks);

  if (checks == NULL) {
    cursor_fail(cursor, "no memory");
    return;
  }
  item->checks = checks;
  if (!all_words_known(key, value) || strlen(value) >= sizeof checks->value) {
    cursor_fail(cursor, "no such word");
    return;
  }
  struct check *check = &checks[item->check_count++];
  *check = (struct check){.key = key, .operation = operation, .line = cursor->line};
  memcpy(check->value, value, strlen(value) + 1);
}

void check_append(struct cursor *cursor, struct item *item, enum check_subject subject, const char *key,
                  const char *value)
{
  append(cursor, item, find_key(key, strlen(key), subject), OP_IS, value);
}

void check_read(struct cursor *cursor, struct item *item, enum check_subject subject)
{
  const char *word = cursor->word;
  bool event = *word == '+' || *word == '-';
  size_t length = event ? 1 : strcspn(word, "<>=");
  const struct check_key *key = find_key(word, length, subject);
  const char *value = word + length;
  enum operation operation = OP_IS;

  if (key != NULL && key->kind == VALUE_SET && (*value == '<' || *value == '>')) {
    operation = *value++ == '<' ? OP_WITHIN : OP_CONTAINS;
  }
  if (key == NULL || (!event && *value++ != '=')) {
    cursor_fail(cursor, "no such check");
    return;
  }
  append(cursor, item, key, operation, value);
}

static uint64_t beside_fields(unsigned field, const tcpstate_connection *connection)
{
  switch (field) {
  case HANDSHAKE_SEGMENTS:
    return connection->handshake_segments;
  case TEARDOWN_SEGMENTS:
    return connection->teardown_segments;
  case CLIENT_SEGMENTS:
    return connection->segments[TCPSTATE_CLIENT];
  case SERVER_SEGMENTS:
    return connection->segments[TCPSTATE_SERVER];
  case CLIENT_BYTES:
    return connection->bytes[TCPSTATE_CLIENT];
  default:
    return connection->bytes[TCPSTATE_SERVER];
  }
}

static void actual_text(const struct check_key *key, const tcpstate_annotation *annotation,
                        const tcpstate_connection *connection, char *text, size_t size)
{
  if (key->field < BESIDES_FIELDS) {
    tcpstate_field_text(key->field, annotation, connection, 0, text, size);
  } else if (key->field == CLIENT_STATE_AT_END || key->field == SERVER_STATE_AT_END) {
    unsigned role = key->field == CLIENT_STATE_AT_END ? TCPSTATE_CLIENT : TCPSTATE_SERVER;
    snprintf(text, size, "%s", tcpstate_state_name(connection->state[role]));
  } else {
    snprintf(text, size, "%llu", (unsigned long long)beside_fields(key->field, connection));
  }
}

static bool all_listed(const char *words, char words_separator, const char *list, char list_separator)
{
  const char separators[] = {words_separator, '\0'};

  for (const char *p = words; *p != '\0'; p += *p == words_separator) {
    size_t length = strcspn(p, separators);

    if (!listed(list, p, length, list_separator)) {
      return false;
    }
    p += length;
  }
  return true;
}

static bool value_holds(const struct check *check, const char *actual)
{
  bool contains = check->key->kind == VALUE_SET && all_listed(check->value, '/', actual, '|');
  bool within = check->key->kind == VALUE_SET && all_listed(actual, '|', check->value, '/');

  if (check->key->kind != VALUE_SET) {
    return actual[0] == '\0' ? listed(check->value, "-", 1, '/') : listed(check->value, actual, strlen(actual), '/');
  }
  switch (check->operation) {
  case OP_CONTAINS:
    return contains;
  case OP_WITHIN:
    return within;
  case OP_IS:
    break;
  }
  return contains && within;
}

static bool event_holds(const struct check *check, const tcpstate_annotation *annotation, char *all, size_t size)
{
  unsigned count = tcpstate_field_occurrences(TCPSTATE_FIELD_EVENT, annotation, NULL);
  bool present = false;
  size_t used = 0;

  for (unsigned i = 0; i < count && used < size; i++) {
    char name[64];

    tcpstate_field_text(TCPSTATE_FIELD_EVENT, annotation, NULL, i, name, sizeof name);
    present = present || strcmp(name, check->value) == 0;
    used += (size_t)snprintf(all + used, size - used, "%s%s", i ? " " : "", name);
  }
  return present == (check->key->name[0] == '+');
}

bool check_holds(const struct check *check, const tcpstate_annotation *annotation,
                 const tcpstate_connection *connection, char *why, size_t size)
{
  static const char *const operators[] = {[OP_IS] = "=", [OP_CONTAINS] = ">=", [OP_WITHIN] = "<="};
  bool event = check->key->kind == VALUE_EVENT;
  char actual[512] = "";
  bool holds;

  if (event) {
    holds = event_holds(check, annotation, actual, sizeof actual);
  } else {
    actual_text(check->key, annotation, connection, actual, sizeof actual);
    holds = value_holds(check, actual);
  }
  snprintf(why, size, "expected %s%s%s, got %s", check->key->name, event ? "" : operators[check->operation],
           check->value, actual[0] == '\0' ? "nothing" : actual);
  return holds;
}
