/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The way of one endpoint through the states, read from a story.
 */
#ifndef CLI_PATH_H
#define CLI_PATH_H

#include "../explain/story.h"

/* In a picture the client is on the left, the server on the right: who they are in the connection's record. */
enum seat { SEAT_LEFT = TCPSTATE_CLIENT, SEAT_RIGHT = TCPSTATE_SERVER, SEAT_COUNT };

/* Role that the annotation of this step has for who sits there: the engine may learn late who the client is. */
static inline unsigned role_at(const struct story *story, const struct step *step, unsigned seat)
{
  return step->roles_turned != story->roles_turned ? !seat : seat;
}

static inline unsigned sender_seat(const struct story *story, const struct step *step)
{
  return role_at(story, step, step->annotation.src_role == TCPSTATE_SERVER ? SEAT_RIGHT : SEAT_LEFT);
}

/* A step may show that time has moved the endpoint before it moves it itself. */
enum { PATH_MAX = 2 * STORY_MAX + 2 };

struct path_step {
  uint64_t frame; /* 0: no segment of the connection did it */
  uint8_t from;
  uint8_t to;
  uint8_t rule; /* 0: none is known */
};

struct path {
  struct path_step steps[PATH_MAX];
  size_t count;
  uint8_t start;
};

/* Ends in the state that the connection's record has. */
void path_read(struct path *path, const struct story *story, const tcpstate_connection *connection, unsigned seat);

#endif
