/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checksum.h"

#include "internet_sum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LONGEST = 200, CHECKSUM_AT = 16 };

struct packet {
  uint8_t *bytes; /* of the exact size, so that a sanitizer sees a read beyond it */
  size_t length;
  uint8_t addresses[32];
  unsigned ip_version;
};

/* RFC 1071 as it reads: words of 16 bits, added one by one. */
static uint32_t add_plainly(uint32_t sum, const uint8_t *bytes, size_t size)
{
  for (size_t i = 0; i < size; i++) {
    sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

static size_t address_size(const struct packet *packet)
{
  return packet->ip_version == 4 ? 4 : 16;
}

static uint32_t sum_of_addresses(const struct packet *packet)
{
  return add_plainly(6, packet->addresses, 2 * address_size(packet));
}

static uint32_t sum_of_pseudo_header(const struct packet *packet)
{
  const uint8_t length[2] = {(uint8_t)(packet->length >> 8), (uint8_t)packet->length};

  return add_plainly(sum_of_addresses(packet), length, 2);
}

static uint32_t field_of(const struct packet *packet)
{
  return (uint32_t)packet->bytes[CHECKSUM_AT] << 8 | packet->bytes[CHECKSUM_AT + 1];
}

static void set_field(struct packet *packet, uint32_t field)
{
  packet->bytes[CHECKSUM_AT] = (uint8_t)(field >> 8);
  packet->bytes[CHECKSUM_AT + 1] = (uint8_t)field;
}

static bool is_bad(const struct packet *packet)
{
  return ts_checksum_is_bad(packet->bytes, packet->length, packet->addresses, packet->addresses + address_size(packet),
                            packet->ip_version) != 0;
}

static bool is_unfinished(const struct packet *packet)
{
  return ts_checksum_is_unfinished(packet->bytes, packet->length, packet->addresses,
                                   packet->addresses + address_size(packet), packet->ip_version) != 0;
}

static uint32_t next_random(uint32_t *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Some are all zeros or all ones, which carry the most. */
static void fill(uint8_t *bytes, size_t size, uint32_t *seed)
{
  uint32_t kind = next_random(seed) % 8;

  for (size_t i = 0; i < size; i++) {
    bytes[i] = kind == 0 ? 0 : kind == 1 ? 0xff : (uint8_t)next_random(seed);
  }
}

static struct packet make_packet(uint32_t *seed)
{
  struct packet packet = {.length = 20 + next_random(seed) % (LONGEST - 20), .ip_version = *seed % 2 ? 4 : 6};

  packet.bytes = malloc(packet.length);
  assert_non_null(packet.bytes);
  fill(packet.bytes, packet.length, seed);
  fill(packet.addresses, sizeof packet.addresses, seed);
  return packet;
}

static void as_added_plainly(void **state)
{
  uint32_t seed = 1071;

  (void)state;
  for (int round = 0; round < 50000; round++) {
    struct packet packet = make_packet(&seed);
    uint32_t right;

    set_field(&packet, 0);
    assert_false(is_bad(&packet)); /* left to the network card */
    right = ~add_plainly(sum_of_pseudo_header(&packet), packet.bytes, packet.length) & 0xffff;
    set_field(&packet, right);
    assert_false(is_bad(&packet));
    assert_int_equal(is_unfinished(&packet), right == sum_of_pseudo_header(&packet));
    set_field(&packet, sum_of_pseudo_header(&packet));
    assert_false(is_bad(&packet));
    assert_true(is_unfinished(&packet));
    set_field(&packet, sum_of_addresses(&packet));
    assert_false(is_bad(&packet));
    set_field(&packet, next_random(&seed) & 0xffff);
    assert_int_equal(is_bad(&packet),
                     add_plainly(sum_of_pseudo_header(&packet), packet.bytes, packet.length) != 0xffff &&
                         field_of(&packet) != 0 && field_of(&packet) != sum_of_pseudo_header(&packet) &&
                         field_of(&packet) != sum_of_addresses(&packet));
    free(packet.bytes);
  }
}

/* All ones are as good as nothing; here they leave a carry behind that carries once more. */
static void what_carries_out_last_comes_in_again(void **state)
{
  struct internet_sum sum = {0};

  (void)state;
  sum_add(&sum, UINT64_MAX);
  sum_add(&sum, UINT64_MAX);
  sum_add(&sum, 1);
  assert_int_equal(sum_word(sum), 1);
  assert_int_equal(sum_fold(sum), 1);
}

/* Cut by nobody yet: no sum is right. */
static void not_of_what_no_wire_carries(void **state)
{
  struct packet packet = {.bytes = calloc(1, LONGEST_ON_A_WIRE + 1), .ip_version = 4};

  (void)state;
  assert_non_null(packet.bytes);
  set_field(&packet, 1);
  packet.length = LONGEST_ON_A_WIRE;
  assert_true(is_bad(&packet));
  packet.length = LONGEST_ON_A_WIRE + 1;
  assert_false(is_bad(&packet));
  free(packet.bytes);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_added_plainly),
      cmocka_unit_test(what_carries_out_last_comes_in_again),
      cmocka_unit_test(not_of_what_no_wire_carries),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
