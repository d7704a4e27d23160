/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * tcpdump's text, read whole and once more in pieces through a pipe: the same segments have to come of it. */
#include "pieces.h"
#include "target.h"

#include "input/line_reader.h"
#include "input/text_line.h"
#include "input/text_numbers.h"

#include <string.h>
#include <unistd.h>

enum { MOST_INPUT = PIECES * PIECE, SELDOM = 3 };

struct digest {
  uint64_t hash;
  unsigned lines;
};

static void take_line(struct digest *digest, struct text_numbers *numbers, const char *line)
{
  struct text_line parsed;

  text_line_parse(&parsed, line);
  digest->lines++;
  if (parsed.is_segment && text_numbers_resolve(numbers, &parsed.segment, parsed.has_seq)) {
    const tcpstate_segment *segment = &parsed.segment;

    FUZZ_CHECK(segment->ip_version == 4 || segment->ip_version == 6);
    digest->hash = (digest->hash ^ segment->seq) * UINT64_C(0x100000001b3);
    digest->hash = (digest->hash ^ segment->ack ^ segment->flags) * UINT64_C(0x100000001b3);
    digest->hash = (digest->hash ^ segment->payload_length ^ segment->src_port) * UINT64_C(0x100000001b3);
  }
}

static struct digest read_all(int descriptor)
{
  struct text_numbers *numbers = text_numbers_new();
  struct line_reader *lines = line_reader_new(descriptor);
  struct digest digest = {0};
  enum line_status status;
  char *line;

  FUZZ_CHECK(numbers != NULL && lines != NULL);
  while ((status = line_reader_next(lines, &line)) != LINE_END) {
    if (status == LINE_READ) {
      take_line(&digest, numbers, line);
    }
  }
  line_reader_free(lines);
  text_numbers_free(numbers);
  close(descriptor);
  return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct digest whole;
  struct digest pieces;

  if (size < 1 || size > MOST_INPUT) {
    return 0;
  }
  whole = read_all(file_of(data, size - 1));
  if (data[size - 1] & SELDOM) { /* a pipe costs much more than the rest */
    return 0;
  }
  pieces = read_all(pipe_of(data, size - 1, 1U + data[size - 1]));
  FUZZ_CHECK(whole.lines == pieces.lines && whole.hash == pieces.hash);
  return 0;
}
