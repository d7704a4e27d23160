/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * crafted [SEGMENTS]: what SYNs with crafted tuples cost the engine beside SYNs with random ones. Prints a line for
 * each way to choose tuples: nanoseconds a segment (the median of the rounds, each under another key) and times random.
 */
#include "../../core/cli/huge_pages.h"
#include "../../core/src/flow_table.h"
#include "../model/random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 32, ROUNDS = 9, PARTS = 256 };

struct way {
  const char *name;
  void (*choose)(tcpstate_segment *segments, size_t count);
};

static int64_t now_ns(void)
{
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void set_tuple(tcpstate_segment *segment, uint32_t src, uint16_t src_port, uint32_t dst, uint16_t dst_port)
{
  memcpy(segment->src, &src, sizeof src);
  memcpy(segment->dst, &dst, sizeof dst);
  segment->src_port = src_port;
  segment->dst_port = dst_port;
}

static void choose_random(tcpstate_segment *segments, size_t count)
{
  uint64_t random = 1;
  for (size_t i = 0; i < count; i++) {
    uint64_t hosts = random_next(&random);
    uint64_t ports = random_next(&random);
    set_tuple(&segments[i], (uint32_t)hosts, (uint16_t)ports, (uint32_t)(hosts >> 32), (uint16_t)(ports >> 16));
  }
}

static void choose_ports_in_a_row(tcpstate_segment *segments, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    set_tuple(&segments[i], 1, (uint16_t)i, 2, (uint16_t)(i >> 16));
  }
}

static void choose_hosts_in_a_row(tcpstate_segment *segments, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    set_tuple(&segments[i], (uint32_t)i, 1, 0, 2);
  }
}

/* All in the same small part of the table, if the key were the one that was guessed: zeros. */
static void choose_for_a_guessed_key(tcpstate_segment *segments, size_t count)
{
  static const uint64_t zeros[2] = {0, 0};
  struct memory memory = {.allocator = huge_pages_allocator};
  struct flow_table table;
  struct lookup lookup;
  if (flow_table_init(&table, &memory, zeros) != TCPSTATE_OK) {
    return;
  }
  uint32_t tried = 0;
  for (size_t i = 0; i < count; tried++) {
    set_tuple(&segments[i], 1, (uint16_t)tried, 2, (uint16_t)(tried >> 16));
    flow_table_key(&table, &segments[i], &lookup);
    i += lookup.tag % PARTS == 0;
  }
  flow_table_clear(&table);
}

static double fed(const tcpstate_segment *segments, size_t count, uint64_t secret)
{
  tcpstate_annotation annotations[BATCH];
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  tcpstate_settings_init(&settings);
  settings.allocator = huge_pages_allocator;
  settings.hash_key[0] = secret;
  settings.hash_key[1] = ~secret;
  if (tcpstate_new(&tracker, &settings) != TCPSTATE_OK) {
    exit(1);
  }
  int64_t start = now_ns();
  for (size_t done = 0; done < count; done += BATCH) {
    tcpstate_feed_batch(tracker, segments + done, count - done < BATCH ? count - done : BATCH, annotations);
  }
  double ns = (double)(now_ns() - start) / (double)count;
  tcpstate_free(tracker);
  return ns;
}

static int compare(const void *left, const void *right)
{
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

static double measured(const struct way *way, tcpstate_segment *segments, size_t count)
{
  double ns[ROUNDS];
  way->choose(segments, count);
  for (uint64_t i = 0; i < ROUNDS; i++) {
    ns[i] = fed(segments, count, i + 1);
  }
  qsort(ns, ROUNDS, sizeof *ns, compare);
  return ns[ROUNDS / 2];
}

int main(int count, char **arguments)
{
  static const struct way ways[] = {
      {"random", choose_random},
      {"ports in a row", choose_ports_in_a_row},
      {"hosts in a row", choose_hosts_in_a_row},
      {"colliding under a guessed key", choose_for_a_guessed_key},
  };
  size_t number = count > 1 ? strtoul(arguments[1], NULL, 10) : 500000;
  tcpstate_segment *segments = calloc(number, sizeof *segments);
  if (!segments || number == 0) {
    fprintf(stderr, "usage: crafted [SEGMENTS]\n");
    return 1;
  }
  for (size_t i = 0; i < number; i++) {
    segments[i] = (tcpstate_segment){.ip_version = 4, .flags = TCPSTATE_SYN, .seq = (uint32_t)i, .window = 64240};
  }
  measured(&ways[0], segments, number); /* huge pages have to be found first */
  double usual = 0;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    double ns = measured(&ways[i], segments, number);
    usual = i == 0 ? ns : usual;
    printf("%-30s %6.1f ns a segment, %.2f times random\n", ways[i].name, ns, ns / usual);
  }
  free(segments);
  return 0;
}
