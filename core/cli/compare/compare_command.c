/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare_command.h"

#include "../huge_pages.h"
#include "../message.h"
#include "../summary.h"
#include "../terminal.h"
#include "account.h"
#include "lifelines.h"
#include "merged.h"
#include "pages.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static void print_text(const struct comparison *comparison, struct output *output)
{
  const bool colour = terminal_wants_colour(comparison->options->colour, STDOUT_FILENO);

  if (comparison->options->explain) {
    print_account(comparison, output, colour);
  } else {
    print_pages(comparison, output, colour);
  }
}

static int print(const struct comparison *comparison)
{
  struct output *output = output_open(STDOUT_FILENO);
  int code = EXIT_DONE;

  if (output == NULL) {
    complain("no memory");
    return EXIT_UNREADABLE;
  }
  switch (comparison->options->form) {
  case FORM_CSV:
    print_csv(comparison, output);
    break;
  case FORM_JSON:
    print_json(comparison, output);
    break;
  case FORM_SVG:
    print_lifelines(comparison, output);
    break;
  default:
    print_text(comparison, output);
    break;
  }
  output_flush(output);
  if (output_is_broken(output) && output_error(output) != EPIPE) {
    complain("standard output: %s", strerror(output_error(output)));
    code = EXIT_DAMAGED;
  }
  output_close(output);
  return code;
}

static int compare_and_print(const struct options *options, struct compare *compare, struct tap taps[COMPARE_SIDES])
{
  struct comparison comparison = {.options = options, .compare = compare, .taps = taps};
  int code = tap_read(&taps[COMPARE_A], options, compare, COMPARE_A);
  int other =
      code == EXIT_UNREADABLE || code == EXIT_USAGE ? code : tap_read(&taps[COMPARE_B], options, compare, COMPARE_B);
  int printed;

  if (other == EXIT_UNREADABLE || other == EXIT_USAGE) {
    return other;
  }
  if (compare_run(compare) != TCPSTATE_OK) {
    complain_no_memory(options);
    return EXIT_UNREADABLE;
  }
  compare_summary_get(compare, &comparison.summary);
  if (options->has_stream && options->stream >= comparison.summary.connections) {
    complain("--stream %" PRIu32 ": there is no such connection; %" PRIu32 " in both, numbered from 0", options->stream,
             comparison.summary.connections);
  }
  if (!options->quiet) {
    summary_print_evicted(taps[COMPARE_A].evicted + taps[COMPARE_B].evicted);
  }
  printed = options->write_file != NULL ? write_merged(&comparison) : print(&comparison);
  return code != EXIT_DONE ? code : other != EXIT_DONE ? other : printed;
}

int compare_command(const struct options *options)
{
  struct compare_settings settings = {.allocator = huge_pages_allocator, .memory_limit = options->max_memory};
  struct tap taps[COMPARE_SIDES] = {{0}};
  struct compare *compare;
  int code;

  if (options->file_count != COMPARE_SIDES || options->interface != NULL) {
    complain("compare needs two captures");
    return EXIT_USAGE;
  }
  if (getrandom(&settings.hash_key, sizeof settings.hash_key, GRND_NONBLOCK) < 0) {
    settings.hash_key = (uint64_t)getpid();
  }
  compare = compare_new(&settings);
  if (compare == NULL) {
    complain("no memory");
    return EXIT_UNREADABLE;
  }
  code = compare_and_print(options, compare, taps);
  compare_free(compare);
  return code;
}
