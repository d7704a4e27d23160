/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file or standard input as a stream of plain bytes: gzip and zstd are unpacked on the way.
 */
#ifndef CLI_BYTE_STREAM_H
#define CLI_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { STREAM_ERROR_SIZE = 160, STREAM_PEEK_MOST = (1 << 18) + 16 };

struct byte_stream;

/* Opens "-" or a file. *read_bytes grows by what is read of it, packed as it may be. NULL, with `error` set, if it
 * cannot be. */
struct byte_stream *byte_stream_open(const char *name, uint64_t *read_bytes, char error[STREAM_ERROR_SIZE]);
void byte_stream_close(struct byte_stream *stream);

/* The next `count` bytes, at most STREAM_PEEK_MOST, valid until the next call; waits for no more than these. NULL if
 * the input ends or cannot be unpacked before. */
const uint8_t *byte_stream_peek(struct byte_stream *stream, size_t count);

/* Are the next `count` bytes, at most STREAM_PEEK_MOST, still to come, so that peeking would wait? Never in a file, nor
 * in what is packed. */
bool byte_stream_lacks(struct byte_stream *stream, size_t count);

/* The same as peeking; *available becomes how many bytes there are. */
const uint8_t *byte_stream_window(struct byte_stream *stream, size_t count, size_t *available);

/* Takes bytes that were peeked at. */
void byte_stream_skip(struct byte_stream *stream, size_t count);

/* Takes `size` bytes, or what is left: false if that is less. */
bool byte_stream_read(struct byte_stream *stream, void *out, size_t size);

/* Plain bytes taken so far. */
uint64_t byte_stream_position(const struct byte_stream *stream);

/* Why there is no more, or NULL: the input has ended. */
const char *byte_stream_error(const struct byte_stream *stream);

/* Takes 1 byte or more, at most `size`: how many; 0 at the end, -1 with errno if it cannot be read or unpacked
 * (EBADMSG) further. */
ssize_t byte_stream_some(struct byte_stream *stream, void *out, size_t size);

/* What an error of reading means, as errno has it. */
const char *byte_stream_strerror(int error);

#endif
