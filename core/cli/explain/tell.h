/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tells a story in the sentences of a catalogue. What is said of states comes from annotations, rules and the
 * connection's record; nothing is decided here.
 */
#ifndef CLI_TELL_H
#define CLI_TELL_H

#include "catalogue.h"
#include "page.h"
#include "story.h"

struct teller {
  const struct catalogue *catalogue;
  const struct story *story;
  const tcpstate_connection *connection;
  struct page *page;
  uint64_t told[TCPSTATE_EVENT_COUNT];   /* frame in which the event was explained; 0: not yet */
  int64_t since_ns[TCPSTATE_ROLE_COUNT]; /* when the endpoint came into its state */
  bool has_since[TCPSTATE_ROLE_COUNT];
  bool has_summary; /* a title stands before its first line */
};

/* What all stories have in common. */
void tell_legend(struct page *page, const struct catalogue *catalogue);

void tell_story(struct page *page, const struct catalogue *catalogue, const struct story *story,
                const tcpstate_connection *connection);

/* The parts of it. */
void tell_step(struct teller *teller, const struct step *step);
void tell_endpoints(struct teller *teller, const struct step *step);
void tell_end(struct teller *teller);

static inline const char *message(const struct teller *teller, enum message id)
{
  return teller->catalogue->messages[id];
}

static inline const char *role_word(const struct teller *teller, unsigned role)
{
  return message(teller, role == TCPSTATE_SERVER ? MESSAGE_SERVER : MESSAGE_CLIENT);
}

#endif
