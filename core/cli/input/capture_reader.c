/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Several files are merged by time. A file is open only from its first frame on until its last, so that a long
 * rotated set does not run out of file descriptors.
 */
#include "capture_reader.h"

#include "../message.h"

#include <stdlib.h>
#include <string.h>

struct part {
  const char *name;
  struct capture_file *file; /* NULL while closed */
  struct frame next;         /* the frame to give out, if `file` is open; else only its time is valid */
  size_t position;           /* on the command line: decides between equal times */
};

struct capture_reader {
  const struct block_watch *watch;
  struct part *parts; /* sorted by first time */
  size_t count;
  size_t first;         /* parts before have ended */
  struct part *current; /* gave out its frame and needs to read on */
  bool damaged;
  uint64_t read_bytes;
};

static int by_first_time(const void *left, const void *right)
{
  const struct part *a = left;
  const struct part *b = right;

  if (a->next.time_ns != b->next.time_ns) {
    return a->next.time_ns < b->next.time_ns ? -1 : 1;
  }
  return a->position < b->position ? -1 : 1;
}

/* The part has nothing more to give: it is taken out, the others keep their order. */
static void end_part(struct capture_reader *reader, struct part *part)
{
  size_t before = (size_t)(part - reader->parts) - reader->first;

  if (part->file != NULL) {
    capture_file_close(part->file);
  }
  memmove(reader->parts + reader->first + 1, reader->parts + reader->first, before * sizeof *part);
  reader->parts[reader->first].file = NULL;
  reader->first++;
}

/* False if the part has ended. */
static bool read_on(struct capture_reader *reader, struct part *part)
{
  enum read_status status = capture_file_read(part->file, &part->next);

  if (status == READ_FRAME) {
    return true;
  }
  reader->damaged = reader->damaged || status == READ_DAMAGED;
  end_part(reader, part);
  return false;
}

static bool open_part(struct capture_reader *reader, struct part *part)
{
  part->file = capture_file_open(part->name, reader->watch, &reader->read_bytes);
  return part->file != NULL;
}

/* Opens each file once, so that one that cannot be read is known before anything is printed, and keeps it open only
 * where it could not be opened again. */
static bool open_parts(struct capture_reader *reader)
{
  for (size_t i = 0; i < reader->count; i++) {
    struct part *part = &reader->parts[i];

    if (!open_part(reader, part)) {
      return false;
    }
    if (read_on(reader, part) && reader->count > 1 && strcmp(part->name, "-") != 0) {
      capture_file_close(part->file);
      part->file = NULL;
    }
  }
  qsort(reader->parts + reader->first, reader->count - reader->first, sizeof *reader->parts, by_first_time);
  return true;
}

struct capture_reader *capture_reader_open(const char *const *names, size_t count, const struct block_watch *watch)
{
  struct capture_reader *reader = calloc(1, sizeof *reader);

  if (reader != NULL) {
    reader->parts = calloc(count, sizeof *reader->parts);
  }
  if (reader == NULL || reader->parts == NULL) {
    complain("no memory");
    free(reader);
    return NULL;
  }
  reader->watch = watch;
  reader->count = count;
  for (size_t i = 0; i < count; i++) {
    reader->parts[i].name = names[i];
    reader->parts[i].position = i;
  }
  if (!open_parts(reader)) {
    capture_reader_close(reader);
    return NULL;
  }
  return reader;
}

/* The earliest next frame. Parts are sorted by their first frame, so the search ends at the first closed one that is
 * later than what was found. */
static struct part *earliest(struct capture_reader *reader)
{
  struct part *found = NULL;

  for (size_t i = reader->first; i < reader->count; i++) {
    struct part *part = &reader->parts[i];

    if (found == NULL || part->next.time_ns < found->next.time_ns) {
      found = part;
    }
    if (part->file == NULL) {
      break;
    }
  }
  return found;
}

/* Of one part, no frame has to wait for another's. */
static enum read_status read_last_part(struct capture_reader *reader, struct frame *frame)
{
  enum read_status status = capture_file_read(reader->current->file, frame);

  if (status != READ_FRAME) {
    end_part(reader, reader->current);
    reader->current = NULL;
    status = reader->damaged ? READ_DAMAGED : status;
    reader->damaged = false;
  }
  return status;
}

enum read_status capture_reader_read(struct capture_reader *reader, struct frame *frame)
{
  struct part *part;

  if (reader->current != NULL && reader->count - reader->first == 1) {
    return read_last_part(reader, frame);
  }
  if (reader->current != NULL) {
    read_on(reader, reader->current);
    reader->current = NULL;
  }
  while ((part = earliest(reader)) != NULL && part->file == NULL) {
    if (open_part(reader, part)) {
      read_on(reader, part);
    } else { /* it was there a moment ago */
      reader->damaged = true;
      end_part(reader, part);
    }
  }
  if (part == NULL) {
    bool damaged = reader->damaged;

    reader->damaged = false;
    return damaged ? READ_DAMAGED : READ_END;
  }
  *frame = part->next;
  reader->current = part;
  return READ_FRAME;
}

bool capture_reader_lacks_frame(struct capture_reader *reader)
{
  return reader->current != NULL && reader->count == 1 && reader->first == 0 &&
         capture_file_lacks_frame(reader->current->file);
}

struct pcap_records *capture_reader_records(struct capture_reader *reader)
{
  return reader->current != NULL && reader->count - reader->first == 1 ? capture_file_records(reader->current->file)
                                                                       : NULL;
}

uint64_t capture_reader_bytes(const struct capture_reader *reader)
{
  return reader->read_bytes;
}

void capture_reader_close(struct capture_reader *reader)
{
  for (size_t i = reader->first; i < reader->count; i++) {
    if (reader->parts[i].file != NULL) {
      capture_file_close(reader->parts[i].file);
    }
  }
  free(reader->parts);
  free(reader);
}
