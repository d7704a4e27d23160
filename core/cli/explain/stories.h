/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The stories of all connections of the input, to be shown when all is read.
 */
#ifndef CLI_STORIES_H
#define CLI_STORIES_H

#include "../output/connection_rows.h"
#include "story.h"

struct stories {
  struct connection_rows rows;
  struct connection_row row; /* of the story got last */
  struct relative *relative;
  struct story *stories; /* by stream number */
  size_t count;
  size_t steps;   /* room taken by all of them */
  size_t singles; /* of each story */
};

/* `singles` as in a story, at most STORY_LOOSE_MAX. False: no memory. */
bool stories_begin(struct stories *stories, size_t singles);

void stories_packet(struct stories *stories, const struct packet *packet);

/* All read. False: there was no memory for some connections. */
bool stories_finish(struct stories *stories, const tcpstate_tracker *tracker);

/* The story of a connection and its record, which stays until the next one is got, after stories_finish; NULL if
 * nothing is known of this number. */
const struct story *stories_get(struct stories *stories, size_t stream, const tcpstate_connection **connection);

void stories_free(struct stories *stories);

#endif
