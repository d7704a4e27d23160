/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stories.h"

#include <stdlib.h>
#include <string.h>

/* Nobody reads the stories of so many connections; those that begin later are told without their steps. */
enum { STEPS_OF_ALL = 1 << 18 };

bool stories_begin(struct stories *stories, size_t singles)
{
  *stories = (struct stories){.relative = relative_new(), .singles = singles};
  return stories->relative != NULL;
}

static struct story *story_of(struct stories *stories, uint32_t stream)
{
  if (stream >= stories->count) {
    size_t count = (size_t)stream + stream / 2 + 64;
    struct story *grown = realloc(stories->stories, count * sizeof *grown);

    if (grown == NULL) {
      stories->rows.out_of_memory = true;
      return NULL;
    }
    memset(grown + stories->count, 0, (count - stories->count) * sizeof *grown);
    stories->stories = grown;
    stories->count = count;
  }
  return &stories->stories[stream];
}

void stories_packet(struct stories *stories, const struct packet *packet)
{
  struct relative_numbers numbers;
  struct story *story;
  bool may_grow;
  bool was_whole;

  if (packet->annotation->stream == UINT32_MAX || (story = story_of(stories, packet->annotation->stream)) == NULL) {
    return;
  }
  relative_numbers(stories->relative, packet, &numbers);
  connection_rows_packet(&stories->rows, packet);
  story->singles = stories->singles;
  may_grow = stories->steps < STEPS_OF_ALL;
  was_whole = story->lost_packets == 0;
  stories->steps += story_add(story, packet, &numbers, may_grow);
  if (may_grow && was_whole && story->lost_packets > 0) {
    stories->rows.out_of_memory = true;
  }
}

bool stories_finish(struct stories *stories, const tcpstate_tracker *tracker)
{
  stories->rows.tracker = tracker;
  return !stories->rows.out_of_memory && !relative_is_incomplete(stories->relative);
}

const struct story *stories_get(struct stories *stories, size_t stream, const tcpstate_connection **connection)
{
  if (!connection_rows_get(&stories->rows, stream, &stories->row) || stories->row.first_frame == 0 ||
      stream >= stories->count) {
    return NULL;
  }
  *connection = &stories->row.connection;
  return &stories->stories[stream];
}

void stories_free(struct stories *stories)
{
  for (size_t stream = 0; stream < stories->count; stream++) {
    story_free(&stories->stories[stream]);
  }
  free(stories->stories);
  connection_rows_free(&stories->rows);
  relative_free(stories->relative);
}
