/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line, read into plain values.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command;

enum form { FORM_TEXT, FORM_CSV, FORM_JSON, FORM_FIELDS, FORM_SVG, FORM_COUNT };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

enum language { LANGUAGE_ENGLISH, LANGUAGE_CHINESE };

enum what { WHAT_LADDER, WHAT_STATES };

struct options {
  const struct command *command;
  enum form form;
  const char **files; /* ends with NULL */
  size_t file_count;
  char *filter;           /* NULL: none */
  const char *interface;  /* NULL: not live */
  const char *write_file; /* NULL: none */
  const char **fields;    /* of -e */
  size_t field_count;
  int64_t time_wait_ns;
  uint32_t max_connections; /* 0: no limit */
  uint64_t max_memory;      /* bytes for connections; 0: no limit */
  uint32_t jobs;            /* threads that may be used; 0: 1 */
  uint32_t stream;          /* valid with has_stream */
  enum when colour;
  enum when progress;
  enum language language;
  enum what what;  /* diagram draws */
  bool explain;    /* compare tells */
  bool no_times;   /* in a ladder */
  bool no_numbers; /* in a ladder */
  bool has_stream;
  bool tcpdump_text;
  bool quiet;
  bool sandbox; /* enter it before anything of the input is read */
};

enum options_result {
  OPTIONS_RUN,
  OPTIONS_DONE,   /* help or version was asked for and printed */
  OPTIONS_WRONG,  /* said on standard error */
  OPTIONS_NO_FILE /* said too: the word is neither a file nor a command */
};

/* Is this connection to be shown? */
static inline bool options_ask_for(const struct options *options, uint32_t stream)
{
  return !options->has_stream || stream == options->stream;
}

/* The strings of `arguments` are kept, not copied. */
enum options_result options_read(struct options *options, int count, char **arguments);

void options_free(struct options *options);

#endif
