/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first two bytes choose the link type; the rest is the frame. Fragments go on to the reassembler.
 */
#include "decode/packet_decoder.h"
#include "decode/reassembler.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct reassembler *reassembler;
  struct decoded decoded;

  if (size < 2 || (reassembler = reassembler_new()) == NULL) {
    return 0;
  }
  packet_decode(&decoded, (unsigned)data[0] << 8 | data[1], data + 2, size - 2, size);
  if (decoded.kind == DECODED_FRAGMENT) {
    reassembler_take(reassembler, &decoded);
  }
  reassembler_free(reassembler);
  return 0;
}
