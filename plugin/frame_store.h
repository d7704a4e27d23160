/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was said of each frame: written on the first pass, in the order of the frames, and never changed. Lives as long
 * as the file is open; all memory is of wmem's file scope.
 */
#ifndef TCPSTATE_FRAME_STORE_H
#define TCPSTATE_FRAME_STORE_H

#include <tcpstate/tcpstate.h>

/* Forgets everything. The memory itself goes with wmem's file scope. */
void frame_store_clear(void);

/* Adds the annotation of the next segment of `frame`. */
void frame_store_add(uint32_t frame, const tcpstate_annotation *annotation);

/* Does the frame have any segment? */
int frame_store_has(uint32_t frame);

/* Annotation of segment `index` (from 0) of a frame. Returns 0 if it has no such segment. */
int frame_store_get(uint32_t frame, unsigned index, tcpstate_annotation *annotation);

#endif
