/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --tcpdump-text: what tcpdump prints, saved or piped. Packets are numbered as tcpdump saw them, so a line that is a
 * packet but no TCP counts, too.
 */
#include "../message.h"
#include "../options.h"
#include "../sandbox.h"
#include "line_reader.h"
#include "source.h"
#include "text_line.h"
#include "text_numbers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t day = INT64_C(86400) * 1000000000;

struct text_source {
  struct source source; /* first */
  const struct options *options;
  size_t file; /* the next one to open */
  int descriptor;
  struct line_reader *lines; /* NULL between two files */
  struct text_numbers *numbers;
  uint64_t frames;
  uint64_t skipped;      /* lines */
  struct text_time time; /* of the last line that had one */
  int64_t midnight;      /* start of the current day, where only the time of day is known */
};

/* ---------------------------------------------------------------- files */

static bool open_file(struct text_source *self)
{
  const char *name = self->options->files[self->file++];

  self->descriptor = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
  if (self->descriptor < 0) {
    complain("%s: %s", name, strerror(errno));
    return false;
  }
  self->lines = line_reader_new(self->descriptor);
  if (self->lines == NULL) {
    complain("%s: no memory", name);
    close(self->descriptor);
    return false;
  }
  return true;
}

static void close_file(struct text_source *self)
{
  if (self->lines != NULL) {
    line_reader_free(self->lines);
    close(self->descriptor);
    self->lines = NULL;
  }
}

/* ---------------------------------------------------------------- lines */

/* Only the time of day is printed: one that is far earlier than the last belongs to the next day. */
static int64_t absolute_time(struct text_source *self, const struct text_time *time)
{
  if (time->clock == CLOCK_DAY && self->time.clock == CLOCK_DAY && time->ns < self->time.ns - day / 2 &&
      self->midnight < INT64_MAX / 2) {
    self->midnight += day;
  }
  self->time = *time;
  return time->clock == CLOCK_DAY ? time->ns + self->midnight : time->ns;
}

/* A line of its own, or the second one that -v prints for a packet, which is indented and has no time. */
static void count_frame(struct text_source *self, const struct text_line *parsed, const char *line)
{
  bool is_continuation = parsed->time.clock == CLOCK_NONE && self->time.clock != CLOCK_NONE && *line == ' ';

  if (parsed->time.clock != CLOCK_NONE || (parsed->is_segment && !is_continuation)) {
    self->frames++;
  }
}

/* False if the line is skipped. */
static bool take_line(struct text_source *self, const char *line, struct item *item)
{
  struct text_line parsed;
  int64_t time_ns;

  text_line_parse(&parsed, line);
  count_frame(self, &parsed, line);
  time_ns = absolute_time(self, parsed.time.clock != CLOCK_NONE ? &parsed.time : &self->time);
  if (!parsed.is_segment || !text_numbers_resolve(self->numbers, &parsed.segment, parsed.has_seq)) {
    return false;
  }
  memset(item, 0, sizeof *item);
  item->frame = self->frames;
  item->decoded.kind = DECODED_SEGMENT;
  item->decoded.segment = parsed.segment;
  item->decoded.segment.time_ns = time_ns;
  if (self->time.clock == CLOCK_NONE) {
    item->decoded.segment.facts |= TCPSTATE_NO_TIME;
  }
  return true;
}

static enum source_status next_item(struct source *source, struct item *item)
{
  struct text_source *self = (struct text_source *)source;

  for (;;) {
    char *line;
    enum line_status status;

    if (self->lines == NULL) {
      if (self->file == self->options->file_count) {
        return SOURCE_END;
      }
      if (!open_file(self)) {
        return SOURCE_DAMAGED;
      }
    }
    status = line_reader_next(self->lines, &line);
    if (status == LINE_WAIT) {
      return SOURCE_IDLE;
    }
    if (status == LINE_BROKEN) {
      complain("%s: %s", self->options->files[self->file - 1], strerror(errno));
      return SOURCE_DAMAGED;
    }
    if (status == LINE_END) {
      close_file(self);
    } else if (take_line(self, line, item)) {
      return SOURCE_ITEM;
    } else {
      self->skipped++;
    }
  }
}

static void close_source(struct source *source)
{
  struct text_source *self = (struct text_source *)source;

  if (!self->options->quiet) {
    complain("skipped %" PRIu64 " line%s that %s no TCP segment", self->skipped, self->skipped == 1 ? "" : "s",
             self->skipped == 1 ? "is" : "are");
  }
  close_file(self);
  text_numbers_free(self->numbers);
  free(self);
}

/* Known before anything is printed, so that a name that is wrong ends in nothing but its complaint. */
static bool can_be_read(const char *name)
{
  struct stat status;

  if (strcmp(name, "-") == 0) {
    return true;
  }
  if (access(name, R_OK) != 0 || stat(name, &status) != 0) {
    complain("%s: %s", name, strerror(errno));
    return false;
  }
  if (S_ISDIR(status.st_mode)) {
    complain("%s: %s", name, strerror(EISDIR));
    return false;
  }
  return true;
}

struct source *text_source_open(const struct options *options, int *code)
{
  struct text_source *self = calloc(1, sizeof *self);

  *code = EXIT_UNREADABLE;
  if (self == NULL || (self->numbers = text_numbers_new()) == NULL) {
    complain("no memory");
    free(self);
    return NULL;
  }
  if (options->sandbox) {
    sandbox_enter();
  }
  self->source = (struct source){.next = next_item, .close = close_source};
  self->options = options;
  for (size_t i = 0; i < options->file_count; i++) {
    if (!can_be_read(options->files[i])) {
      text_numbers_free(self->numbers);
      free(self);
      return NULL;
    }
  }
  return &self->source;
}
