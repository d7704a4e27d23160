/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where segments come from: captures, a device, or text. One interface, so that the loop need not know.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "../decode/packet_decoder.h"

struct frame;

enum source_status {
  SOURCE_ITEM,
  SOURCE_IDLE,    /* nothing for now (live input): a good moment to show what there is */
  SOURCE_END,     /* all read */
  SOURCE_DAMAGED, /* the input broke off; said on standard error, what was readable has been given out */
};

/* One frame (or line), decoded. `frame` counts all of the input's, from 1, whether or not a filter lets them pass. */
struct item {
  uint64_t frame;
  const struct frame *raw; /* valid until the next item; NULL: read from text */
  unsigned fragments;      /* that this frame completes a datagram of; 0: it is no such frame */
  struct decoded decoded;
};

struct source {
  /* Bytes read so far and to read in all (0: not known). May be NULL. */
  void (*progress)(const struct source *source, uint64_t *bytes, uint64_t *total);
  enum source_status (*next)(struct source *source, struct item *item);
  /* The quick way for what most captures are made of: segments that next() would give out in turn, up to `most`, and
   * the numbers of their frames. How many there were; if fewer than `most`, next() has to tell what follows. May be
   * NULL. */
  size_t (*run)(struct source *source, size_t most, tcpstate_segment *segments, uint64_t *frames);
  bool live;                            /* ends when a person says so */
  void (*close)(struct source *source); /* also tells what only the source knows, such as lines skipped */
};

struct block_watch;
struct options;

/* Opens what the options name; `watch` may be NULL. NULL, and said on standard error, with *code set, if that cannot
 * be. */
struct source *source_open(const struct options *options, const struct block_watch *watch, int *code);
struct source *capture_source_open(const struct options *options, const struct block_watch *watch, int *code);
struct source *live_source_open(const struct options *options, int *code);
struct source *text_source_open(const struct options *options, int *code);

#endif
