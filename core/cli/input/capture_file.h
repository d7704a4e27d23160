/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One capture file, frame by frame: pcap through libpcap, pcapng through our own reader.
 */
#ifndef CLI_CAPTURE_FILE_H
#define CLI_CAPTURE_FILE_H

#include "frame.h"
#include "pcap_records.h"

struct capture_file;

/* "-" is standard input. `watch` (may be NULL) must stay, and so must
 * *read_bytes, which grows as the file is read. NULL, and said on standard error, if it cannot
 * be opened or is no capture. */
struct capture_file *capture_file_open(const char *name, const struct block_watch *watch, uint64_t *read_bytes);

/* READ_DAMAGED has been said on standard error, with the byte. */
enum read_status capture_file_read(struct capture_file *file, struct frame *frame);

/* Must what reading takes be waited for? False also where that cannot be told. */
bool capture_file_lacks_frame(struct capture_file *file);

/* The records that follow, if it is a plain pcap file; else NULL. They may be taken past this reader. */
struct pcap_records *capture_file_records(struct capture_file *file);

void capture_file_close(struct capture_file *file);

#endif
