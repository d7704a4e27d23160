/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file or standard input as a stream of plain bytes: gzip and zstd are unpacked on the way.
 */
#ifndef CLI_BYTE_STREAM_H
#define CLI_BYTE_STREAM_H

#include <stdint.h>
#include <stdio.h>

enum { STREAM_ERROR_SIZE = 160, STREAM_PEEK_MOST = 1 << 18, STREAM_PREFIX_MOST = 32 };

struct byte_stream;

/* Opens "-" or a file. *read_bytes grows by what is read of it, packed as it may be. NULL, with `error` set, if it
 * cannot be. */
struct byte_stream *byte_stream_open(const char *name, uint64_t *read_bytes, char error[STREAM_ERROR_SIZE]);
void byte_stream_close(struct byte_stream *stream);

/* The next `count` bytes, at most STREAM_PEEK_MOST, valid until the next call; waits for no more than these. NULL if
 * the input ends or cannot be unpacked before. */
const uint8_t *byte_stream_peek(struct byte_stream *stream, size_t count);

/* The same; *available becomes how many bytes there are. */
const uint8_t *byte_stream_window(struct byte_stream *stream, size_t count, size_t *available);

/* Takes bytes that were peeked at. */
void byte_stream_skip(struct byte_stream *stream, size_t count);

/* What is left, as a FILE that owns the stream, behind `prefix`, which was taken from the stream before and is given
 * out once more. ftell() tells how many plain bytes have been read, without the prefix' second time. Where the input
 * cannot be unpacked further, reading fails with EBADMSG. NULL: no memory, and the stream is still the caller's. */
FILE *byte_stream_file(struct byte_stream *stream, const uint8_t *prefix, size_t prefix_size);

#endif
