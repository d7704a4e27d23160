/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Standard output through one large buffer, with the few number formats that rows need: printf would cost more than
 * the engine.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct output;

/* NULL if there is no memory. */
struct output *output_open(int descriptor);

/* Writes out what is left and frees. */
void output_close(struct output *output);

void output_flush(struct output *output);

/* What has been put and not been flushed; a scratch buffer is one that never is. */
const char *output_content(const struct output *output, size_t *size);
void output_clear(struct output *output);

/* The reader has gone away, or the disk is full: nothing more can be written. */
bool output_is_broken(const struct output *output);

/* 0, or what broke it (errno). A closed pipe is EPIPE. */
int output_error(const struct output *output);

/* Room for `count` bytes, far fewer than the buffer has, to write into by hand; then the end of what was written. */
char *output_room(struct output *output, size_t count);
void output_took(struct output *output, const char *end);

void put_char(struct output *output, char c);
void put_text(struct output *output, const char *text);
void put_bytes(struct output *output, const char *bytes, size_t count);
void put_number(struct output *output, uint64_t number);
void put_hex(struct output *output, uint32_t number, unsigned digits);

/* Seconds with nine decimals. */
void put_time(struct output *output, int64_t nanoseconds);

/* As RFC 5952 writes it, without a NUL at the end; its length. */
enum { ADDRESS_SIZE = 48 };
size_t address_text(char text[ADDRESS_SIZE], unsigned ip_version, const uint8_t *address);
void put_address(struct output *output, unsigned ip_version, const uint8_t *address);

/* Letters in the order of the header's bits: F S R P A U E C. */
enum { FLAGS_SIZE = 9 };
void flags_text(char text[FLAGS_SIZE], unsigned flags);
void put_flags(struct output *output, unsigned flags);

#endif
