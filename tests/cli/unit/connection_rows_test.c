/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/connection_rows.h"

#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 500 }; /* the arrays grow several times */

static void see(struct connection_rows *rows, uint64_t frame, uint32_t stream, uint32_t slot, uint8_t facts)
{
  const tcpstate_segment segment = {.facts = facts};
  const tcpstate_annotation annotation = {.stream = stream, .slot = slot};

  connection_rows_packet(rows, &(struct packet){frame, &segment, &annotation});
}

static void give_up(struct connection_rows *rows, uint32_t stream, uint16_t port)
{
  connection_rows_end(rows, &(tcpstate_connection){.stream = stream, .port = {port, port}});
}

/* The record alone is that of the row, and there is none where there is no row. */
static void expect_record(const struct connection_rows *rows, const tcpstate_connection *expected)
{
  tcpstate_connection room;

  for (uint32_t stream = 0; stream < rows->count; stream++) {
    const tcpstate_connection *record = connection_rows_record(rows, stream, &room);

    if (stream == expected->stream) {
      assert_non_null(record);
      assert_memory_equal(record, expected, sizeof *record);
    } else {
      assert_null(record);
    }
  }
}

static void records_given_up_are_found_by_stream(void **state)
{
  struct connection_rows rows;
  struct connection_row row;

  (void)state;
  connection_rows_begin(&rows, NULL);
  for (uint32_t stream = 0; stream < MANY; stream++) {
    see(&rows, stream + 1, stream, 0, 0);
    see(&rows, stream + 1000, stream, 0, 0);
  }
  for (uint32_t stream = MANY; stream-- > 0;) {
    give_up(&rows, stream, (uint16_t)stream);
  }
  for (uint32_t stream = 0; stream < MANY; stream++) {
    assert_true(connection_rows_get(&rows, stream, &row));
    assert_int_equal(row.connection.port[0], stream);
    assert_int_equal(row.first_frame, stream + 1);
    assert_int_equal(row.last_frame, stream + 1000);
    assert_true(row.has_time);
  }
  assert_false(connection_rows_get(&rows, MANY, &row));
  connection_rows_free(&rows);
}

/* The engine judges a batch before the rows see its packets. */
static void a_connection_may_end_before_its_packets_are_seen(void **state)
{
  struct connection_rows rows;
  struct connection_row row;

  (void)state;
  connection_rows_begin(&rows, NULL);
  give_up(&rows, 2, 22);
  assert_true(connection_rows_get(&rows, 2, &row));
  assert_int_equal(row.first_frame, 0);
  assert_false(row.has_time);
  see(&rows, 7, 2, 5, 0);
  assert_true(connection_rows_get(&rows, 2, &row));
  assert_int_equal(row.connection.port[0], 22);
  assert_int_equal(row.first_frame, 7);
  connection_rows_free(&rows);
}

static void what_was_left_out_has_no_row(void **state)
{
  struct connection_rows rows;
  struct connection_row row;

  (void)state;
  connection_rows_begin(&rows, NULL);
  see(&rows, 1, UINT32_MAX, 0, 0); /* no memory for it */
  assert_false(rows.out_of_memory);
  assert_int_equal(rows.count, 0);
  assert_false(connection_rows_get(&rows, 0, &row));
  see(&rows, 2, 3, 0, 0);
  give_up(&rows, 3, 33);
  for (size_t stream = 0; stream < 3; stream++) {
    assert_false(connection_rows_get(&rows, stream, &row));
  }
  assert_true(connection_rows_get(&rows, 3, &row));
  connection_rows_free(&rows);
}

static void the_first_packet_tells_whether_there_are_times(void **state)
{
  struct connection_rows rows;
  struct connection_row row;

  (void)state;
  connection_rows_begin(&rows, NULL);
  see(&rows, 4, 0, 0, TCPSTATE_NO_TIME);
  see(&rows, 5, 0, 0, 0);
  give_up(&rows, 0, 1);
  assert_true(connection_rows_get(&rows, 0, &row));
  assert_false(row.has_time);
  assert_int_equal(row.first_frame, 4);
  assert_int_equal(row.last_frame, 5);
  connection_rows_free(&rows);
}

/* Three connections, of ports 4000 to 4002; `last` is what is said of the last one. */
static tcpstate_tracker *three_connections(tcpstate_segment *segment, tcpstate_annotation *last)
{
  tcpstate_tracker *tracker;

  *segment = (tcpstate_segment){.src = {192, 0, 2, 1},
                                .dst = {192, 0, 2, 2},
                                .src_port = 3999,
                                .dst_port = 80,
                                .flags = TCPSTATE_SYN,
                                .ip_version = 4};
  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  for (unsigned i = 0; i < 3; i++) {
    segment->src_port++;
    assert_int_equal(tcpstate_feed(tracker, segment, last), TCPSTATE_OK);
  }
  return tracker;
}

static tcpstate_tracker *rows_of_three(struct connection_rows *rows)
{
  tcpstate_segment segment;
  tcpstate_annotation annotation;
  tcpstate_tracker *tracker = three_connections(&segment, &annotation);

  connection_rows_begin(rows, tracker);
  rows->without_frames = true;
  return tracker;
}

static void rows_without_frames_are_collected(void **state)
{
  const struct options options = {.has_stream = false};
  struct connection_rows rows;
  struct connection_row row;
  tcpstate_tracker *tracker = rows_of_three(&rows);

  (void)state;
  give_up(&rows, 1, 11); /* before the others are seen */
  connection_rows_collect(&rows, &options);
  assert_int_equal(rows.count, 3);
  for (uint16_t stream = 0; stream < 3; stream++) {
    assert_true(connection_rows_get(&rows, stream, &row));
    assert_int_equal(row.connection.port[0], stream == 1 ? 11 : 4000 + stream);
  }
  connection_rows_free(&rows);
  tcpstate_free(tracker);
}

static void one_may_be_asked_for(void **state)
{
  const struct options options = {.has_stream = true, .stream = 1};
  struct connection_rows rows;
  struct connection_row row;
  tcpstate_tracker *tracker = rows_of_three(&rows);

  (void)state;
  connection_rows_collect(&rows, &options);
  assert_true(connection_rows_get(&rows, 1, &row));
  assert_int_equal(row.connection.port[0], 4001);
  expect_record(&rows, &row.connection);
  connection_rows_free(&rows);
  tcpstate_free(tracker);
}

/* The engine's record is asked for by the slot of the connection's packets. */
static void a_living_connection_is_the_engines(void **state)
{
  tcpstate_segment segment;
  tcpstate_annotation annotation;
  tcpstate_tracker *tracker = three_connections(&segment, &annotation);
  struct connection_rows rows;
  struct connection_row row;

  (void)state;
  connection_rows_begin(&rows, tracker);
  connection_rows_packet(&rows, &(struct packet){3, &segment, &annotation});
  assert_false(connection_rows_get(&rows, 0, &row));
  assert_true(connection_rows_get(&rows, 2, &row));
  assert_int_equal(row.connection.port[0], 4002);
  expect_record(&rows, &row.connection);
  connection_rows_free(&rows);
  tcpstate_free(tracker);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_given_up_are_found_by_stream),
      cmocka_unit_test(a_connection_may_end_before_its_packets_are_seen),
      cmocka_unit_test(what_was_left_out_has_no_row),
      cmocka_unit_test(the_first_packet_tells_whether_there_are_times),
      cmocka_unit_test(rows_without_frames_are_collected),
      cmocka_unit_test(one_may_be_asked_for),
      cmocka_unit_test(a_living_connection_is_the_engines),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
