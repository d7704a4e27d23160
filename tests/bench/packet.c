/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

#include <string.h>

enum { ETHERNET = 14, TCP = 32, MOST_TCP = 40, MOST_HEADERS = ETHERNET + 40 + MOST_TCP, MOST_PAYLOAD = 1448 };

static void put16(uint8_t *at, unsigned value)
{
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}

static uint32_t add_words(const uint8_t *at, size_t size)
{
  uint32_t sum = 0;
  for (size_t i = 0; i < size; i += 2) {
    sum += (uint32_t)at[i] << 8 | at[i + 1];
  }
  return sum;
}

static uint16_t fold(uint32_t sum)
{
  sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t) ~((sum & 0xffff) + (sum >> 16));
}

void packet_file_header(FILE *file, uint32_t snap_length)
{
  const uint32_t header[6] = {0xa1b2c3d4, 4u << 16 | 2u, 0, 0, snap_length, 1};
  fwrite(header, sizeof header, 1, file);
}

/* Writes the IP header; returns its length. The addresses are its last bytes. */
static size_t put_ip(uint8_t *at, const struct packet *packet, unsigned content)
{
  if (packet->ipv6) {
    put32(at, 0x60000000);
    put16(at + 4, content);
    at[6] = 6;
    at[7] = 64;
    for (size_t side = 0; side < 2; side++) {
      put32(at + 8 + 16 * side, 0x20010db8);
      put32(at + 20 + 16 * side, packet->host[side]);
    }
    return 40;
  }
  put16(at, 0x4500);
  put16(at + 2, 20 + content);
  put16(at + 8, 0x4006);
  put32(at + 12, 0x0a000000 | packet->host[0]);
  put32(at + 16, 0x0a000000 | packet->host[1]);
  put16(at + 10, fold(add_words(at, 20)));
  return 20;
}

/* Writes the TCP header; returns its length. */
static size_t put_tcp(uint8_t *at, const struct packet *packet)
{
  size_t size = packet->flags & PACKET_SYN ? MOST_TCP : TCP;
  put16(at, packet->port[0]);
  put16(at + 2, packet->port[1]);
  put32(at + 4, packet->seq);
  put32(at + 8, packet->ack);
  put16(at + 12, (unsigned)size << 10 | packet->flags);
  put16(at + 14, 0xfff0);
  put32(at + 20, 0x0101080a); /* time stamps */
  put32(at + 24, (uint32_t)(packet->time_ns / 1000000));
  if (size > TCP) {
    put32(at + 32, 0x0103030a); /* window scale 10 */
  }
  return size;
}

void packet_write(FILE *file, uint32_t snap_length, const struct packet *packet)
{
  static const uint8_t zeros[MOST_PAYLOAD];
  uint8_t bytes[MOST_HEADERS] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
  put16(bytes + 12, packet->ipv6 ? 0x86dd : 0x0800);
  uint8_t tcp[MOST_TCP] = {0};
  uint32_t size = (uint32_t)put_tcp(tcp, packet);
  uint32_t ip = (uint32_t)put_ip(bytes + ETHERNET, packet, size + packet->payload);
  const uint32_t addresses = packet->ipv6 ? 32 : 8;
  uint8_t *pseudo = bytes + ETHERNET + ip - addresses;
  put16(tcp + 16, fold(add_words(pseudo, addresses) + add_words(tcp, size) + 6 + size + packet->payload));
  memcpy(bytes + ETHERNET + ip, tcp, size);

  uint32_t header = ETHERNET + ip + size;
  uint32_t length = header + packet->payload;
  uint32_t captured = length < snap_length ? length : snap_length;
  uint32_t first = header < captured ? header : captured;
  const uint32_t record[4] = {(uint32_t)(packet->time_ns / 1000000000), (uint32_t)(packet->time_ns % 1000000000 / 1000),
                              captured, length};
  fwrite(record, sizeof record, 1, file);
  fwrite(bytes, first, 1, file);
  fwrite(zeros, captured - first, 1, file);
}
