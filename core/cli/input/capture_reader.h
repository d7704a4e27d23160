/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Capture files as one capture in time order.
 */
#ifndef CLI_CAPTURE_READER_H
#define CLI_CAPTURE_READER_H

#include "capture_file.h"

struct capture_reader;

/* `watch` may be NULL. NULL, and said on standard error, if one of the files cannot be opened. */
struct capture_reader *capture_reader_open(const char *const *names, size_t count, const struct block_watch *watch);

/* READ_DAMAGED comes once, after the last frame, if any of the files was damaged. */
enum read_status capture_reader_read(struct capture_reader *reader, struct frame *frame);

/* Must the next frame be waited for? Of several files never. */
bool capture_reader_lacks_frame(struct capture_reader *reader);

/* Where to read on past this reader, which then needs not look at each frame: the records of the last file, if it is
 * a plain pcap file. Else NULL. */
struct pcap_records *capture_reader_records(struct capture_reader *reader);

/* Bytes read of the files so far, packed as they may be. */
uint64_t capture_reader_bytes(const struct capture_reader *reader);

void capture_reader_close(struct capture_reader *reader);

#endif
