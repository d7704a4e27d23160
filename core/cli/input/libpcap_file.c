/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libpcap reads from a FILE: one whose bytes come from our stream, behind what was taken from that before.
 */
#include "libpcap_file.h"

#include "../decode/packet_decoder.h"
#include "../message.h"
#include "interrupt.h"
#include "pcap_frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PREFIX_MOST = 32, FILE_BUFFER = 1 << 18 };

/* ---------------------------------------------------------------- FILE */

struct cookie {
  struct byte_stream *stream;
  size_t prefix_start;
  size_t prefix_end;
  uint8_t prefix[PREFIX_MOST];
};

static ssize_t read_cookie(void *cookie, char *out, size_t size)
{
  struct cookie *self = cookie;
  size_t left = self->prefix_end - self->prefix_start;

  if (left == 0) {
    return byte_stream_some(self->stream, out, size);
  }
  left = left < size ? left : size;
  memcpy(out, self->prefix + self->prefix_start, left);
  self->prefix_start += left;
  return (ssize_t)left;
}

/* Only tells where it is, without the prefix' second time. */
static int seek_cookie(void *cookie, off64_t *offset, int whence)
{
  const struct cookie *self = cookie;

  if (whence != SEEK_CUR || *offset != 0) {
    errno = ESPIPE;
    return -1;
  }
  *offset = (off64_t)(byte_stream_position(self->stream) - (self->prefix_end - self->prefix_start));
  return 0;
}

static int close_cookie(void *cookie)
{
  struct cookie *self = cookie;

  byte_stream_close(self->stream);
  free(self);
  return 0;
}

/* NULL: no memory, and the stream is still the caller's. */
static FILE *open_cookie(struct byte_stream *stream, const uint8_t *prefix, size_t prefix_size)
{
  struct cookie *self = calloc(1, sizeof *self);
  FILE *file = NULL;

  if (self != NULL) {
    file = fopencookie(self, "r", (cookie_io_functions_t){read_cookie, NULL, seek_cookie, close_cookie});
  }
  if (file == NULL) {
    free(self);
    return NULL;
  }
  if (prefix_size > 0) { /* memcpy takes no NULL, not even for no bytes */
    memcpy(self->prefix, prefix, prefix_size);
  }
  self->stream = stream;
  self->prefix_end = prefix_size;
  setvbuf(file, NULL, _IOFBF, FILE_BUFFER);
  return file;
}

/* ---------------------------------------------------------------- libpcap */

struct libpcap_file {
  const char *name;
  pcap_t *pcap;       /* has the stream */
  struct frame frame; /* what all frames have in common */
};

struct libpcap_file *libpcap_file_open(struct byte_stream *stream, const uint8_t *prefix, size_t prefix_size,
                                       const char *name)
{
  struct libpcap_file *file = calloc(1, sizeof *file);
  FILE *plain = open_cookie(stream, prefix, prefix_size);
  char error[PCAP_ERRBUF_SIZE] = "";

  if (file == NULL || plain == NULL) {
    complain("%s: no memory", name);
    if (plain != NULL) {
      fclose(plain);
    } else {
      byte_stream_close(stream);
    }
    free(file);
    return NULL;
  }
  file->pcap = pcap_fopen_offline_with_tstamp_precision(plain, PCAP_TSTAMP_PRECISION_NANO, error);
  if (file->pcap == NULL) {
    complain("%s: cannot be read as a capture: %s", name, error);
    fclose(plain);
    free(file);
    return NULL;
  }
  file->name = name;
  pcap_frame_prepare(&file->frame, file->pcap);
  if (!packet_link_is_known(file->frame.link_type)) {
    complain("%s: no TCP can be found in link type %u", name, file->frame.link_type);
  }
  return file;
}

void libpcap_file_close(struct libpcap_file *file)
{
  pcap_close(file->pcap);
  free(file);
}

static enum read_status damaged(const struct libpcap_file *file)
{
  FILE *stream = pcap_file(file->pcap);
  const char *error = ferror(stream) && errno != 0 ? byte_stream_strerror(errno) : pcap_geterr(file->pcap);

  if (interrupt_signal() != 0) { /* it ended a pipe: the record that it cut is no damage */
    return READ_END;
  }
  complain("%s: damaged at byte %ld: %s", file->name, ftell(stream), error);
  return READ_DAMAGED;
}

enum read_status libpcap_file_read(struct libpcap_file *file, struct frame *frame)
{
  struct pcap_pkthdr *header;
  const u_char *bytes;
  int result = pcap_next_ex(file->pcap, &header, &bytes);

  if (result == PCAP_ERROR_BREAK) {
    return READ_END;
  }
  if (result != 1) {
    return damaged(file);
  }
  *frame = file->frame;
  pcap_frame_fill(frame, header, bytes, true);
  return READ_FRAME;
}
