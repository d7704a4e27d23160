/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pieces.h"

#include "target.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIPE_ROOM = (PIECES + 1) * PIECE };

int file_of(const uint8_t *data, size_t size)
{
  int descriptor = memfd_create("input", MFD_CLOEXEC);

  FUZZ_CHECK(descriptor >= 0);
  FUZZ_CHECK(size == 0 || write(descriptor, data, size) == (ssize_t)size);
  FUZZ_CHECK(lseek(descriptor, 0, SEEK_SET) == 0);
  return descriptor;
}

int pipe_of(const uint8_t *data, size_t size, size_t step)
{
  int ends[2];

  FUZZ_CHECK(pipe2(ends, O_DIRECT | O_CLOEXEC) == 0); /* each write is read by itself */
  FUZZ_CHECK(fcntl(ends[1], F_SETPIPE_SZ, PIPE_ROOM) >= PIPE_ROOM);
  step = step * PIECES < size ? size / PIECES + 1 : step;
  step = step < PIECE ? step : PIECE;
  for (size_t at = 0; at < size; at += step) {
    size_t piece = size - at < step ? size - at : step;

    FUZZ_CHECK(write(ends[1], data + at, piece) == (ssize_t)piece);
  }
  close(ends[1]);
  return ends[0];
}

uint8_t *content_of(int descriptor, size_t *size)
{
  struct stat status;
  uint8_t *content;

  FUZZ_CHECK(fstat(descriptor, &status) == 0);
  *size = (size_t)status.st_size;
  content = malloc(*size + 1);
  FUZZ_CHECK(content != NULL && pread(descriptor, content, *size, 0) == (ssize_t)*size);
  content[*size] = '\0';
  return content;
}
