/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is left of a capture through libpcap: every kind that it knows. Where the command is built without it
 * (libpcap_none.c), no other kinds can be read.
 */
#ifndef CLI_LIBPCAP_FILE_H
#define CLI_LIBPCAP_FILE_H

#include "byte_stream.h"
#include "frame.h"

struct libpcap_file;

/* `prefix`, at most 32 bytes, was taken from the stream before. The stream is the reader's from now on, even if there
 * is none: NULL, said on standard error under `name`. */
struct libpcap_file *libpcap_file_open(struct byte_stream *stream, const uint8_t *prefix, size_t prefix_size,
                                       const char *name);
void libpcap_file_close(struct libpcap_file *file);

/* READ_DAMAGED has been said, with the byte. */
enum read_status libpcap_file_read(struct libpcap_file *file, struct frame *frame);

#endif
