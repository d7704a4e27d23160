/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * generate FILE CONNECTIONS CONCURRENT DATA: a capture of so many connections, so many of them at a time, with so many
 * segments in the data phase on average (DATA below 0: exactly). Every step writes one packet of one connection,
 * chosen at random: the worst locality there is. generate FILE flood N: N lone SYNs of N sources.
 * The same arguments give the same bytes. */
#include "../model/random.h"
#include "packet.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SNAP_LENGTH = 96, SPACING_NS = 10000, LARGEST = 1448, BUFFER = 1 << 20 };

enum step {
  STEP_SYN,
  STEP_SYN_ACK,
  STEP_ACK,
  STEP_DATA,
  STEP_FIN,
  STEP_FIN_ACKED,
  STEP_OTHER_FIN,
  STEP_LAST,
  STEP_END
};

enum close { CLOSE_PLAIN, CLOSE_MERGED, CLOSE_RESET, CLOSE_NEVER };

struct connection {
  uint32_t number;
  uint32_t next[2];
  uint32_t data_left;
  uint8_t step;
  uint8_t close;
  uint8_t closer; /* 0: client */
  bool unacknowledged[2];
};

struct generator {
  FILE *file;
  uint64_t random;
  uint64_t time_ns;
  uint32_t started;
  uint32_t connections;
  uint32_t concurrent;
  int data;
  struct connection *active;
};

static void emit(struct generator *generator, const struct connection *connection, unsigned side, unsigned flags,
                 uint32_t payload)
{
  uint32_t number = connection->number;
  const uint32_t hosts[2] = {1 + number / 20000, 0x800000 + number % 64};
  const uint16_t ports[2] = {(uint16_t)(40000 + number % 20000), 443};
  struct packet packet = {
      .time_ns = generator->time_ns,
      .host = {hosts[side], hosts[1 - side]},
      .port = {ports[side], ports[1 - side]},
      .seq = connection->next[side],
      .ack = flags & PACKET_ACK ? connection->next[1 - side] : 0,
      .payload = payload,
      .flags = (uint8_t)flags,
      .ipv6 = number % 10 < 3,
  };
  packet_write(generator->file, SNAP_LENGTH, &packet);
  generator->time_ns += SPACING_NS;
}

static void start(struct generator *generator, struct connection *connection)
{
  uint64_t *random = &generator->random;
  uint32_t luck = random_below(random, 100);
  *connection = (struct connection){.number = generator->started++};
  connection->next[0] = random_below(random, UINT32_MAX);
  connection->next[1] = random_below(random, UINT32_MAX);
  connection->closer = random_below(random, 3) == 0;
  connection->close = luck < 70 ? CLOSE_PLAIN : luck < 85 ? CLOSE_MERGED : luck < 95 ? CLOSE_RESET : CLOSE_NEVER;
  connection->data_left = generator->data < 0 ? (uint32_t)-generator->data : 1;
  while (generator->data > 1 && random_below(random, (uint32_t)generator->data) != 0) {
    connection->data_left++;
  }
}

/* A segment with data, or the acknowledgement of one. */
static void data_step(struct generator *generator, struct connection *connection)
{
  unsigned side = random_below(&generator->random, 3) != 0;
  if (connection->unacknowledged[side] && random_below(&generator->random, 2) == 0) {
    connection->unacknowledged[side] = false;
    emit(generator, connection, 1 - side, PACKET_ACK, 0);
  } else {
    uint32_t payload = random_below(&generator->random, 3) ? LARGEST : 1 + random_below(&generator->random, LARGEST);
    emit(generator, connection, side, PACKET_ACK, payload);
    connection->next[side] += payload;
    connection->unacknowledged[side] = true;
    connection->unacknowledged[1 - side] = false;
  }
  connection->step = --connection->data_left ? STEP_DATA : STEP_FIN;
}

static void close_step(struct generator *generator, struct connection *connection)
{
  unsigned x = connection->closer;
  bool own = connection->step == STEP_FIN || connection->step == STEP_LAST;
  bool fin = connection->step == STEP_FIN || connection->step == STEP_OTHER_FIN;
  unsigned side = own ? x : 1 - x;
  if (connection->step == STEP_FIN && connection->close >= CLOSE_RESET) {
    if (connection->close == CLOSE_RESET) {
      emit(generator, connection, x, PACKET_RST | PACKET_ACK, 0);
    }
    connection->step = STEP_END;
    return;
  }
  if (connection->step == STEP_FIN_ACKED && connection->close == CLOSE_MERGED) {
    connection->step = STEP_OTHER_FIN;
    fin = true;
  }
  emit(generator, connection, side, fin ? PACKET_FIN | PACKET_ACK : PACKET_ACK, 0);
  connection->next[side] += fin;
  connection->step++;
}

static void advance(struct generator *generator, struct connection *connection)
{
  switch (connection->step) {
  case STEP_SYN:
    emit(generator, connection, 0, PACKET_SYN, 0);
    connection->next[0]++;
    break;
  case STEP_SYN_ACK:
    emit(generator, connection, 1, PACKET_SYN | PACKET_ACK, 0);
    connection->next[1]++;
    break;
  case STEP_ACK:
    emit(generator, connection, 0, PACKET_ACK, 0);
    break;
  case STEP_DATA:
    data_step(generator, connection);
    return;
  default:
    close_step(generator, connection);
    return;
  }
  connection->step++;
}

static void run(struct generator *generator)
{
  uint32_t count = 0;
  while (count < generator->concurrent && generator->started < generator->connections) {
    start(generator, &generator->active[count++]);
  }
  while (count > 0) {
    struct connection *connection = &generator->active[random_below(&generator->random, count)];
    advance(generator, connection);
    if (connection->step != STEP_END) {
      continue;
    }
    if (generator->started < generator->connections) {
      start(generator, connection);
    } else {
      *connection = generator->active[--count];
    }
  }
}

static void flood(struct generator *generator)
{
  for (uint32_t i = 0; i < generator->connections; i++) {
    struct packet packet = {.time_ns = generator->time_ns,
                            .host = {i, 0x800001},
                            .port = {(uint16_t)(1024 + random_below(&generator->random, 60000)), 80},
                            .seq = random_below(&generator->random, UINT32_MAX),
                            .flags = PACKET_SYN};
    packet_write(generator->file, SNAP_LENGTH, &packet);
    generator->time_ns += SPACING_NS;
  }
}

static uint32_t number_of(const char *text)
{
  return (uint32_t)strtoul(text, NULL, 10);
}

int main(int count, char **arguments)
{
  struct generator generator = {.random = 1, .time_ns = UINT64_C(1700000000000000000)};
  bool flooding = count == 4 && strcmp(arguments[2], "flood") == 0;
  if (!flooding && count != 5) {
    fprintf(stderr, "usage: %s FILE CONNECTIONS CONCURRENT DATA | FILE flood N\n", arguments[0]);
    return 2;
  }
  generator.connections = number_of(arguments[flooding ? 3 : 2]);
  generator.file = fopen(arguments[1], "wb");
  if (!generator.file) {
    perror(arguments[1]);
    return 1;
  }
  setvbuf(generator.file, NULL, _IOFBF, BUFFER);
  packet_file_header(generator.file, SNAP_LENGTH);
  if (flooding) {
    flood(&generator);
  } else {
    generator.concurrent = number_of(arguments[3]);
    generator.data = (int)strtol(arguments[4], NULL, 10);
    generator.active = calloc(generator.concurrent, sizeof *generator.active);
    if (!generator.active) {
      return 1;
    }
    run(&generator);
    free(generator.active);
  }
  return fclose(generator.file) == 0 ? 0 : 1;
}
