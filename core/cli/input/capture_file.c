/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_file.h"

#include "../message.h"
#include "byte_stream.h"
#include "interrupt.h"
#include "libpcap_file.h"
#include "pcap_records.h"
#include "pcapng.h"

#include <stdlib.h>
#include <string.h>

/* `bytes` is NULL once libpcap has them. */
struct capture_file {
  const char *name;
  struct byte_stream *bytes;
  struct pcap_records records;
  struct pcapng *pcapng;
  struct libpcap_file *libpcap;
};

static const char *shown_name(const char *name)
{
  return strcmp(name, "-") == 0 ? "standard input" : name;
}

/* Of all kinds only pcapng starts with this byte. */
static bool is_pcapng(struct byte_stream *bytes)
{
  const uint8_t *first = byte_stream_peek(bytes, 1);

  return first != NULL && *first == (PCAPNG_SECTION & 0xff);
}

static bool hand_on(struct capture_file *file, const uint8_t *prefix, size_t prefix_size)
{
  file->libpcap = libpcap_file_open(file->bytes, prefix, prefix_size, shown_name(file->name));
  file->bytes = NULL;
  return file->libpcap != NULL;
}

static bool open_pcapng(struct capture_file *file, const struct block_watch *watch)
{
  file->pcapng = pcapng_new(file->bytes, watch);
  if (file->pcapng == NULL) {
    complain("%s: no memory", shown_name(file->name));
    return false;
  }
  return true;
}

static bool open_stream(struct capture_file *file, const struct block_watch *watch, uint64_t *read_bytes)
{
  char error[STREAM_ERROR_SIZE];

  file->bytes = byte_stream_open(file->name, read_bytes, error);
  if (file->bytes == NULL) {
    complain("%s: %s", shown_name(file->name), error);
    return false;
  }
  if (is_pcapng(file->bytes)) {
    return open_pcapng(file, watch);
  }
  return pcap_records_open(&file->records, file->bytes) || hand_on(file, NULL, 0);
}

struct capture_file *capture_file_open(const char *name, const struct block_watch *watch, uint64_t *read_bytes)
{
  struct capture_file *file = calloc(1, sizeof *file);

  if (file == NULL) {
    complain("%s: no memory", shown_name(name));
    return NULL;
  }
  file->name = name;
  if (!open_stream(file, watch, read_bytes)) {
    capture_file_close(file);
    return NULL;
  }
  return file;
}

/* Where an interrupt ended a pipe, the record that it cut is no damage. */
static enum read_status damaged(const struct capture_file *file, unsigned long long byte, const char *error)
{
  if (interrupt_signal() != 0) {
    return READ_END;
  }
  complain("%s: damaged at byte %llu: %s", shown_name(file->name), byte, error);
  return READ_DAMAGED;
}

/* ---------------------------------------------------------------- pcap */

/* From a record on that is not plain, libpcap goes on: it sees the file's header and what is left. */
static enum read_status read_record(struct capture_file *file, struct frame *frame)
{
  if (pcap_records_read(&file->records, file->bytes, frame)) {
    return READ_FRAME;
  }
  if (byte_stream_peek(file->bytes, 1) == NULL && byte_stream_error(file->bytes) == NULL) {
    return READ_END;
  }
  return hand_on(file, file->records.header, sizeof file->records.header) ? libpcap_file_read(file->libpcap, frame)
                                                                          : READ_DAMAGED;
}

/* ---------------------------------------------------------------- pcapng */

static enum read_status read_pcapng(struct capture_file *file, struct frame *frame)
{
  enum read_status status = pcapng_read(file->pcapng, frame);

  if (status == READ_DAMAGED) {
    unsigned long long byte;
    const char *error = pcapng_error(file->pcapng, &byte);

    return damaged(file, byte, error);
  }
  return status;
}

/* ---------------------------------------------------------------- both */

enum read_status capture_file_read(struct capture_file *file, struct frame *frame)
{
  if (file->libpcap != NULL) {
    return libpcap_file_read(file->libpcap, frame);
  }
  if (file->bytes == NULL) {
    return READ_END; /* READ_DAMAGED has been said */
  }
  return file->pcapng != NULL ? read_pcapng(file, frame) : read_record(file, frame);
}

bool capture_file_lacks_frame(struct capture_file *file)
{
  if (file->libpcap != NULL || file->bytes == NULL) {
    return false;
  }
  return file->pcapng != NULL ? pcapng_lacks_block(file->pcapng) : pcap_records_lack(&file->records, file->bytes);
}

struct pcap_records *capture_file_records(struct capture_file *file)
{
  return file->libpcap == NULL && file->pcapng == NULL && file->bytes != NULL ? &file->records : NULL;
}

void capture_file_close(struct capture_file *file)
{
  if (file->libpcap != NULL) {
    libpcap_file_close(file->libpcap);
  }
  if (file->pcapng != NULL) {
    pcapng_free(file->pcapng);
  }
  if (file->bytes != NULL) {
    byte_stream_close(file->bytes);
  }
  free(file);
}
