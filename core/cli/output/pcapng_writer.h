/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The few blocks of pcapng (https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/) that copies of captures need.
 */
#ifndef CLI_PCAPNG_WRITER_H
#define CLI_PCAPNG_WRITER_H

#include "../input/frame.h"
#include "output.h"

enum pcapng_option { PCAPNG_OPTION_END = 0, PCAPNG_OPTION_COMMENT = 1 };
enum { PCAPNG_MAX_INTERFACES = 64 };

/* Where frames come from. Name and description may be NULL and must stay. */
struct pcapng_origin {
  const char *name;
  const char *description;
};

/* Zero it but for `output`. */
struct pcapng_writer {
  struct output *output;
  bool big_endian; /* of the section being written */
  bool has_section;
  uint32_t interface_count;
  struct {
    const struct pcapng_origin *origin;
    unsigned link_type;
    uint32_t snap_length;
  } interfaces[PCAPNG_MAX_INTERFACES];
};

/* Starts the file, unless something has. */
void pcapng_begin(struct pcapng_writer *writer);

/* A frame with its comment, which may be "", after the description of its interface if that is new. False: pcapng has
 * no number for its link type, which a damaged capture may have. `origin` must stay. */
bool pcapng_put_frame(struct pcapng_writer *writer, const struct pcapng_origin *origin, const struct frame *frame,
                      int64_t time_ns, const char *comment);

/* The parts of a block. */
void pcapng_put_u32(struct pcapng_writer *writer, uint32_t number);
void pcapng_put_option(struct pcapng_writer *writer, enum pcapng_option code, const void *bytes, size_t size);
size_t pcapng_option_size(size_t size);

static inline size_t pcapng_padded(size_t size)
{
  return (size + 3) & ~(size_t)3;
}

#endif
