/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sheet.h"

static void begin_connection(const struct comparison *comparison, struct line *line)
{
  const struct compare_connection *connection = &line->connection;

  compare_connection_get(comparison->compare, line->row.connection, &line->connection);
  for (unsigned side = 0; side < COMPARE_SIDES; side++) {
    for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
      endpoint_text(line->endpoint[side][role], connection->ip_version[side], connection->address[side][role],
                    connection->port[side][role]);
    }
  }
}

bool walker_next(struct walker *walker)
{
  const struct comparison *comparison = walker->comparison;
  struct line *line = &walker->line;
  const uint32_t before = line->row.connection;

  if (walker->index >= comparison->summary.rows) {
    return false;
  }
  compare_row_get(comparison->compare, walker->index, &line->row);
  if (walker->index++ == 0 || line->row.connection != before) {
    begin_connection(comparison, line);
  }
  return true;
}

/* ---------------------------------------------------------------- values */

void put_changes(struct output *output, unsigned changes)
{
  bool first = true;

  for (unsigned i = 0; i < COMPARE_CHANGE_COUNT; i++) {
    if ((changes & 1u << i) != 0) {
      put_text(output, first ? "" : "|");
      put_text(output, compare_change_name(1u << i));
      first = false;
    }
  }
}

void put_states(struct output *output, unsigned possible, unsigned first)
{
  put_text(output, tcpstate_state_name(first));
  for (unsigned state = TCPSTATE_CLOSED; state < TCPSTATE_STATE_COUNT; state++) {
    if (state != first && (possible & TCPSTATE_MASK(state)) != 0) {
      put_char(output, '|');
      put_text(output, tcpstate_state_name(state));
    }
  }
}

static void put_signed(struct output *output, int64_t nanoseconds)
{
  if (nanoseconds < 0) {
    put_char(output, '-');
    nanoseconds = nanoseconds == INT64_MIN ? INT64_MAX : -nanoseconds;
  }
  put_time(output, nanoseconds);
}

/* ---------------------------------------------------------------- columns */

enum column {
  COLUMN_CONNECTION,
  COLUMN_FRAME_A,
  COLUMN_FRAME_B,
  COLUMN_TIME_A,
  COLUMN_TIME_B,
  COLUMN_TIME,
  COLUMN_DELAY,
  COLUMN_FROM,
  COLUMN_FROM_TAP,
  COLUMN_SRC_A,
  COLUMN_DST_A,
  COLUMN_SRC_B,
  COLUMN_DST_B,
  COLUMN_FLAGS,
  COLUMN_SEQ_A,
  COLUMN_SEQ_B,
  COLUMN_ACK_A,
  COLUMN_ACK_B,
  COLUMN_LEN_A,
  COLUMN_LEN_B,
  COLUMN_TTL_A,
  COLUMN_TTL_B,
  COLUMN_VERDICT,
  COLUMN_CHANGES,
  COLUMN_CLIENT_STATE,
  COLUMN_SERVER_STATE,
  COLUMN_CLIENT_CERTAINTY,
  COLUMN_SERVER_CERTAINTY,
  COLUMN_CLIENT_POSSIBLE,
  COLUMN_SERVER_POSSIBLE,
  COLUMN_CLIENT_PROOF,
  COLUMN_SERVER_PROOF,
  COLUMN_COUNT
};

/* Numbers stand bare in JSON, the rest in quotes. */
static const struct {
  const char *name;
  bool is_number;
} columns[COLUMN_COUNT] = {
    [COLUMN_CONNECTION] = {"connection", true},
    [COLUMN_FRAME_A] = {"frame_a", true},
    [COLUMN_FRAME_B] = {"frame_b", true},
    [COLUMN_TIME_A] = {"time_a", true},
    [COLUMN_TIME_B] = {"time_b", true},
    [COLUMN_TIME] = {"time", true},
    [COLUMN_DELAY] = {"delay", true},
    [COLUMN_FROM] = {"from", false},
    [COLUMN_FROM_TAP] = {"from_tap", false},
    [COLUMN_SRC_A] = {"src_a", false},
    [COLUMN_DST_A] = {"dst_a", false},
    [COLUMN_SRC_B] = {"src_b", false},
    [COLUMN_DST_B] = {"dst_b", false},
    [COLUMN_FLAGS] = {"flags", false},
    [COLUMN_SEQ_A] = {"seq_a", true},
    [COLUMN_SEQ_B] = {"seq_b", true},
    [COLUMN_ACK_A] = {"ack_a", true},
    [COLUMN_ACK_B] = {"ack_b", true},
    [COLUMN_LEN_A] = {"len_a", true},
    [COLUMN_LEN_B] = {"len_b", true},
    [COLUMN_TTL_A] = {"ttl_a", true},
    [COLUMN_TTL_B] = {"ttl_b", true},
    [COLUMN_VERDICT] = {"verdict", false},
    [COLUMN_CHANGES] = {"changes", false},
    [COLUMN_CLIENT_STATE] = {"client_state", false},
    [COLUMN_SERVER_STATE] = {"server_state", false},
    [COLUMN_CLIENT_CERTAINTY] = {"client_certainty", false},
    [COLUMN_SERVER_CERTAINTY] = {"server_certainty", false},
    [COLUMN_CLIENT_POSSIBLE] = {"client_possible", false},
    [COLUMN_SERVER_POSSIBLE] = {"server_possible", false},
    [COLUMN_CLIENT_PROOF] = {"client_proof", false},
    [COLUMN_SERVER_PROOF] = {"server_proof", false},
};

static void put_endpoint(struct output *output, const struct line *line, enum compare_side side, unsigned receiver)
{
  put_text(output, line->endpoint[side][receiver ? 1u - line->row.from : line->row.from]);
}

/* Columns of one tap; `which` is the column of A. */
static void put_sight(struct output *output, enum column which, const struct compare_sight *sight)
{
  if (sight->frame == 0) {
    return;
  }
  switch (which) {
  case COLUMN_FRAME_A:
    put_number(output, sight->frame);
    break;
  case COLUMN_TIME_A:
    if (sight->has_time) {
      put_signed(output, sight->time_ns);
    }
    break;
  case COLUMN_SEQ_A:
    put_number(output, sight->seq);
    break;
  case COLUMN_ACK_A:
    if ((sight->flags & TCPSTATE_ACK) != 0) {
      put_number(output, sight->ack);
    }
    break;
  case COLUMN_LEN_A:
    put_number(output, sight->length);
    break;
  default:
    if (sight->ttl > 0) {
      put_number(output, sight->ttl);
    }
  }
}

static void put_end(struct output *output, enum column which, const struct compare_end *end)
{
  if (end->frame == 0) {
    return;
  }
  switch (which) {
  case COLUMN_CLIENT_STATE:
    put_text(output, tcpstate_state_name(end->state));
    break;
  case COLUMN_CLIENT_CERTAINTY:
    put_text(output, tcpstate_certainty_name(end->certainty));
    break;
  case COLUMN_CLIENT_POSSIBLE:
    if (end->possible != 0) {
      put_states(output, end->possible, end->state);
    }
    break;
  default:
    put_text(output, end->tap == COMPARE_A ? "A" : "B");
  }
}

static void put_row_value(struct output *output, enum column column, const struct line *line)
{
  const struct compare_row *row = &line->row;

  switch (column) {
  case COLUMN_CONNECTION:
    put_number(output, row->connection);
    break;
  case COLUMN_TIME:
    if (row->has_time) {
      put_signed(output, row->time_ns);
    }
    break;
  case COLUMN_DELAY:
    if (row->has_delay) {
      put_signed(output, row->delay_ns);
    }
    break;
  case COLUMN_FROM:
    put_text(output, tcpstate_role_name(row->from));
    break;
  case COLUMN_FROM_TAP:
    put_text(output, row->from_tap == COMPARE_A ? "A" : "B");
    break;
  case COLUMN_FLAGS:
    put_flags(output, row->sight[row->sight[COMPARE_A].frame != 0 ? COMPARE_A : COMPARE_B].flags);
    break;
  case COLUMN_VERDICT:
    put_text(output, compare_verdict_name(row->verdict));
    break;
  default:
    put_changes(output, row->changes);
  }
}

static void put_value(struct output *output, enum column column, const struct line *line)
{
  switch (column) {
  case COLUMN_FRAME_A:
  case COLUMN_TIME_A:
  case COLUMN_SEQ_A:
  case COLUMN_ACK_A:
  case COLUMN_LEN_A:
  case COLUMN_TTL_A:
    put_sight(output, column, &line->row.sight[COMPARE_A]);
    break;
  case COLUMN_FRAME_B:
  case COLUMN_TIME_B:
  case COLUMN_SEQ_B:
  case COLUMN_ACK_B:
  case COLUMN_LEN_B:
  case COLUMN_TTL_B:
    put_sight(output, column - 1, &line->row.sight[COMPARE_B]);
    break;
  case COLUMN_SRC_A:
  case COLUMN_DST_A:
  case COLUMN_SRC_B:
  case COLUMN_DST_B:
    put_endpoint(output, line, column >= COLUMN_SRC_B, column == COLUMN_DST_A || column == COLUMN_DST_B);
    break;
  case COLUMN_CLIENT_STATE:
  case COLUMN_CLIENT_CERTAINTY:
  case COLUMN_CLIENT_POSSIBLE:
  case COLUMN_CLIENT_PROOF:
    put_end(output, column, &line->row.end[TCPSTATE_CLIENT]);
    break;
  case COLUMN_SERVER_STATE:
  case COLUMN_SERVER_CERTAINTY:
  case COLUMN_SERVER_POSSIBLE:
  case COLUMN_SERVER_PROOF:
    put_end(output, column - 1, &line->row.end[TCPSTATE_SERVER]);
    break;
  default:
    put_row_value(output, column, line);
  }
}

/* ---------------------------------------------------------------- rows */

static bool is_wanted(const struct comparison *comparison, const struct line *line)
{
  return options_ask_for(comparison->options, line->row.connection);
}

void print_csv(const struct comparison *comparison, struct output *output)
{
  struct walker walker = {.comparison = comparison};

  for (unsigned column = 0; column < COLUMN_COUNT; column++) {
    put_text(output, column == 0 ? "" : ",");
    put_text(output, columns[column].name);
  }
  put_char(output, '\n');
  while (walker_next(&walker) && !output_is_broken(output)) {
    if (!is_wanted(comparison, &walker.line)) {
      continue;
    }
    for (unsigned column = 0; column < COLUMN_COUNT; column++) {
      put_value(output, column, &walker.line);
      put_char(output, column + 1 < COLUMN_COUNT ? ',' : '\n');
    }
  }
}

enum { CELL_MOST = 1024 }; /* a name with its value */

/* An absent value is known when nothing has been written for it: then its name is taken back. */
static void put_json_line(struct output *output, const struct line *line)
{
  const char *separator = "{";

  for (unsigned column = 0; column < COLUMN_COUNT; column++) {
    const char *quote = columns[column].is_number ? "" : "\"";
    const char *before = output_room(output, CELL_MOST); /* so that nothing is flushed in between */
    const char *value;

    put_text(output, separator);
    put_char(output, '"');
    put_text(output, columns[column].name);
    put_text(output, "\":");
    put_text(output, quote);
    value = output_room(output, 0);
    put_value(output, column, line);
    if (output_room(output, 0) == value) {
      output_took(output, before);
    } else {
      put_text(output, quote);
      separator = ",";
    }
  }
  put_text(output, "}\n");
}

void print_json(const struct comparison *comparison, struct output *output)
{
  struct walker walker = {.comparison = comparison};

  while (walker_next(&walker) && !output_is_broken(output)) {
    if (is_wanted(comparison, &walker.line)) {
      put_json_line(output, &walker.line);
    }
  }
}
