/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first two bytes choose the link type; the rest is the frame. Fragments go on to the reassembler. The short cut
 * for plain frames must not show.
 */
#include "decode/packet_decoder.h"
#include "decode/reassembler.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct reassembler *reassembler;
  struct decoded decoded;
  struct decoded by_layers;

  if (size < 2 || (reassembler = reassembler_new()) == NULL) {
    return 0;
  }
  packet_decode(&decoded, (unsigned)data[0] << 8 | data[1], data + 2, size - 2, size);
  packet_decode_layers(&by_layers, (unsigned)data[0] << 8 | data[1], data + 2, size - 2, size);
  if (memcmp(&decoded.segment.src, &by_layers.segment.src, sizeof decoded.segment.src) != 0 ||
      decoded.kind != by_layers.kind || decoded.segment.seq != by_layers.segment.seq ||
      decoded.segment.facts != by_layers.segment.facts ||
      decoded.segment.payload_length != by_layers.segment.payload_length) {
    abort();
  }
  if (decoded.kind == DECODED_FRAGMENT) {
    reassembler_take(reassembler, &decoded);
  }
  reassembler_free(reassembler);
  return 0;
}
