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

const char *output_content(const struct output *output, size_t *size)
{
  *size = output->used;
  return output->buffer;
}

void output_clear(struct output *output)
{
  output->used = 0;
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

/* Most numbers of a row fit into 32 bits, which divide faster. */
static size_t write_digits(char *end, uint64_t number)
{
  char *at = end;
  uint32_t small;

  for (; number > UINT32_MAX; number /= 10) {
    *--at = (char)('0' + number % 10);
  }
  small = (uint32_t)number;
  do {
    *--at = (char)('0' + small % 10);
    small /= 10;
  } while (small > 0);
  return (size_t)(end - at);
}

void put_number(struct output *output, uint64_t number)
{
  char digits[20];
  size_t count = write_digits(digits + sizeof digits, number);

  put_bytes(output, digits + sizeof digits - count, count);
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

/* RFC 5952 4.2: the longest run of at least two zero groups is shortened, the first of equal ones. */
static size_t longest_zeros(const uint8_t *address, size_t *length)
{
  size_t best = 8;
  size_t run = 0;

  *length = 1;
  for (size_t group = 0; group < 8; group++) {
    run = address[2 * group] == 0 && address[2 * group + 1] == 0 ? run + 1 : 0;
    if (run > *length) {
      *length = run;
      best = group + 1 - run;
    }
  }
  return best;
}

static void put_group(struct output *output, unsigned group)
{
  static const char digits[] = "0123456789abcdef";
  unsigned shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0;
  char text[4];
  size_t size = 0;

  for (; shift > 0; shift -= 4) {
    text[size++] = digits[group >> shift & 0xf];
  }
  text[size++] = digits[group & 0xf];
  put_bytes(output, text, size);
}

static void put_ipv6(struct output *output, const uint8_t *address)
{
  size_t length;
  size_t zeros = longest_zeros(address, &length);

  for (size_t group = 0; group < 8; group++) {
    if (group == zeros) {
      put_text(output, "::");
      group += length - 1;
      continue;
    }
    if (group > 0 && group != zeros + length) {
      put_char(output, ':');
    }
    put_group(output, (unsigned)address[2 * group] << 8 | address[2 * group + 1]);
  }
}

/* Those with an IPv4 address inside have a form of their own (RFC 5952 5). */
static bool may_embed_ipv4(const uint8_t *address)
{
  static const uint8_t zeros[10];

  return memcmp(address, zeros, sizeof zeros) == 0;
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
  } else if (!may_embed_ipv4(address)) { /* inet_ntop() costs more than judging a segment */
    put_ipv6(output, address);
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
