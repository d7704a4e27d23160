/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "line_reader.h"

#include "interrupt.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1 << 16 };

struct line_reader {
  int descriptor;
  bool waits; /* the descriptor is no file on a disk */
  bool said_wait;
  bool ended;
  int error; /* that ended it */
  size_t start;
  size_t end;
  char buffer[BUFFER_SIZE + 1];
};

struct line_reader *line_reader_new(int descriptor)
{
  struct line_reader *reader = calloc(1, sizeof *reader);
  struct stat status;

  if (reader != NULL) {
    reader->descriptor = descriptor;
    reader->waits = fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode);
  }
  return reader;
}

void line_reader_free(struct line_reader *reader)
{
  free(reader);
}

/* Gives out `length` bytes and leaves out `skip` behind them. */
static char *take(struct line_reader *reader, size_t length, size_t skip)
{
  char *line = reader->buffer + reader->start;

  line[length] = '\0';
  reader->start += length + skip;
  return line;
}

static void fill(struct line_reader *reader)
{
  ssize_t count = 0;

  memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
  reader->end -= reader->start;
  reader->start = 0;
  if (!reader->waits || interrupt_wait(reader->descriptor, -1)) {
    do {
      count = read(reader->descriptor, reader->buffer + reader->end, BUFFER_SIZE - reader->end);
    } while (count < 0 && errno == EINTR);
  }
  reader->ended = count <= 0;
  reader->error = count < 0 ? errno : 0;
  reader->end += count > 0 ? (size_t)count : 0;
}

enum line_status line_reader_next(struct line_reader *reader, char **line)
{
  for (;;) {
    size_t length = reader->end - reader->start;
    char *newline = memchr(reader->buffer + reader->start, '\n', length);

    if (newline != NULL) {
      *line = take(reader, (size_t)(newline - reader->buffer) - reader->start, 1);
      return LINE_READ;
    }
    if (length == BUFFER_SIZE || (reader->ended && length > 0)) {
      *line = take(reader, length, 0);
      return LINE_READ;
    }
    if (reader->ended) {
      errno = reader->error;
      return reader->error != 0 ? LINE_BROKEN : LINE_END;
    }
    if (!reader->said_wait) {
      reader->said_wait = true;
      return LINE_WAIT;
    }
    fill(reader);
    reader->said_wait = false;
  }
}
