/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One capture file, frame by frame: pcap through libpcap, pcapng through our own reader.
 */
#ifndef CLI_CAPTURE_FILE_H
#define CLI_CAPTURE_FILE_H

#include "frame.h"

struct capture_file;

/* "-" is standard input. NULL, and said on standard error, if it cannot be opened or is no capture. */
struct capture_file *capture_file_open(const char *name);

/* READ_DAMAGED has been said on standard error, with the byte. */
enum read_status capture_file_read(struct capture_file *file, struct frame *frame);

/* Blocks of a pcapng file that are no packets, in order; see pcapng_watch. Nothing happens with other files. */
void capture_file_watch(struct capture_file *file, void (*other_block)(void *user, const struct raw_block *block),
                        void *user);

void capture_file_close(struct capture_file *file);

#endif
