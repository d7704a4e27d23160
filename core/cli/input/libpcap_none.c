/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "libpcap_file.h"

#include "../message.h"

/* Whatever is not plain is left to libpcap, and there is none. */
struct libpcap_file *libpcap_file_open(struct byte_stream *stream, const uint8_t *prefix, size_t prefix_size,
                                       const char *name)
{
  unsigned long long byte = byte_stream_position(stream);
  const char *error = byte_stream_error(stream);

  (void)prefix;
  if (error != NULL) {
    complain("%s: damaged at byte %llu: %s", name, byte, error);
  } else if (prefix_size > 0) {
    complain("%s: damaged at byte %llu, or this needs libpcap, without which this tcpstate was built", name, byte);
  } else {
    complain("%s: no plain pcap or pcapng; other kinds need libpcap, without which this tcpstate was built", name);
  }
  byte_stream_close(stream);
  return NULL;
}

void libpcap_file_close(struct libpcap_file *file)
{
  (void)file;
}

enum read_status libpcap_file_read(struct libpcap_file *file, struct frame *frame)
{
  (void)file;
  (void)frame;
  return READ_END;
}
