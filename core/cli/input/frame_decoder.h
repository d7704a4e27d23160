/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_FRAME_DECODER_H
#define CLI_FRAME_DECODER_H

#include "../decode/reassembler.h"
#include "frame.h"
#include "source.h"

/* A recorded frame to an item, fragments joined. `frame` must stay as long as the item is used. */
void frame_decode(struct reassembler *reassembler, const struct frame *frame, uint64_t number, struct item *item);

#endif
