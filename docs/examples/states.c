/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * states FILE: every state change in a capture of plain IPv4 over Ethernet. libpcap reads, libtcpstate judges. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <tcpstate/tcpstate.h>

enum { ETHERNET = 14, IPV4_MIN = 20, PROTOCOL_TCP = 6 };

static unsigned word(const uint8_t *bytes)
{
  return (unsigned)(bytes[0] << 8 | bytes[1]);
}

/* From a frame to a segment; 0 if there is none in it. */
static int decode(const struct pcap_pkthdr *header, const uint8_t *frame, tcpstate_segment *segment)
{
  const uint8_t *ip = frame + ETHERNET;
  size_t captured;
  size_t ip_header;

  if (header->caplen < ETHERNET + IPV4_MIN || word(frame + 12) != 0x0800 || ip[9] != PROTOCOL_TCP) {
    return 0;
  }
  captured = header->caplen - ETHERNET;
  ip_header = (ip[0] & 0x0fu) * 4u;
  if (ip_header < IPV4_MIN || captured < ip_header || word(ip + 2) < ip_header) {
    return 0;
  }
  memset(segment, 0, sizeof *segment);
  segment->time_ns = header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec * INT64_C(1000);
  segment->ip_version = 4;
  memcpy(segment->src, ip + 12, 4);
  memcpy(segment->dst, ip + 16, 4);
  return tcpstate_segment_parse(segment, ip + ip_header, captured - ip_header, word(ip + 2) - ip_header) == TCPSTATE_OK;
}

static void print_changes(unsigned long frame, const tcpstate_annotation *annotation)
{
  for (unsigned role = TCPSTATE_CLIENT; role <= TCPSTATE_SERVER; role++) {
    if (annotation->state[role] != annotation->previous[role]) {
      printf("%lu #%u %s: %s > %s (%s)\n", frame, (unsigned)annotation->stream, tcpstate_role_name(role),
             tcpstate_state_name(annotation->previous[role]), tcpstate_state_name(annotation->state[role]),
             tcpstate_certainty_name(annotation->certainty[role]));
    }
  }
}

static int read_all(pcap_t *capture, tcpstate_tracker *tracker)
{
  struct pcap_pkthdr *header;
  const uint8_t *frame;
  unsigned long number = 0;
  int got;

  while ((got = pcap_next_ex(capture, &header, &frame)) == 1) {
    tcpstate_segment segment;
    tcpstate_annotation annotation;

    number++;
    if (!decode(header, frame, &segment)) {
      continue;
    }
    if (tcpstate_feed(tracker, &segment, &annotation) == TCPSTATE_OK) {
      print_changes(number, &annotation);
    } else {
      fprintf(stderr, "frame %lu: no room for another connection\n", number);
    }
  }
  return got == PCAP_ERROR_BREAK ? 0 : 1;
}

int main(int argc, char **argv)
{
  char error[PCAP_ERRBUF_SIZE];
  tcpstate_settings settings;
  tcpstate_tracker *tracker;
  pcap_t *capture;
  int status;

  if (argc != 2) {
    fprintf(stderr, "usage: states FILE\n");
    return 2;
  }
  capture = pcap_open_offline(argv[1], error);
  if (capture == NULL) {
    fprintf(stderr, "%s\n", error);
    return 3;
  }
  tcpstate_settings_init(&settings);
  settings.memory_limit = UINT64_C(64) << 20; /* oldest connections are given up beyond 64 MiB */
  if (tcpstate_new(&tracker, &settings) != TCPSTATE_OK) {
    pcap_close(capture);
    return 3;
  }
  status = read_all(capture, tracker);
  tcpstate_free(tracker);
  pcap_close(capture);
  return status;
}
