/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary.h"

#include "message.h"

#include <inttypes.h>
#include <unistd.h>

void summary_count(struct summary *summary, const struct item *item)
{
  summary->last_frame = item->frame;
  summary->items[item->decoded.kind]++;
  if (item->fragments > 0) { /* those before it were counted as left out */
    summary->items[DECODED_FRAGMENT] -= item->fragments - 1;
  }
}

void summary_count_segments(struct summary *summary, size_t count, uint64_t last_frame)
{
  summary->last_frame = last_frame;
  summary->items[DECODED_SEGMENT] += count;
}

static const char *plural(uint64_t count)
{
  return count == 1 ? "" : "s";
}

void summary_print_evicted(uint64_t evicted)
{
  if (evicted > 0) {
    complain("%" PRIu64 " connection%s given up to make room (--max-connections, --max-memory)", evicted,
             plural(evicted));
  }
}

static void print_left_out(const struct summary *summary)
{
  uint64_t fragments = summary->items[DECODED_FRAGMENT];
  uint64_t malformed = summary->items[DECODED_MALFORMED];

  if (fragments > 0) {
    complain("%" PRIu64 " IP fragment%s left out", fragments, plural(fragments));
  }
  if (malformed > 0) {
    complain("%" PRIu64 " TCP header%s cut or malformed, left out", malformed, plural(malformed));
  }
  summary_print_evicted(summary->statistics.evicted);
}

void summary_print(const struct summary *summary, bool live)
{
  uint64_t segments = summary->statistics.segments;
  uint64_t connections = summary->statistics.connections;

  print_left_out(summary);
  if (live || isatty(STDERR_FILENO)) {
    complain("%" PRIu64 " segment%s of %" PRIu64 " connection%s", segments, plural(segments), connections,
             plural(connections));
  }
}
