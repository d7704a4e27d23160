/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include "../huge_pages.h"
#include "digits.h"

#include <arpa/inet.h>
#include <errno.h>
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
  struct output *output = huge_pages_get(sizeof *output);

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
  huge_pages_put(output, sizeof *output);
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

char *output_room(struct output *output, size_t count)
{
  if (BUFFER_SIZE - output->used < count) {
    output_flush(output);
  }
  return output->buffer + output->used;
}

void output_took(struct output *output, const char *end)
{
  output->used = (size_t)(end - output->buffer);
}

void put_char(struct output *output, char c)
{
  *output_room(output, 1) = c;
  output->used++;
}

void put_bytes(struct output *output, const char *bytes, size_t count)
{
  while (count > 0) {
    size_t part = count < BUFFER_SIZE / 2 ? count : BUFFER_SIZE / 2;

    memcpy(output_room(output, part), bytes, part);
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
  output_took(output, digits_write(output_room(output, DIGITS_MOST), number));
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
  output_took(output, time_write(output_room(output, TIME_MOST), nanoseconds));
}

/* RFC 5952 4.2: the longest run of at least two zero groups is shortened, the first of equal ones. Its first group, or
 * 8. A bit for each zero group; where it and the next `length` ones are zero stays, until none does. */
static size_t longest_zeros(const uint8_t *address, size_t *length)
{
  unsigned zeros = 0;
  unsigned starts;
  size_t first = 0;

  for (size_t group = 0; group < 8; group++) {
    zeros |= (address[2 * group] | address[2 * group + 1]) == 0 ? 1u << group : 0;
  }
  starts = zeros & zeros >> 1;
  if (starts == 0) {
    return 8;
  }
  for (*length = 2; (starts & zeros >> *length) != 0; ++*length) {
    starts &= zeros >> *length;
  }
  while (!(starts >> first & 1)) {
    first++;
  }
  return first;
}

/* All four digits are found together, in a byte each, and leading zeros shifted out. Up to three bytes more are
 * written. */
static char *write_group(char *at, unsigned group)
{
  uint32_t nibbles = group >> 12 | (group >> 8 & 0xf) << 8 | (group >> 4 & 0xf) << 16 | (group & 0xf) << 24;
  uint32_t letters = (nibbles + UINT32_C(0x06060606)) >> 4 & UINT32_C(0x01010101);
  unsigned leading = 0u + (group <= 0xfff) + (group <= 0xff) + (group <= 0xf);
  uint32_t digits = (nibbles + UINT32_C(0x30303030) + letters * (uint32_t)('a' - '0' - 10)) >> 8 * leading;

  for (unsigned i = 0; i < 4; i++) {
    at[i] = (char)(digits >> 8 * i & 0xff);
  }
  return at + 4 - leading;
}

static char *write_ipv6(char *at, const uint8_t *address)
{
  size_t length = 0;
  size_t zeros = longest_zeros(address, &length);

  for (size_t group = 0; group < 8; group++) {
    if (group == zeros) {
      *at++ = ':';
      *at++ = ':';
      group += length - 1;
      continue;
    }
    if (group > 0 && group != zeros + length) {
      *at++ = ':';
    }
    at = write_group(at, (unsigned)address[2 * group] << 8 | address[2 * group + 1]);
  }
  return at;
}

/* Those with an IPv4 address inside have a form of their own (RFC 5952 5). */
static bool may_embed_ipv4(const uint8_t *address)
{
  static const uint8_t zeros[10];

  return memcmp(address, zeros, sizeof zeros) == 0;
}

static char *write_ipv4(char *at, const uint8_t *address)
{
  for (int i = 0; i < 4; i++) {
    if (i > 0) {
      *at++ = '.';
    }
    at = digits_write(at, address[i]);
  }
  return at;
}

size_t address_text(char text[ADDRESS_SIZE], unsigned ip_version, const uint8_t *address)
{
  if (ip_version == 4) {
    return (size_t)(write_ipv4(text, address) - text);
  }
  if (!may_embed_ipv4(address)) { /* inet_ntop() costs more than judging a segment */
    return (size_t)(write_ipv6(text, address) - text);
  }
  return inet_ntop(AF_INET6, address, text, ADDRESS_SIZE) != NULL ? strlen(text) : 0;
}

void put_address(struct output *output, unsigned ip_version, const uint8_t *address)
{
  char *text = output_room(output, ADDRESS_SIZE);

  output_took(output, text + address_text(text, ip_version, address));
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
