/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include "commands.h"
#include "help.h"
#include "message.h"
#include "options_check.h"
#include "output/columns.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum long_option {
  OPTION_TCPDUMP_TEXT = 256,
  OPTION_STREAM,
  OPTION_LANG,
  OPTION_WHAT,
  OPTION_EXPLAIN,
  OPTION_NO_TIMES,
  OPTION_NO_NUMBERS,
  OPTION_COLOR,
  OPTION_PROGRESS,
  OPTION_TIME_WAIT,
  OPTION_MAX_CONNECTIONS,
  OPTION_MAX_MEMORY,
  OPTION_JOBS
};

/* A table of connections that is smaller is of no use to anybody. */
enum { LEAST_MEMORY = 1 << 20 };

static const struct option long_options[] = {
    {"tcpdump-text", no_argument, NULL, OPTION_TCPDUMP_TEXT},
    {"stream", required_argument, NULL, OPTION_STREAM},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"what", required_argument, NULL, OPTION_WHAT},
    {"explain", no_argument, NULL, OPTION_EXPLAIN},
    {"no-times", no_argument, NULL, OPTION_NO_TIMES},
    {"no-numbers", no_argument, NULL, OPTION_NO_NUMBERS},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"colour", required_argument, NULL, OPTION_COLOR},
    {"progress", required_argument, NULL, OPTION_PROGRESS},
    {"time-wait", required_argument, NULL, OPTION_TIME_WAIT},
    {"max-connections", required_argument, NULL, OPTION_MAX_CONNECTIONS},
    {"max-memory", required_argument, NULL, OPTION_MAX_MEMORY},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"interface", required_argument, NULL, 'i'},
    {"quiet", no_argument, NULL, 'q'},
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* ---------------------------------------------------------------- values */

static bool read_number(const char *option, const char *text, uint32_t *number)
{
  char *end;
  unsigned long long value;

  errno = 0;
  value = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > UINT32_MAX) {
    complain("%s: \"%s\" is no number", option, text);
    return false;
  }
  *number = (uint32_t)value;
  return true;
}

static bool read_jobs(const char *text, uint32_t *jobs)
{
  if (!read_number("--jobs", text, jobs)) {
    return false;
  }
  if (*jobs == 0) {
    complain("--jobs: 1 is the least");
  }
  return *jobs > 0;
}

/* Bytes, or with K, M or G so many times 1024. */
static bool read_size(const char *option, const char *text, uint64_t *bytes)
{
  static const char units[] = "KMG";
  char *end;
  unsigned long long value;
  const char *unit;
  unsigned shift = 0;

  errno = 0;
  value = strtoull(text, &end, 10);
  unit = *end != '\0' ? strchr(units, *end) : NULL;
  if (unit != NULL) {
    shift = 10 * (unsigned)(unit - units + 1);
    end++;
  }
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > UINT64_MAX >> shift) {
    complain("%s: \"%s\" is no size (bytes, or with K, M, G)", option, text);
    return false;
  }
  *bytes = (uint64_t)value << shift;
  if (*bytes > 0 && *bytes < LEAST_MEMORY) {
    complain("%s: %s is too little; 1M is the least", option, text);
    return false;
  }
  return true;
}

static bool read_seconds(const char *option, const char *text, int64_t *nanoseconds)
{
  char *end;
  double value;

  errno = 0;
  value = strtod(text, &end);
  if (end == text || *end != '\0' || errno != 0 || !(value >= 0 && value <= 1e9)) {
    complain("%s: \"%s\" is no number of seconds", option, text);
    return false;
  }
  *nanoseconds = (int64_t)(value * 1e9);
  return true;
}

static void complain_choice(const char *option, const char *text, const char *const *words)
{
  char choice[64] = "";

  for (size_t used = 0; *words != NULL && used < sizeof choice; words++) {
    used += (size_t)snprintf(choice + used, sizeof choice - used, "%s%s", used == 0 ? "" : ", ", *words);
  }
  complain("%s: \"%s\" is none of: %s", option, text, choice);
}

/* Finds `text` in the words, the last of which is NULL. */
static bool read_word(const char *option, const char *text, const char *const *words, unsigned *index)
{
  for (*index = 0; words[*index] != NULL; ++*index) {
    if (strcmp(words[*index], text) == 0) {
      return true;
    }
  }
  complain_choice(option, text, words);
  return false;
}

static bool read_when(const char *option, const char *text, enum when *when)
{
  static const char *const words[] = {[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never", NULL};
  unsigned index;

  if (!read_word(option, text, words, &index)) {
    return false;
  }
  *when = (enum when)index;
  return true;
}

static bool read_language(const char *text, enum language *language)
{
  static const char *const words[] = {[LANGUAGE_ENGLISH] = "en", [LANGUAGE_CHINESE] = "zh", NULL};
  unsigned index;

  if (!read_word("--lang", text, words, &index)) {
    return false;
  }
  *language = (enum language)index;
  return true;
}

static bool read_what(const char *text, enum what *what)
{
  static const char *const words[] = {[WHAT_LADDER] = "ladder", [WHAT_STATES] = "states", NULL};
  unsigned index;

  if (!read_word("--what", text, words, &index)) {
    return false;
  }
  *what = (enum what)index;
  return true;
}

static bool read_form(const char *text, enum form *form)
{
  if (!form_find(text, form)) {
    complain("-T: there is no output form \"%s\" (tcpstate --help has their names)", text);
    return false;
  }
  return true;
}

static bool add_field(struct options *options, const char *name)
{
  if (field_name_find(name) < 0) {
    complain("-e: there is no field \"%s\" (man tcpstate has their names)", name);
    return false;
  }
  options->fields[options->field_count++] = name;
  return true;
}

/* ---------------------------------------------------------------- one option */

static bool read_option(struct options *options, int option)
{
  switch (option) {
  case 'T':
    return read_form(optarg, &options->form);
  case 'e':
    return add_field(options, optarg);
  case 'i':
    options->interface = optarg;
    return true;
  case 'w':
    options->write_file = optarg;
    return true;
  case 'q':
    options->quiet = true;
    return true;
  case OPTION_TCPDUMP_TEXT:
    options->tcpdump_text = true;
    return true;
  case OPTION_STREAM:
    options->has_stream = true;
    return read_number("--stream", optarg, &options->stream);
  case OPTION_LANG:
    return read_language(optarg, &options->language);
  case OPTION_WHAT:
    return read_what(optarg, &options->what);
  case OPTION_EXPLAIN:
    options->explain = true;
    return true;
  case OPTION_NO_TIMES:
    options->no_times = true;
    return true;
  case OPTION_NO_NUMBERS:
    options->no_numbers = true;
    return true;
  case OPTION_COLOR:
    return read_when("--color", optarg, &options->colour);
  case OPTION_PROGRESS:
    return read_when("--progress", optarg, &options->progress);
  case OPTION_TIME_WAIT:
    return read_seconds("--time-wait", optarg, &options->time_wait_ns);
  case OPTION_MAX_CONNECTIONS:
    return read_number("--max-connections", optarg, &options->max_connections);
  case OPTION_MAX_MEMORY:
    return read_size("--max-memory", optarg, &options->max_memory);
  case OPTION_JOBS:
    return read_jobs(optarg, &options->jobs);
  default:
    return false;
  }
}

/* ---------------------------------------------------------------- files and filter */

/* No word of a filter ends like this: whoever wrote it means a file, though it may not be there. */
static bool has_capture_suffix(const char *argument)
{
  static const char *const suffixes[] = {".pcap", ".pcapng", ".cap", ".gz", ".zst"};
  size_t length = strlen(argument);

  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
    size_t size = strlen(suffixes[i]);

    if (length > size && strcmp(argument + length - size, suffixes[i]) == 0) {
      return true;
    }
  }
  return false;
}

/* A filter and a file can look alike, so: the first is a file, and the second of two to compare; others are where a
 * file of that name is there. */
static bool is_file(const char *argument, bool certain)
{
  struct stat status;

  return certain || strcmp(argument, "-") == 0 || has_capture_suffix(argument) ||
         (stat(argument, &status) == 0 && !S_ISDIR(status.st_mode));
}

/* A plain word that is no file may well have been meant for a command. */
static void complain_no_command(const char *word)
{
  char names[128] = "";
  size_t used = 0;

  for (const struct command *command = commands; command->name != NULL && used < sizeof names; command++) {
    used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used == 0 ? "" : ", ", command->name);
  }
  complain("%s: there is neither such a file nor such a command (%s)", word, names);
}

static bool is_missing_word(const char *argument)
{
  return argument != NULL && strpbrk(argument, "./") == NULL && strcmp(argument, "-") != 0 &&
         access(argument, F_OK) != 0 && errno == ENOENT;
}

static bool join_filter(struct options *options, char **words, int count)
{
  size_t size = 1;
  size_t used = 0;

  if (count == 0) {
    return true;
  }
  for (int i = 0; i < count; i++) {
    size += strlen(words[i]) + 1;
  }
  options->filter = calloc(1, size);
  if (options->filter == NULL) {
    complain("no memory");
    return false;
  }
  for (int i = 0; i < count; i++) {
    used += (size_t)snprintf(options->filter + used, size - used, "%s%s", i == 0 ? "" : " ", words[i]);
  }
  return true;
}

static bool read_arguments(struct options *options, char **arguments, int count)
{
  const int certain = options->tcpdump_text ? count : options->command->run != NULL ? 2 : 1;
  int files = 0;

  if (options->interface == NULL) {
    while (files < count && is_file(arguments[files], files < certain)) {
      options->files[options->file_count++] = arguments[files++];
    }
    if (files == 0 && !isatty(STDIN_FILENO)) {
      options->files[options->file_count++] = "-";
    }
    if (options->file_count == 0) {
      complain("no FILE (see tcpstate --help)");
      return false;
    }
  }
  return join_filter(options, arguments + files, count - files);
}

/* ---------------------------------------------------------------- all of it */

static bool prepare(struct options *options, int count)
{
  tcpstate_settings settings;

  tcpstate_settings_init(&settings);
  *options = (struct options){.command = commands, .time_wait_ns = settings.time_wait_ns};
  options->files = calloc((size_t)count + 1, sizeof *options->files);
  options->fields = calloc((size_t)count + 1, sizeof *options->fields);
  if (options->files == NULL || options->fields == NULL) {
    complain("no memory");
    return false;
  }
  return true;
}

/* The command may be left out; it may stand before or after the options, as the first word that is none. False if it is
 * not there. */
static bool read_command(struct options *options, int count, char **arguments)
{
  const struct command *command = optind < count ? command_find(arguments[optind]) : NULL;

  if (command == NULL) {
    return false;
  }
  options->command = command;
  optind++;
  return true;
}

/* In our words: getopt_long would print the wrong one as it stands, with whatever a terminal obeys in it. */
static void complain_option(char **arguments, int option)
{
  const char letter[] = {'-', (char)optopt, '\0'};
  const bool is_letter = optopt > ' ' && optopt <= '~' && strncmp(arguments[optind - 1], "--", 2) != 0;

  complain("%s: %s (see tcpstate --help)", is_letter ? letter : arguments[optind - 1],
           option == ':' ? "its value is missing" : "there is no such option");
}

enum options_result options_read(struct options *options, int count, char **arguments)
{
  int option;

  if (!prepare(options, count)) {
    return OPTIONS_WRONG;
  }
  while ((option = getopt_long(count, arguments, ":T:e:i:w:qVh", long_options, NULL)) != -1) {
    if (option == 'h' || option == 'V') {
      option == 'h' ? help_print() : version_print();
      return OPTIONS_DONE;
    }
    if (option == ':' || option == '?') {
      complain_option(arguments, option);
      return OPTIONS_WRONG;
    }
    if (!read_option(options, option)) {
      return OPTIONS_WRONG;
    }
  }
  if (!read_command(options, count, arguments) && options->interface == NULL && is_missing_word(arguments[optind])) {
    complain_no_command(arguments[optind]);
    return OPTIONS_NO_FILE;
  }
  if (!read_arguments(options, arguments + optind, count - optind) || !options_hang_together(options)) {
    return OPTIONS_WRONG;
  }
  /* compare may have to look up a name of its filter twice, and to open what it writes at the end. */
  options->sandbox = options->command->run == NULL || (options->filter == NULL && options->write_file == NULL);
  return OPTIONS_RUN;
}

void options_free(struct options *options)
{
  free(options->files);
  free(options->fields);
  free(options->filter);
}
