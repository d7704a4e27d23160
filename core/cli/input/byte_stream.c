/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "byte_stream.h"

#include "../huge_pages.h"
#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#if TCPSTATE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

enum { INPUT_SIZE = 1 << 18, BUFFER_SIZE = 1 << 19, MAGIC_SIZE = 4 };

struct byte_stream {
  int descriptor;
  bool waits; /* the descriptor is no file on a disk */
  ssize_t (*unpack)(struct byte_stream *stream, void *out, size_t size);
  uint64_t delivered; /* plain bytes taken so far */
  size_t peek_start;  /* of the plain bytes that were unpacked and not yet taken */
  size_t peek_end;
  uint64_t *read_bytes;
  int error; /* errno of the last reading; 0: none */
  z_stream gzip;
  struct ZSTD_DCtx_s *zstd;
  size_t wants;    /* input for the next step of unpacking, if there is so much */
  bool frame_open; /* zstd: in the middle of a frame; gzip: of a member */
  int broken;      /* errno: it cannot be unpacked further; 0: it can */
  bool ended;      /* the descriptor has no more */
  size_t start;    /* of what was read and not yet used */
  size_t end;
  uint8_t input[INPUT_SIZE];
  uint8_t buffer[BUFFER_SIZE];
};

/* Somebody cut the file off before the place up to which it has been read. */
static bool has_shrunk(const struct byte_stream *stream)
{
  struct stat status;

  return !stream->waits && fstat(stream->descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_size < lseek(stream->descriptor, 0, SEEK_CUR);
}

static ssize_t read_some(struct byte_stream *stream, void *out, size_t size)
{
  ssize_t count;

  if (stream->waits && !interrupt_wait(stream->descriptor, -1)) {
    return 0;
  }
  do {
    count = read(stream->descriptor, out, size);
  } while (count < 0 && errno == EINTR);
  if (count == 0 && has_shrunk(stream)) {
    errno = ENODATA;
    return -1;
  }
  *stream->read_bytes += count > 0 ? (uint64_t)count : 0;
  return count;
}

/* More input behind what is left of it. False on an error. */
static bool fill(struct byte_stream *stream)
{
  ssize_t count;

  if (stream->start > 0) {
    memmove(stream->input, stream->input + stream->start, stream->end - stream->start);
    stream->end -= stream->start;
    stream->start = 0;
  }
  count = read_some(stream, stream->input + stream->end, INPUT_SIZE - stream->end);
  if (count < 0) {
    return false;
  }
  stream->ended = count == 0;
  stream->end += (size_t)count;
  return true;
}

/* ---------------------------------------------------------------- the three kinds */

static ssize_t unpack_plain(struct byte_stream *stream, void *out, size_t size)
{
  size_t left = stream->end - stream->start;

  if (left == 0) {
    return read_some(stream, out, size);
  }
  left = left < size ? left : size;
  memcpy(out, stream->input + stream->start, left);
  stream->start += left;
  return (ssize_t)left;
}

/* For good: what a library says when it is asked once more depends on the pieces. */
static ssize_t broken(struct byte_stream *stream, int error)
{
  stream->broken = error;
  errno = error;
  return -1;
}

/* One step: bytes written to `out`, -1 if the input makes no sense. */
static ssize_t gzip_step(struct byte_stream *stream, void *out, size_t size)
{
  z_stream *gzip = &stream->gzip;
  int result;

  if (!stream->frame_open && inflateReset(gzip) != Z_OK) { /* the next of several members */
    return broken(stream, EBADMSG);
  }
  size = size < UINT32_MAX ? size : UINT32_MAX;
  gzip->next_in = stream->input + stream->start;
  gzip->avail_in = (uInt)(stream->end - stream->start);
  gzip->next_out = (Bytef *)out;
  gzip->avail_out = (uInt)size;
  result = inflate(gzip, Z_NO_FLUSH);
  stream->start = stream->end - gzip->avail_in;
  stream->frame_open = result != Z_STREAM_END;
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR && gzip->avail_out == size) {
    return broken(stream, result == Z_MEM_ERROR
                              ? ENOMEM
                              : EBADMSG); /* else what came before the damage first: inflate() will say it again */
  }
  return (ssize_t)(size - gzip->avail_out);
}

#if TCPSTATE_ZSTD
enum { ZSTD_BLOCK_HEADER = 3 };

/* The library's hint for a block has the header of the next one in it. What may be longer than a block is skipped. */
static size_t zstd_wants(size_t hint)
{
  if (hint == 0) {
    return MAGIC_SIZE;
  }
  hint -= hint > ZSTD_BLOCK_HEADER ? ZSTD_BLOCK_HEADER : 0;
  return hint < INPUT_SIZE ? hint : INPUT_SIZE;
}

/* A call that fails gives out nothing of what it has unpacked. So each is given one whole block, or the header of one,
 * and none before the last one is given out whole: all that comes before the damaged block comes out, however the input
 * arrives. */
static ssize_t zstd_step(struct byte_stream *stream, void *out, size_t size)
{
  size_t left = stream->end - stream->start;
  ZSTD_inBuffer from = {stream->input, stream->start + (stream->wants < left ? stream->wants : left), stream->start};
  ZSTD_outBuffer to = {out, size, 0};
  size_t hint = ZSTD_decompressStream(stream->zstd, &to, &from);

  if (ZSTD_isError(hint)) {
    return broken(stream, ZSTD_getErrorCode(hint) == ZSTD_error_memory_allocation ? ENOMEM : EBADMSG);
  }
  stream->start = from.pos;
  stream->frame_open = hint != 0;
  stream->wants = to.pos == to.size ? 0 : zstd_wants(hint);
  return (ssize_t)to.pos;
}
#endif

static ssize_t unpack(struct byte_stream *stream, void *out, size_t size,
                      ssize_t (*step)(struct byte_stream *stream, void *out, size_t size))
{
  if (stream->broken != 0) {
    return broken(stream, stream->broken);
  }
  for (;;) {
    ssize_t count = 0;

    while (stream->end - stream->start < stream->wants && !stream->ended) {
      if (!fill(stream)) {
        return -1;
      }
    }
    if (stream->start < stream->end || stream->frame_open) {
      count = step(stream, out, size);
    }
    if (count != 0) {
      return count;
    }
    if (stream->ended && stream->start == stream->end) {
      return stream->frame_open ? broken(stream, EBADMSG) : 0;
    }
  }
}

static ssize_t unpack_gzip(struct byte_stream *stream, void *out, size_t size)
{
  return unpack(stream, out, size, gzip_step);
}

#if TCPSTATE_ZSTD
static ssize_t unpack_zstd(struct byte_stream *stream, void *out, size_t size)
{
  return unpack(stream, out, size, zstd_step);
}

static bool start_zstd(struct byte_stream *stream)
{
  stream->unpack = unpack_zstd;
  stream->frame_open = true;
  stream->zstd = ZSTD_createDStream();
  stream->wants = MAGIC_SIZE;
  return stream->zstd != NULL;
}

static void end_zstd(struct byte_stream *stream)
{
  ZSTD_freeDStream(stream->zstd);
}
#else
static bool start_zstd(struct byte_stream *stream)
{
  (void)stream;
  errno = ENOTSUP; /* built without it */
  return false;
}

static void end_zstd(struct byte_stream *stream)
{
  (void)stream;
}
#endif

/* ---------------------------------------------------------------- looking ahead */

/* More plain bytes behind those that were unpacked and not yet taken. False at the end, or upon an error. */
static bool fetch(struct byte_stream *stream)
{
  ssize_t more;

  if (stream->peek_start > BUFFER_SIZE - STREAM_PEEK_MOST) {
    memmove(stream->buffer, stream->buffer + stream->peek_start, stream->peek_end - stream->peek_start);
    stream->peek_end -= stream->peek_start;
    stream->peek_start = 0;
  }
  more = stream->unpack(stream, stream->buffer + stream->peek_end, BUFFER_SIZE - stream->peek_end);
  stream->error = more < 0 ? errno : 0;
  stream->peek_end += more > 0 ? (size_t)more : 0;
  return more > 0;
}

const uint8_t *byte_stream_peek(struct byte_stream *stream, size_t count)
{
  while (stream->peek_end - stream->peek_start < count) {
    if (!fetch(stream)) {
      return NULL;
    }
  }
  return stream->buffer + stream->peek_start;
}

bool byte_stream_lacks(struct byte_stream *stream, size_t count)
{
  if (!stream->waits || stream->unpack != unpack_plain) {
    return false;
  }
  while (stream->peek_end - stream->peek_start < count) {
    if (stream->start == stream->end && !interrupt_need_not_wait(stream->descriptor)) {
      return true;
    }
    if (!fetch(stream)) {
      return false;
    }
  }
  return false;
}

const uint8_t *byte_stream_window(struct byte_stream *stream, size_t count, size_t *available)
{
  const uint8_t *bytes = byte_stream_peek(stream, count);

  *available = stream->peek_end - stream->peek_start;
  return bytes;
}

void byte_stream_skip(struct byte_stream *stream, size_t count)
{
  stream->peek_start += count;
  stream->delivered += count;
}

/* ---------------------------------------------------------------- reading */

static ssize_t take_from(uint8_t *bytes, size_t *start, size_t end, void *out, size_t size)
{
  size_t left = end - *start < size ? end - *start : size;

  memcpy(out, bytes + *start, left);
  *start += left;
  return (ssize_t)left;
}

bool byte_stream_read(struct byte_stream *stream, void *out, size_t size)
{
  uint8_t *at = out;

  while (size > 0) {
    size_t count;

    if (stream->peek_start == stream->peek_end && !fetch(stream)) {
      return false;
    }
    count = (size_t)take_from(stream->buffer, &stream->peek_start, stream->peek_end, at, size);
    stream->delivered += count;
    at += count;
    size -= count;
  }
  return true;
}

ssize_t byte_stream_some(struct byte_stream *stream, void *out, size_t size)
{
  ssize_t count;

  if (stream->peek_start < stream->peek_end) {
    count = take_from(stream->buffer, &stream->peek_start, stream->peek_end, out, size);
  } else {
    count = stream->unpack(stream, out, size);
  }
  stream->delivered += count > 0 ? (uint64_t)count : 0;
  return count;
}

uint64_t byte_stream_position(const struct byte_stream *stream)
{
  return stream->delivered;
}

const char *byte_stream_error(const struct byte_stream *stream)
{
  if (stream->error == 0) {
    return NULL;
  }
  return byte_stream_strerror(stream->error);
}

/* ---------------------------------------------------------------- opening and closing */

void byte_stream_close(struct byte_stream *stream)
{
  if (stream->unpack == unpack_gzip) {
    inflateEnd(&stream->gzip);
  }
  end_zstd(stream);
  if (stream->descriptor >= 0) {
    close(stream->descriptor);
  }
  huge_pages_put(stream, sizeof *stream);
}

static bool starts_with(const struct byte_stream *stream, const char *magic, size_t size)
{
  return stream->end >= size && memcmp(stream->input, magic, size) == 0;
}

static bool choose(struct byte_stream *stream)
{
  stream->unpack = unpack_plain;
  if (starts_with(stream, "\x1f\x8b", 2)) {
    stream->unpack = unpack_gzip;
    stream->frame_open = true;
    stream->wants = 1;
    return inflateInit2(&stream->gzip, 16 + MAX_WBITS) == Z_OK; /* 16: with a gzip header */
  }
  if (starts_with(stream, "\x28\xb5\x2f\xfd", MAGIC_SIZE)) {
    return start_zstd(stream);
  }
  return true;
}

static bool look_at_start(struct byte_stream *stream)
{
  struct stat status;

  stream->waits = fstat(stream->descriptor, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  while (stream->end < MAGIC_SIZE && !stream->ended) {
    if (!fill(stream)) {
      return false;
    }
  }
  return choose(stream);
}

struct byte_stream *byte_stream_open(const char *name, uint64_t *read_bytes, char error[STREAM_ERROR_SIZE])
{
  struct byte_stream *stream = huge_pages_get(sizeof *stream);

  if (stream == NULL) {
    snprintf(error, STREAM_ERROR_SIZE, "no memory");
    return NULL;
  }
  memset(stream, 0, offsetof(struct byte_stream, input));
  stream->read_bytes = read_bytes;
  stream->descriptor = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
  if (stream->descriptor < 0 || !look_at_start(stream)) {
    snprintf(error, STREAM_ERROR_SIZE, "%s", strerror(errno));
    byte_stream_close(stream);
    return NULL;
  }
  return stream;
}

const char *byte_stream_strerror(int error)
{
  switch (error) {
  case EBADMSG:
    return "compressed data is cut or damaged";
  case ENODATA:
    return "the file became shorter while it was read";
  default:
    return strerror(error);
  }
}
