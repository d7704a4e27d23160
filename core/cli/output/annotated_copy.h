/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * -w: a pcapng copy of the input in which every TCP packet carries its states as a comment. Blocks of a pcapng input
 * are copied as they are, but for the comment.
 */
#ifndef CLI_ANNOTATED_COPY_H
#define CLI_ANNOTATED_COPY_H

#include "../input/frame.h"
#include "tcpstate/tcpstate.h"

#include <stdbool.h>

struct annotated_copy;

/* NULL, and said on standard error, if the file cannot be written. "-" is standard output. */
struct annotated_copy *annotated_copy_open(const char *name);

/* `annotation` is NULL for a packet without TCP. */
void annotated_copy_packet(struct annotated_copy *copy, const struct frame *frame,
                           const tcpstate_annotation *annotation);

/* A block of the input that is no packet; made for struct block_watch. */
void annotated_copy_block(void *copy, const struct raw_block *block);

/* Writes out what has been given, so that a reader, or a crash, finds it. */
void annotated_copy_flush(struct annotated_copy *copy);

/* Nothing more can be written. */
bool annotated_copy_is_broken(const struct annotated_copy *copy);

/* False, and said on standard error, if not all could be written. */
bool annotated_copy_close(struct annotated_copy *copy);

#endif
