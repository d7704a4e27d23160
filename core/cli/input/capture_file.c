/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_file.h"

#include "../decode/packet_decoder.h"
#include "../message.h"
#include "byte_stream.h"
#include "pcap_frame.h"
#include "pcap_records.h"
#include "pcapng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exactly one of `pcap`, `pcapng` and `bytes` is set: the last one while plain records are read without libpcap. */
struct capture_file {
  const char *name;
  struct byte_stream *bytes;
  FILE *stream; /* closed by libpcap, if that reads it */
  struct pcap_records records;
  pcap_t *pcap;
  struct pcapng *pcapng;
  struct frame frame; /* what all frames of a pcap file have in common */
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

static bool make_stream(struct capture_file *file, const uint8_t *prefix, size_t prefix_size)
{
  file->stream = byte_stream_file(file->bytes, prefix, prefix_size);
  if (file->stream == NULL) {
    complain("%s: no memory", shown_name(file->name));
    return false;
  }
  file->bytes = NULL;
  return true;
}

static bool open_pcap(struct capture_file *file)
{
  char error[PCAP_ERRBUF_SIZE] = "";

  file->pcap = pcap_fopen_offline_with_tstamp_precision(file->stream, PCAP_TSTAMP_PRECISION_NANO, error);
  if (file->pcap == NULL) {
    complain("%s: cannot be read as a capture: %s", shown_name(file->name), error);
    return false;
  }
  file->stream = NULL;
  pcap_frame_prepare(&file->frame, file->pcap);
  if (!packet_link_is_known(file->frame.link_type)) {
    complain("%s: no TCP can be found in link type %u", shown_name(file->name), file->frame.link_type);
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
    return make_stream(file, NULL, 0) && (file->pcapng = pcapng_new(file->stream, watch)) != NULL;
  }
  return pcap_records_open(&file->records, file->bytes) || (make_stream(file, NULL, 0) && open_pcap(file));
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

/* ---------------------------------------------------------------- pcap */

static enum read_status pcap_damaged(const struct capture_file *file)
{
  FILE *stream = pcap_file(file->pcap);
  const char *error =
      ferror(stream) && errno == EBADMSG ? "compressed data is cut or damaged" : pcap_geterr(file->pcap);

  complain("%s: damaged at byte %ld: %s", shown_name(file->name), ftell(stream), error);
  return READ_DAMAGED;
}

static enum read_status read_pcap(struct capture_file *file, struct frame *frame)
{
  struct pcap_pkthdr *header;
  const u_char *bytes;
  int result = pcap_next_ex(file->pcap, &header, &bytes);

  if (result == PCAP_ERROR_BREAK) {
    return READ_END;
  }
  if (result != 1) {
    return pcap_damaged(file);
  }
  *frame = file->frame;
  pcap_frame_fill(frame, header, bytes, true);
  return READ_FRAME;
}

/* From a record on that is not plain, and at the end, libpcap goes on: it sees the file's header and what is left. */
static enum read_status read_record(struct capture_file *file, struct frame *frame)
{
  if (pcap_records_read(&file->records, file->bytes, frame)) {
    return READ_FRAME;
  }
  if (!make_stream(file, file->records.header, sizeof file->records.header) || !open_pcap(file)) {
    return READ_DAMAGED;
  }
  return read_pcap(file, frame);
}

/* ---------------------------------------------------------------- pcapng */

static enum read_status read_pcapng(struct capture_file *file, struct frame *frame)
{
  enum read_status status = pcapng_read(file->pcapng, frame);

  if (status == READ_DAMAGED) {
    unsigned long long byte;
    const char *error = pcapng_error(file->pcapng, &byte);

    complain("%s: damaged at byte %llu: %s", shown_name(file->name), byte, error);
  }
  return status;
}

/* ---------------------------------------------------------------- both */

enum read_status capture_file_read(struct capture_file *file, struct frame *frame)
{
  if (file->bytes != NULL) {
    return read_record(file, frame);
  }
  return file->pcapng != NULL ? read_pcapng(file, frame) : read_pcap(file, frame);
}

void capture_file_close(struct capture_file *file)
{
  if (file->pcap != NULL) {
    pcap_close(file->pcap);
  }
  if (file->pcapng != NULL) {
    pcapng_free(file->pcapng);
  }
  if (file->stream != NULL) {
    fclose(file->stream);
  }
  if (file->bytes != NULL) {
    byte_stream_close(file->bytes);
  }
  free(file);
}
