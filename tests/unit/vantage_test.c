/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "conversation.h"
#include <cmocka.h>

/* vantage.c by the public API: handshakes with answers that take as long as at a client, a server or between. */

enum { SYN_ACK = TCPSTATE_SYN | TCPSTATE_ACK, FIN_ACK = TCPSTATE_FIN | TCPSTATE_ACK, STEP_US = 10000 };

static struct conversation new_talk(void)
{
  tcpstate_tracker *tracker = NULL;

  assert_int_equal(tcpstate_new(&tracker, NULL), TCPSTATE_OK);
  return conversation_with(tracker);
}

/* The next segment comes `us` microseconds after the last one. */
static void after(struct conversation *talk, int64_t us)
{
  talk->now_ns += (us - STEP_US) * 1000;
}

static void syn(struct conversation *talk)
{
  assert_int_equal(client_sends(talk, TCPSTATE_SYN, 100, 0, 0), TCPSTATE_OK);
}

static void syn_ack(struct conversation *talk, int64_t us)
{
  after(talk, us);
  assert_int_equal(server_sends(talk, SYN_ACK, 300, 101, 0), TCPSTATE_OK);
}

static void ack(struct conversation *talk, int64_t us, uint32_t length)
{
  after(talk, us);
  assert_int_equal(client_sends(talk, TCPSTATE_ACK, 101, 301, length), TCPSTATE_OK);
}

static const char *vantage(struct conversation *talk)
{
  tcpstate_connection connection;

  assert_int_equal(tcpstate_connection_get(talk->tracker, talk->said.stream, talk->said.slot, &connection), 0);
  return tcpstate_vantage_name(connection.vantage);
}

static void assert_told(struct conversation *talk, const char *expected)
{
  assert_string_equal(vantage(talk), expected);
  tcpstate_free(talk->tracker);
}

static void test_plain_handshakes(void **state)
{
  static const struct {
    int64_t server_us;
    int64_t client_us;
    const char *vantage;
  } cases[] = {
      {20000, 60, "client"},    {3000, 200, "client"},   {40, 9000, "server"}, {400, 9000, "server"},
      {4500, 4500, "middle"},   {12000, 4000, "middle"}, {100, 80, "unknown"}, /* too near to be told */
      {900, 100, "unknown"},    /* the other end of the room, or of the rack */
      {2000, 400, "unknown"},   /* a loaded host here, or a router near it */
      {30000, 2000, "unknown"}, /* a slow answer here, or a path */
      {10000, 40000, "unknown"} /* the acknowledgement may have been held back */
  };

  (void)state;
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct conversation talk = new_talk();
    syn(&talk);
    syn_ack(&talk, cases[i].server_us);
    assert_string_equal(vantage(&talk), "unknown");
    ack(&talk, cases[i].client_us, 0);
    assert_told(&talk, cases[i].vantage);
  }
}

/* Nobody but a host itself answers in 40 us, so the client is elsewhere, however long it waited. 400 us can be a
 * server in the next room of a client that waited. */
static void test_acknowledgement_held_back(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  syn_ack(&talk, 40);
  ack(&talk, 200000, 0);
  assert_told(&talk, "server");

  talk = new_talk();
  syn(&talk);
  syn_ack(&talk, 400);
  ack(&talk, 200000, 0);
  assert_told(&talk, "unknown");
}

/* With data it may have waited for the user: that is no proof of a path. */
static void test_acknowledgement_with_data(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  syn_ack(&talk, 4500);
  ack(&talk, 4500, 100);
  assert_told(&talk, "unknown");

  talk = new_talk();
  syn(&talk);
  syn_ack(&talk, 4500);
  ack(&talk, 50, 100);
  assert_told(&talk, "client");
}

/* Of two SYNs either may be answered: 50 us after the second is not 50 us after the first. */
static void test_repeated_syn(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  after(&talk, 4500);
  syn(&talk);
  syn_ack(&talk, 50);
  ack(&talk, 4500, 0);
  assert_told(&talk, "unknown");

  talk = new_talk();
  syn(&talk);
  after(&talk, 1000000);
  syn(&talk);
  syn_ack(&talk, 9000);
  ack(&talk, 50, 0);
  assert_told(&talk, "client");
}

/* The first SYN-ACK answers the only SYN so far; of two SYN-ACKs either may be acknowledged. */
static void test_repeated_syn_ack(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  syn_ack(&talk, 40);
  syn_ack(&talk, 1000000);
  ack(&talk, 9000, 0);
  assert_told(&talk, "server");

  talk = new_talk();
  syn(&talk);
  syn_ack(&talk, 9000);
  syn_ack(&talk, 1000000);
  ack(&talk, 50, 0);
  assert_told(&talk, "unknown");
}

/* Left open by the handshake, told by how fast the client acknowledges the FIN. */
static void test_answer_to_the_fin(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  syn_ack(&talk, 9000);
  ack(&talk, 200000, 0);
  assert_string_equal(vantage(&talk), "unknown");
  assert_int_equal(server_sends(&talk, FIN_ACK, 301, 101, 0), TCPSTATE_OK);
  after(&talk, 60);
  assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 101, 302, 0), TCPSTATE_OK);
  assert_told(&talk, "client");
}

/* A client that is still open may have held it back; one that has closed has nothing to wait for. */
static void test_slow_answer_to_the_fin(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  syn_ack(&talk, 4500);
  ack(&talk, 200000, 0);
  assert_int_equal(server_sends(&talk, FIN_ACK, 301, 101, 0), TCPSTATE_OK);
  after(&talk, 4500);
  assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 101, 302, 0), TCPSTATE_OK);
  assert_told(&talk, "unknown");

  talk = new_talk();
  syn(&talk);
  syn_ack(&talk, 4500);
  ack(&talk, 200000, 0);
  assert_int_equal(client_sends(&talk, FIN_ACK, 101, 301, 0), TCPSTATE_OK);
  assert_int_equal(server_sends(&talk, FIN_ACK, 301, 102, 0), TCPSTATE_OK);
  after(&talk, 4500);
  assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 102, 302, 0), TCPSTATE_OK);
  assert_told(&talk, "middle");
}

/* Of what was sent again either copy may be answered, and this tap saw no more than that the last of both passed. */
static void test_data_before_the_fin_repeated(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  syn(&talk);
  syn_ack(&talk, 9000);
  ack(&talk, 200000, 0);
  assert_int_equal(server_sends(&talk, TCPSTATE_ACK, 301, 101, 1), TCPSTATE_OK);
  assert_int_equal(server_sends(&talk, FIN_ACK, 302, 101, 0), TCPSTATE_OK);
  assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 101, 301, 0), TCPSTATE_OK);
  assert_int_equal(server_sends(&talk, TCPSTATE_ACK, 301, 101, 1), TCPSTATE_OK);
  after(&talk, 60);
  assert_int_equal(client_sends(&talk, TCPSTATE_ACK, 101, 303, 0), TCPSTATE_OK);
  assert_told(&talk, "unknown");
}

static unsigned grounds(struct conversation *talk)
{
  tcpstate_connection connection;

  assert_int_equal(tcpstate_connection_get(talk->tracker, talk->said.stream, talk->said.slot, &connection), 0);
  return connection.vantage_grounds;
}

struct headers_case {
  uint8_t ttl[2]; /* client, server */
  uint8_t unfinished[2];
  uint16_t server_us; /* how long the answers take */
  uint16_t client_us;
  const char *vantage;
  unsigned grounds;
};

static void check_headers(const struct headers_case *wanted)
{
  struct conversation talk = new_talk();

  memcpy(talk.ttl, wanted->ttl, sizeof talk.ttl);
  memcpy(talk.unfinished_checksum, wanted->unfinished, sizeof talk.unfinished_checksum);
  syn(&talk);
  assert_string_equal(vantage(&talk), "unknown");
  syn_ack(&talk, wanted->server_us);
  ack(&talk, wanted->client_us, 0);
  assert_int_equal(grounds(&talk), wanted->grounds);
  assert_told(&talk, wanted->vantage);
}

/* 900 and 100 us alone tell nothing. */
static void test_headers(void **state)
{
  static const struct headers_case cases[] = {
      {{64, 57}, {0, 0}, 900, 100, "client", TCPSTATE_GROUNDS_HEADERS},
      {{57, 64}, {0, 0}, 900, 100, "server", TCPSTATE_GROUNDS_HEADERS},
      {{128, 57}, {0, 0}, 900, 100, "client", TCPSTATE_GROUNDS_HEADERS},
      {{243, 255}, {0, 0}, 900, 100, "server", TCPSTATE_GROUNDS_HEADERS},
      {{60, 57}, {0, 0}, 900, 100, "middle", TCPSTATE_GROUNDS_HEADERS},
      {{64, 64}, {0, 0}, 900, 100, "unknown", TCPSTATE_GROUNDS_NONE}, /* both on this network */
      {{128, 64}, {0, 0}, 900, 100, "unknown", TCPSTATE_GROUNDS_NONE},
      {{0, 57}, {0, 0}, 900, 100, "unknown", TCPSTATE_GROUNDS_NONE},
      {{64, 0}, {0, 0}, 900, 100, "unknown", TCPSTATE_GROUNDS_NONE},
      {{64, 64}, {1, 0}, 900, 100, "client", TCPSTATE_GROUNDS_HEADERS},
      {{64, 64}, {0, 1}, 900, 100, "server", TCPSTATE_GROUNDS_HEADERS},
      {{64, 64}, {1, 1}, 900, 100, "unknown", TCPSTATE_GROUNDS_NONE}, /* carried through a virtual network */
      {{63, 1}, {1, 0}, 900, 100, "client", TCPSTATE_GROUNDS_HEADERS},
  };

  (void)state;
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    check_headers(&cases[i]);
  }
}

static void test_headers_and_timing(void **state)
{
  static const struct headers_case cases[] = {
      {{64, 57}, {0, 0}, 20000, 60, "client", TCPSTATE_GROUNDS_TIMING},
      {{63, 57}, {0, 0}, 20000, 60, "client", TCPSTATE_GROUNDS_TIMING}, /* a container on the host */
      {{64, 57}, {0, 0}, 40, 9000, "unknown", TCPSTATE_GROUNDS_NONE},
      {{57, 64}, {0, 0}, 4500, 4500, "unknown", TCPSTATE_GROUNDS_NONE},
      {{57, 60}, {0, 0}, 4500, 4500, "middle", TCPSTATE_GROUNDS_TIMING},
  };

  (void)state;
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    check_headers(&cases[i]);
  }
}

/* The SYN alone tells nothing, even where the server is known to have answered. */
static void test_syn_ack_not_seen(void **state)
{
  struct conversation talk = new_talk();

  (void)state;
  talk.ttl[TCPSTATE_CLIENT] = 64;
  talk.ttl[TCPSTATE_SERVER] = 57;
  syn(&talk);
  ack(&talk, 900, 0);
  assert_int_equal(server_sends(&talk, TCPSTATE_ACK, 301, 101, 10), TCPSTATE_OK);
  assert_told(&talk, "unknown");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plain_handshakes),
      cmocka_unit_test(test_acknowledgement_held_back),
      cmocka_unit_test(test_acknowledgement_with_data),
      cmocka_unit_test(test_repeated_syn),
      cmocka_unit_test(test_repeated_syn_ack),
      cmocka_unit_test(test_answer_to_the_fin),
      cmocka_unit_test(test_slow_answer_to_the_fin),
      cmocka_unit_test(test_data_before_the_fin_repeated),
      cmocka_unit_test(test_headers),
      cmocka_unit_test(test_headers_and_timing),
      cmocka_unit_test(test_syn_ack_not_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
