/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Input as a program meets it: in a file, or through a pipe in pieces. */
#ifndef FUZZ_PIECES_H
#define FUZZ_PIECES_H

#include <stddef.h>
#include <stdint.h>

/* Most that a pipe takes without a reader, in pieces of at most PIECE bytes. */
enum { PIECE = 4096, PIECES = 200 };

/* A descriptor of a file without a name, at its start. */
int file_of(const uint8_t *data, size_t size);

/* A descriptor from which reads give pieces, of `step` bytes where the pipe holds so many pieces. */
int pipe_of(const uint8_t *data, size_t size, size_t step);

/* What is in a file of file_of(), to be freed. */
uint8_t *content_of(int descriptor, size_t *size);

#endif
