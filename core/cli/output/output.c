/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 1 << 17 };

struct output {
  size_t used;
  int descriptor;
  int error;
  char buffer[BUFFER_SIZE];
};

struct output *output_open(int descriptor)
{
  struct output *output = malloc(sizeof *output);

  if (output != NULL) {
    output->used = 0;
    output->error = 0;
    output->descriptor = descriptor;
  }
  return output;
}

void output_flush(struct output *output)
{
  size_t written = 0;

  while (written < output->used && output->error == 0) {
    ssize_t result = write(output->descriptor, output->buffer + written, output->used - written);

    if (result >= 0) {
      written += (size_t)result;
    } else if (errno != EINTR) {
      output->error = errno;
    }
  }
  output->used = 0;
}

void output_close(struct output *output)
{
  output_flush(output);
  free(output);
}

bool output_is_broken(const struct output *output)
{
  return output->error != 0;
}

int output_error(const struct output *output)
{
  return output->error;
}

/* Room for `count` bytes, which must be far below BUFFER_SIZE. */
static char *room_for(struct output *output, size_t count)
{
  if (BUFFER_SIZE - output->used < count) {
    output_flush(output);
  }
  return output->buffer + output->used;
}

void put_char(struct output *output, char c)
{
  *room_for(output, 1) = c;
  output->used++;
}

void put_bytes(struct output *output, const char *bytes, size_t count)
{
  while (count > 0) {
    size_t part = count < BUFFER_SIZE / 2 ? count : BUFFER_SIZE / 2;

    memcpy(room_for(output, part), bytes, part);
    output->used += part;
    bytes += part;
    count -= part;
  }
}

void put_text(struct output *output, const char *text)
{
  put_bytes(output, text, strlen(text));
}

void put_number(struct output *output, uint64_t number)
{
  char digits[20];
  size_t first = sizeof digits;

  do {
    digits[--first] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  put_bytes(output, digits + first, sizeof digits - first);
}

void put_hex(struct output *output, uint32_t number, unsigned digits)
{
  put_text(output, "0x");
  while (digits-- > 0) {
    put_char(output, "0123456789abcdef"[number >> (4 * digits) & 0xf]);
  }
}

void put_time(struct output *output, int64_t nanoseconds)
{
  uint64_t magnitude = nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;
  uint32_t fraction = (uint32_t)(magnitude % 1000000000);
  char decimals[9];

  if (nanoseconds < 0) {
    put_char(output, '-');
  }
  put_number(output, magnitude / 1000000000);
  put_char(output, '.');
  for (size_t i = sizeof decimals; i > 0; i--) {
    decimals[i - 1] = (char)('0' + fraction % 10);
    fraction /= 10;
  }
  put_bytes(output, decimals, sizeof decimals);
}

void put_address(struct output *output, unsigned ip_version, const uint8_t *address)
{
  char text[INET6_ADDRSTRLEN];

  if (ip_version == 4) {
    for (int i = 0; i < 4; i++) {
      if (i > 0) {
        put_char(output, '.');
      }
      put_number(output, address[i]);
    }
  } else if (inet_ntop(AF_INET6, address, text, sizeof text) != NULL) {
    put_text(output, text);
  }
}

void flags_text(char text[FLAGS_SIZE], unsigned flags)
{
  static const char letters[] = "FSRPAUEC";

  for (unsigned bit = 0; bit < 8; bit++) {
    if (flags >> bit & 1) {
      *text++ = letters[bit];
    }
  }
  *text = '\0';
}

void put_flags(struct output *output, unsigned flags)
{
  char text[FLAGS_SIZE];

  flags_text(text, flags);
  put_text(output, text);
}
