/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Every writer of every command, over what the engine says of a sequence of segments. JSON and CSV have to parse, and
 * nothing that acts on a terminal or a spreadsheet may come out. The first byte chooses the writer, the second limits
 * the connections. */
#include "forms.h"
#include "pieces.h"
#include "records.h"
#include "target.h"

#include "commands.h"

#include <string.h>
#include <unistd.h>

enum { HEAD = 2, FIELDS = 3, MOST_WRITERS = 32 };

struct choice {
  const struct command *command;
  enum form form;
};

/* The `number`th writer that there is. */
static struct choice choose(unsigned number)
{
  struct choice all[MOST_WRITERS];
  unsigned count = 0;

  for (const struct command *command = commands; command->name != NULL; command++) {
    for (unsigned form = 0; form < FORM_COUNT; form++) {
      if (command->writers[form] != NULL && count < MOST_WRITERS) {
        all[count++] = (struct choice){command, (enum form)form};
      }
    }
  }
  if (count == 0) {
    abort();
  }
  return all[number % count];
}

struct ends {
  const struct writer *writer;
  void *state;
};

static void connection_end(void *user, const tcpstate_connection *connection)
{
  const struct ends *ends = user;

  if (ends->writer->connection_end != NULL) {
    ends->writer->connection_end(ends->state, connection);
  }
}

static void feed_all(tcpstate_tracker *tracker, const struct ends *ends, const uint8_t *data, size_t count)
{
  struct records records;

  records_start(&records);
  for (size_t i = 0; i < count; i++) {
    bool icmp;
    tcpstate_segment segment = records_segment(&records, data + i * RECORD_SIZE, &icmp);
    tcpstate_annotation annotation;

    if (icmp) { /* here: any bytes as addresses, which some writers print in several forms */
      memcpy(segment.src, data, RECORD_SIZE);
      segment.ip_version = 6;
    }
    if (ends->writer->packet == NULL) {
      FUZZ_CHECK(tcpstate_feed_batch(tracker, &segment, 1, NULL) == TCPSTATE_OK);
    } else if (tcpstate_feed(tracker, &segment, &annotation) == TCPSTATE_OK) {
      const struct packet packet = {i + 1, &segment, &annotation};

      ends->writer->packet(ends->state, &packet);
    }
  }
}

static void write_all(const struct options *options, struct output *output, const uint8_t *data, size_t count)
{
  struct ends ends = {.writer = options->command->writers[options->form]};
  tcpstate_tracker *tracker;
  tcpstate_settings settings;
  bool out_of_memory = false;

  tcpstate_settings_init(&settings);
  settings.max_connections = options->max_connections;
  settings.connection_end = connection_end;
  settings.connection_end_user = &ends;
  FUZZ_CHECK(tcpstate_new(&tracker, &settings) == TCPSTATE_OK);
  ends.state = ends.writer->begin(&(struct writer_context){
      .options = options, .output = output, .tracker = tracker, .out_of_memory = &out_of_memory});
  FUZZ_CHECK(ends.state != NULL);
  feed_all(tracker, &ends, data, count);
  ends.writer->end(ends.state);
  FUZZ_CHECK(!out_of_memory);
  tcpstate_free(tracker);
}

static const char *wrong(enum form form, const char *text)
{
  const char *found = plain_wrong(text);

  if (found == NULL && form == FORM_JSON) {
    found = json_lines_wrong(text);
  }
  if (found == NULL && form == FORM_CSV) {
    found = csv_wrong(text);
  }
  return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *fields[FIELDS + 1] = {"ip.src", "tcpstate.transition", "tcpstate.conn.history", NULL};
  const char *files[] = {"x.pcap", NULL};
  size_t count = size > HEAD ? (size - HEAD) / RECORD_SIZE : 0;
  struct choice choice;
  struct output *output;
  const char *found;
  char *text;
  int file;

  if (count == 0 || count > RECORDS_MOST) {
    return 0;
  }
  choice = choose(data[0]);
  file = file_of(data, 0);
  output = output_open(file);
  FUZZ_CHECK(output != NULL);
  write_all(&(struct options){.command = choice.command,
                              .form = choice.form,
                              .files = files,
                              .file_count = 1,
                              .fields = fields,
                              .field_count = FIELDS,
                              .max_connections = data[1] & 7,
                              .language = data[1] & 8 ? LANGUAGE_CHINESE : LANGUAGE_ENGLISH},
            output, data + HEAD, count);
  output_close(output);
  text = (char *)content_of(file, &size);
  FUZZ_CHECK(strlen(text) == size);
  found = wrong(choice.form, text);
  if (found != NULL) {
    fprintf(stderr, "%s, form %d: %s\n%s", choice.command->name, (int)choice.form, found, text);
  }
  FUZZ_CHECK(found == NULL);
  free(text);
  close(file);
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
  if (seed % 8 == 0 && size >= HEAD) {
    data[seed / 8 % HEAD] = (uint8_t)(seed >> 10);
    return size;
  }
  return records_mutate(data, HEAD, size, room, seed);
}
