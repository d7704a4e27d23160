/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A pcapng file; every packet is decoded as the command does it.
 */
#include "decode/packet_decoder.h"
#include "input/pcapng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  FILE *stream = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
  struct pcapng *pcapng = stream != NULL ? pcapng_new(stream, NULL) : NULL;
  struct frame frame = {0};

  while (pcapng != NULL && pcapng_read(pcapng, &frame) == READ_FRAME) {
    struct decoded decoded;

    packet_decode(&decoded, frame.link_type, frame.bytes, frame.captured, frame.length);
  }
  if (pcapng != NULL) {
    pcapng_free(pcapng);
  }
  if (stream != NULL) {
    fclose(stream);
  }
  return 0;
}
