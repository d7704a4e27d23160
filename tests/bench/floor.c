/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * floor FILE: the least that any program on libpcap can take, a loop that counts. */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

struct totals {
  uint64_t packets;
  uint64_t bytes;
};

static void take(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
  struct totals *totals = (struct totals *)(void *)user;
  (void)bytes;
  totals->packets++;
  totals->bytes += header->len;
}

int main(int count, char **arguments)
{
  char error[PCAP_ERRBUF_SIZE] = "usage: floor FILE";
  struct totals totals = {0, 0};
  pcap_t *pcap = count == 2 ? pcap_open_offline(arguments[1], error) : NULL;
  if (!pcap) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  int result = pcap_loop(pcap, -1, take, (u_char *)&totals);
  pcap_close(pcap);
  printf("%llu packets, %llu bytes\n", (unsigned long long)totals.packets, (unsigned long long)totals.bytes);
  return result < 0 ? 1 : 0;
}
