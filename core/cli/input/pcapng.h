/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A reader of pcapng (https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/). libpcap reads it too, but refuses
 * files whose interfaces differ in link type or snap length, and gives no access to blocks and options.
 */
#ifndef CLI_PCAPNG_H
#define CLI_PCAPNG_H

#include "byte_stream.h"
#include "frame.h"

enum pcapng_block_type {
  PCAPNG_INTERFACE = 1,
  PCAPNG_OBSOLETE_PACKET = 2,
  PCAPNG_SIMPLE_PACKET = 3,
  PCAPNG_ENHANCED_PACKET = 6,
  PCAPNG_SECTION = 0x0a0d0d0a
};

enum { PCAPNG_BYTE_ORDER_MAGIC = 0x1a2b3c4d, PCAPNG_MAX_BLOCK = 16 << 20 };

struct pcapng;

/* The stream stays the caller's; `watch` may be NULL. NULL: no memory. */
struct pcapng *pcapng_new(struct byte_stream *stream, const struct block_watch *watch);
void pcapng_free(struct pcapng *pcapng);

/* The next packet. frame->block is the whole block that it came in. READ_DAMAGED: see pcapng_error. */
enum read_status pcapng_read(struct pcapng *pcapng, struct frame *frame);

/* Must the rest of the next block be waited for? */
bool pcapng_lacks_block(const struct pcapng *pcapng);

/* What is wrong, and the byte at which the input ends, or at which the block starts that makes no sense. */
const char *pcapng_error(const struct pcapng *pcapng, unsigned long long *byte);

#endif
