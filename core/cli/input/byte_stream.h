/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file or standard input as a stream of plain bytes: gzip and zstd are unpacked on the way.
 */
#ifndef CLI_BYTE_STREAM_H
#define CLI_BYTE_STREAM_H

#include <stdint.h>
#include <stdio.h>

enum { STREAM_ERROR_SIZE = 160 };

/* Opens "-" or a file. *read_bytes grows by what is read of it, packed as it may be. NULL, with `error` set, if it
 * cannot be. fclose() ends it. ftell() tells how many plain bytes have been read. Where it cannot be unpacked further,
 * reading fails with EBADMSG. */
FILE *byte_stream_open(const char *name, uint64_t *read_bytes, char error[STREAM_ERROR_SIZE]);

#endif
