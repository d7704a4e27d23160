/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An allocator for tests that keeps the books: what is out, and whether each block comes back with the size that it
 * was asked for with. It says no from a chosen request on. */
#ifndef COUNTING_ALLOCATOR_H
#define COUNTING_ALLOCATOR_H

#include <stddef.h>
#include <stdint.h>
#include <tcpstate/tcpstate.h>

struct counting_allocator {
  uint64_t bytes;     /* out now */
  uint64_t blocks;    /* out now */
  uint64_t requests;  /* so far, the refused ones included */
  uint64_t refuse_at; /* number of the request, from 1, that is refused; 0 = none */
  uint64_t refusals;  /* how many in a row are refused from there on; 0 = one */
  uint64_t mistakes;  /* blocks that came back with another size */
};

tcpstate_allocator counting_allocator_use(struct counting_allocator *counts);

#endif
