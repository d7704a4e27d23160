/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A stranger to the source tree: feeds the handshake of RFC 9293 figure 6 and prints both states after each segment.
 */
#include <stdio.h>
#include <tcpstate/tcpstate.h>

static tcpstate_segment segment(uint8_t flags, int from_client, uint32_t seq, uint32_t ack)
{
  tcpstate_segment made = {.ip_version = 4, .flags = flags, .seq = seq, .ack = ack, .window = 65535};

  made.src[0] = made.dst[0] = 10;
  made.src[3] = from_client ? 1 : 2;
  made.dst[3] = from_client ? 2 : 1;
  made.src_port = from_client ? 40000 : 80;
  made.dst_port = from_client ? 80 : 40000;
  return made;
}

int main(void)
{
  tcpstate_tracker *tracker;
  const tcpstate_segment handshake[] = {
      segment(TCPSTATE_SYN, 1, 100, 0),
      segment(TCPSTATE_SYN | TCPSTATE_ACK, 0, 300, 101),
      segment(TCPSTATE_ACK, 1, 101, 301),
  };

  if (tcpstate_new(&tracker, NULL) != TCPSTATE_OK) {
    return 1;
  }
  for (size_t i = 0; i < sizeof handshake / sizeof handshake[0]; i++) {
    tcpstate_annotation annotation;

    if (tcpstate_feed(tracker, &handshake[i], &annotation) != TCPSTATE_OK) {
      return 1;
    }
    printf("%s %s\n", tcpstate_state_name(annotation.state[TCPSTATE_CLIENT]),
           tcpstate_state_name(annotation.state[TCPSTATE_SERVER]));
  }
  tcpstate_free(tracker);
  return 0;
}
