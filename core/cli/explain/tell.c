/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tell.h"

#include "../output/endpoint.h"

enum { INDENT = 4 };

void tell_legend(struct page *page, const struct catalogue *catalogue)
{
  page_begin(page, 0, 0);
  page_text(page, catalogue->messages[MESSAGE_LEGEND]);
  page_end(page);
}

static void tell_title(struct teller *teller)
{
  const tcpstate_connection *connection = teller->connection;
  char endpoints[TCPSTATE_ROLE_COUNT][ENDPOINT_SIZE];
  struct values values = {0};

  for (unsigned role = 0; role < TCPSTATE_ROLE_COUNT; role++) {
    endpoint_text(endpoints[role], connection->ip_version, connection->address[role], connection->port[role]);
  }
  values_number(&values, "stream", connection->stream);
  values_text(&values, "client", endpoints[TCPSTATE_CLIENT]);
  values_text(&values, "server", endpoints[TCPSTATE_SERVER]);
  put_char(teller->page->output, '\n');
  page_begin(teller->page, 0, INDENT);
  page_style(teller->page, STYLE_BOLD);
  page_fill(teller->page, message(teller, MESSAGE_CONNECTION), &values);
  page_plain(teller->page);
  page_end(teller->page);
}

static bool has_time(const struct teller *teller)
{
  return story_kept(teller->story) > 0 && story_step(teller->story, 0)->has_time;
}

static void tell_span(struct teller *teller)
{
  const tcpstate_connection *connection = teller->connection;
  struct values values = {0};

  values_seconds(&values, "seconds",
                 (int64_t)((uint64_t)connection->last_time_ns - (uint64_t)connection->first_time_ns));
  values_number(&values, "sent", connection->segments[TCPSTATE_CLIENT]);
  values_number(&values, "answered", connection->segments[TCPSTATE_SERVER]);
  page_begin(teller->page, 0, 0);
  page_sentence(teller->page, message(teller, has_time(teller) ? MESSAGE_SPAN : MESSAGE_SPAN_WITHOUT_TIME), &values);
  if (connection->roles == TCPSTATE_ROLES_INFERRED) {
    page_sentence(teller->page, message(teller, MESSAGE_ROLES_INFERRED), &values);
  }
  page_end(teller->page);
}

static void tell_count(struct teller *teller, enum message id, uint64_t count)
{
  struct values values = {0};

  values_number(&values, "count", count);
  page_begin(teller->page, INDENT, INDENT);
  page_fill(teller->page, message(teller, id), &values);
  page_end(teller->page);
}

static void tell_steps(struct teller *teller)
{
  for (size_t i = 0; i < story_kept(teller->story); i++) {
    uint64_t lost = story_lost_before(teller->story, i);

    put_char(teller->page->output, '\n');
    if (lost > 0) {
      tell_count(teller, MESSAGE_LEFT_OUT, lost);
      put_char(teller->page->output, '\n');
    }
    tell_step(teller, story_step(teller->story, i));
  }
  if (teller->story->lost_packets > 0) {
    put_char(teller->page->output, '\n');
    tell_count(teller, MESSAGE_NOT_TOLD, teller->story->lost_packets);
  }
}

void tell_story(struct page *page, const struct catalogue *catalogue, const struct story *story,
                const tcpstate_connection *connection)
{
  struct teller teller = {.catalogue = catalogue, .story = story, .connection = connection, .page = page};

  tell_title(&teller);
  tell_span(&teller);
  tell_steps(&teller);
  put_char(page->output, '\n');
  tell_end(&teller);
}
