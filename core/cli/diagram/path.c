/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "path.h"

static unsigned state_now(const struct path *path)
{
  return path->count > 0 ? path->steps[path->count - 1].to : path->start;
}

static void go(struct path *path, unsigned state, unsigned rule, uint64_t frame)
{
  unsigned now = state_now(path);

  if (state != now) {
    path->steps[path->count++] = (struct path_step){frame, (uint8_t)now, (uint8_t)state, (uint8_t)rule};
  }
}

void path_read(struct path *path, const struct story *story, const tcpstate_connection *connection, unsigned seat)
{
  path->count = 0;
  for (size_t i = 0; i < story_kept(story); i++) {
    const struct step *step = story_step(story, i);
    unsigned role = role_at(story, step, seat);

    if (i == 0) {
      path->start = step->annotation.previous[role];
    }
    go(path, step->annotation.previous[role], 0, 0);
    go(path, step->annotation.state[role], step->annotation.rule[role], step->first_frame);
  }
  if (story_kept(story) > 0) {
    go(path, connection->state[seat], 0, 0);
  }
}
