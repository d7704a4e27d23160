/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stories of annotations that captures rarely bring about: roles that turn out to be the other way round, and room that
 * runs out.
 */
#include "explain/tell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
  struct story story;
  uint64_t frame;
};

static int set_up(void **state)
{
  *state = calloc(1, sizeof(struct fixture));
  return *state == NULL;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;

  story_free(&fixture->story);
  free(fixture);
  return 0;
}

/* A segment of the host with this number, 1 or 2. */
static tcpstate_segment segment_of(uint8_t host, unsigned flags, uint32_t seq, uint32_t ack)
{
  return (tcpstate_segment){
      .ip_version = 4,
      .src = {host},
      .dst = {(uint8_t)(3 - host)},
      .src_port = host,
      .dst_port = (uint16_t)(3 - host),
      .flags = (uint8_t)flags,
      .seq = seq,
      .ack = ack,
  };
}

static size_t add(struct fixture *fixture, const tcpstate_segment *segment, const tcpstate_annotation *annotation,
                  bool may_grow)
{
  const struct packet packet = {++fixture->frame, segment, annotation};
  const struct relative_numbers numbers = {segment->seq, segment->ack};

  return story_add(&fixture->story, &packet, &numbers, may_grow);
}

static void add_event(struct fixture *fixture, unsigned event, bool may_grow)
{
  const tcpstate_segment segment = segment_of(1, TCPSTATE_ACK, 1, 1);
  const tcpstate_annotation annotation = {.events = UINT64_C(1) << event};

  add(fixture, &segment, &annotation, may_grow);
}

/* Host 1 sends a FIN as client; then it is the server, and the acknowledgement is still for its FIN. */
static void test_numbers_follow_the_host_when_roles_change(void **state)
{
  struct fixture *fixture = *state;
  const tcpstate_segment fin = segment_of(1, TCPSTATE_FIN | TCPSTATE_ACK, 70, 1);
  const tcpstate_segment ack = segment_of(2, TCPSTATE_ACK, 1, 71);
  const tcpstate_annotation before = {.src_role = TCPSTATE_CLIENT, .teardown_steps = TCPSTATE_TEARDOWN_FIN_1};
  const tcpstate_annotation after = {.src_role = TCPSTATE_CLIENT, .teardown_steps = TCPSTATE_TEARDOWN_ACK_1};

  add(fixture, &fin, &before, true);
  add(fixture, &ack, &after, true);
  assert_false(story_step(&fixture->story, 0)->roles_swapped);
  assert_true(story_step(&fixture->story, 1)->roles_swapped);
  assert_int_equal(story_step(&fixture->story, 1)->acknowledged, ACKNOWLEDGED_FIN);
  assert_int_equal(story_step(&fixture->story, 1)->base, 70);
}

static void test_time_in_a_state_follows_the_host_when_roles_change(void **state)
{
  struct fixture *fixture = *state;
  struct page *page = calloc(1, sizeof *page);
  tcpstate_segment first = segment_of(1, TCPSTATE_SYN, 0, 0);
  tcpstate_segment second = segment_of(1, TCPSTATE_ACK, 1, 1);
  const tcpstate_annotation before = {.src_role = TCPSTATE_CLIENT,
                                      .previous = {TCPSTATE_CLOSED, TCPSTATE_LISTEN},
                                      .state = {TCPSTATE_SYN_SENT, TCPSTATE_LISTEN}};
  const tcpstate_annotation after = {.src_role = TCPSTATE_SERVER,
                                     .previous = {TCPSTATE_LISTEN, TCPSTATE_SYN_SENT},
                                     .state = {TCPSTATE_SYN_RECEIVED, TCPSTATE_ESTABLISHED}};
  const tcpstate_connection connection = {.ip_version = 4};
  size_t size;
  char *text;

  second.time_ns = INT64_C(5000000000);
  add(fixture, &first, &before, true);
  add(fixture, &second, &after, true);
  page->output = output_open(-1);
  page->width = 1000;
  page->space = " ";
  tell_story(page, &catalogue_english, &fixture->story, &connection);
  put_char(page->output, '\0');
  text = strdup(output_content(page->output, &size));
  assert_non_null(strstr(text, "client is the side that was called server"));
  assert_non_null(strstr(text, "SYN-SENT > ESTABLISHED after 5.000000 seconds"));
  assert_null(strstr(text, "LISTEN > SYN-RECEIVED after"));
  free(text);
  output_clear(page->output);
  output_close(page->output);
  free(page);
}

static void test_a_story_without_room_counts_the_rest(void **state)
{
  struct fixture *fixture = *state;

  for (unsigned event = 0; event < 4; event++) {
    add_event(fixture, TCPSTATE_EVENT_STRAY + event, true);
  }
  assert_int_equal(fixture->story.room, 4);
  add_event(fixture, TCPSTATE_EVENT_PAWS, false);
  add_event(fixture, TCPSTATE_EVENT_STRAY + 3, true); /* would go on with the fourth step, but for what is missing */
  assert_int_equal(story_kept(&fixture->story), 4);
  assert_int_equal(story_step(&fixture->story, 3)->count, 1);
  assert_int_equal(fixture->story.lost_packets, 2);
}

static void test_a_long_story_keeps_its_head_and_its_tail(void **state)
{
  struct fixture *fixture = *state;

  for (unsigned i = 0; i < 1000; i++) {
    add_event(fixture, i % 2 ? TCPSTATE_EVENT_STRAY : TCPSTATE_EVENT_PAWS, true);
  }
  assert_int_equal(story_kept(&fixture->story), STORY_MAX);
  for (size_t i = 0; i < STORY_MAX; i++) {
    size_t frame = i < STORY_HEAD ? i + 1 : 1000 - STORY_MAX + i + 1;

    assert_int_equal(story_step(&fixture->story, i)->first_frame, frame);
    assert_int_equal(story_lost_before(&fixture->story, i), i == STORY_HEAD ? 1000 - STORY_MAX : 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_numbers_follow_the_host_when_roles_change, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_time_in_a_state_follows_the_host_when_roles_change, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_story_without_room_counts_the_rest, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_long_story_keeps_its_head_and_its_tail, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
